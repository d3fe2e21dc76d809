/** Work that lands: what does not fit together is sent back before it lands, and landings of one target take turns. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { RolloutHandle } from '../../client/start-rollout.js';
import type { Plan } from '../../plan/schema.js';
import { pauseUpdate, resumeUpdate } from '../../workflows/messages.js';
import { Origin } from '../harness/origin.js';
import { aPlan, type PhaseBuilder } from '../harness/plans.js';
import { agreeable, Rig } from '../harness/rig.js';

let rig: Rig;
beforeAll(async () => {
  rig = await Rig.start();
});
afterAll(async () => {
  await rig?.stop();
});

let origin: Origin;
/** Outside the repository: agents leave their briefs here, and its files make a gate wait or fail. */
let desk: string;
beforeEach(() => {
  origin = Origin.create({
    'apps/service.yaml': 'name: web\n',
    'apps/ingress.yaml': 'to: web\n',
    'apps/replicas.yaml': 'replicas: 1\n',
  });
  desk = mkdtempSync(join(tmpdir(), 'joinpoint-desk-'));
});
afterEach(() => {
  origin.remove();
  rmSync(desk, { recursive: true, force: true });
});

const namespace = (name: string): string => `apiVersion: v1\nkind: Namespace\nmetadata:\n  name: ${name}\n`;
const kustomization = (name: string): string => `apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata:
  name: ${name}
  namespace: flux-system
spec:
  interval: 10m
  timeout: 5m
  path: ./of-${name}
  prune: true
  sourceRef:
    kind: GitRepository
    name: flux-system
`;

let runs = 0;
const freshName = (): string => `landing-${++runs}`;

const set = (flag: string): void => writeFileSync(join(desk, flag), '');
const clear = (flag: string): void => rmSync(join(desk, flag), { force: true });

/** What an agent was last told; its script keeps it with `keepBrief`. */
const keepBrief = (task: string): string => `cp "$JOINPOINT_TASK_FILE" ${desk}/brief-${task}.json`;
const lastBrief = (task: string) =>
  JSON.parse(readFileSync(join(desk, `brief-${task}.json`), 'utf8')) as {
    readonly branch: string;
    readonly feedback: readonly string[];
  };

/** Every state that main ever had, oldest first. */
const statesOfMain = (): readonly string[] => origin.git('rev-list', '--reverse', 'main').split('\n').filter(Boolean);

describe('work that does not fit together', () => {
  const everyReferenceHasItsService =
    'for to in $(sed -n "s/^to: //p" apps/*.yaml); do grep -qx "name: $to" apps/service.yaml || { echo "nothing is named $to"; exit 1; }; done';

  function isWhole(commit: string): boolean {
    const { length } = origin.git('grep', '-h', '^to: ', commit).split('\n').filter(Boolean);
    const name = origin.read('apps/service.yaml', commit).trim().replace('name: ', '');
    return origin.git('grep', '-h', `^to: ${name}$`, commit).split('\n').filter(Boolean).length === length;
  }

  test.each([
    ['a static check', { staticChecks: [{ name: 'whole', run: everyReferenceHasItsService }] }, []],
    ['what the other one has to prove', {}, [everyReferenceHasItsService]],
  ])(
    'two clean diffs that are wrong together are caught by %s, and the culprit mends its own on top of the other',
    async (_, extra, checksOfTheRenaming) => {
      const plan = aPlan()
        .script('1.1', 'sed -i "s/web/shop/" apps/service.yaml apps/ingress.yaml')
        .script(
          '1.2',
          `${keepBrief('1.2')}; to=web; grep -q "nothing is named web" "$JOINPOINT_TASK_FILE" && to=$(sed -n "s/^name: //p" apps/service.yaml); echo "to: $to" > apps/route.yaml`,
        )
        .phase('1', (phase) =>
          phase
            .task('1.1', {
              files: ['apps/**'],
              checks: ['grep -qx "name: shop" apps/service.yaml', ...checksOfTheRenaming],
            })
            .task('1.2', { files: ['apps/**'], checks: ['test -f apps/route.yaml'] }),
        )
        .with(extra)
        .build();
      const result = await rig.operate(await rig.start(plan, origin, { name: freshName() }));
      expect(result.outcome).toBe('done');
      const { branch, feedback } = lastBrief('1.2');
      expect(branch).toBe('feature/1.2-r2');
      expect(feedback).toEqual([expect.stringMatching(/together with 1\.1 [^]*nothing is named web/)]);
      expect(origin.refs('refs/heads/feature/')).not.toContain('refs/heads/feature/1.1-r2');
      expect(origin.landed()).toEqual(['1.1: Task 1.1 [all]', '1.2: Task 1.2 [all]']);
      expect(origin.read('apps/route.yaml')).toBe('to: shop\n');
      expect(statesOfMain().filter((commit) => !isWhole(commit))).toEqual([]);
    },
  );

  test('two clean diffs that only the linter sees to be wrong together are caught by it on the candidate', async () => {
    origin.commit(
      {
        'cluster/web.yaml': kustomization('web'),
        'of-web/a.yaml': namespace('web'),
        'of-api/a.yaml': namespace('api'),
      },
      'Flux',
    );
    const dependsOn = `d=web; grep -q dangling-depends-on "$JOINPOINT_TASK_FILE" && d=shop; printf '  dependsOn:\\n    - name: %s\\n' $d >> cluster/api.yaml`;
    const plan = aPlan()
      .script('1.1', 'sed -i "s/name: web/name: shop/" cluster/web.yaml')
      .script(
        '1.2',
        `${keepBrief('1.2')}; printf '${kustomization('api').replaceAll('\n', '\\n')}' > cluster/api.yaml; ${dependsOn}`,
      )
      .phase('1', (phase) =>
        phase
          .task('1.1', { files: ['cluster/**'], checks: ['grep -q shop cluster/web.yaml'] })
          .task('1.2', { files: ['cluster/**'], checks: ['test -f cluster/api.yaml'] }),
      )
      .build();
    const result = await rig.operate(await rig.start(plan, origin, { name: freshName() }));
    expect(result.outcome).toBe('done');
    expect(lastBrief('1.2').feedback).toEqual([
      expect.stringMatching(/together with 1\.1 [^]*cluster\/api\.yaml:\d+:\d+ dangling-depends-on/),
    ]);
    expect(origin.read('cluster/api.yaml')).toContain('- name: shop');
  });

  test('a conflict at the fold goes back to its agent as feedback, and is done again on top of what it conflicts with', async () => {
    const plan = aPlan()
      .script('1.1', 'echo "replicas: 2" > apps/replicas.yaml')
      .script(
        '1.2',
        `${keepBrief('1.2')}; echo "replicas: $(($(sed -n "s/^replicas: //p" apps/replicas.yaml) + 5))" > apps/replicas.yaml`,
      )
      .phase('1', (phase) =>
        phase
          .task('1.1', { files: ['apps/**'], checks: ['! grep -qx "replicas: 1" apps/replicas.yaml'] })
          .task('1.2', { files: ['apps/**'], checks: ['! grep -qx "replicas: 1" apps/replicas.yaml'] }),
      )
      .build();
    const result = await rig.operate(await rig.start(plan, origin, { name: freshName() }));
    expect(result.outcome).toBe('done');
    expect(origin.read('apps/replicas.yaml', 'feature/1.2')).toBe('replicas: 6\n');
    expect(lastBrief('1.2').feedback).toEqual([
      expect.stringContaining('your work conflicts with what lands before it, in apps/replicas.yaml'),
      expect.stringContaining('your earlier work no longer fits in apps/replicas.yaml'),
    ]);
    const replicas = statesOfMain().map((commit) => origin.read('apps/replicas.yaml', commit).trim());
    expect(replicas).toEqual(['replicas: 1', 'replicas: 2', 'replicas: 7']);
  });
});

describe('several rollouts on one target', () => {
  /** A task that lands in two stages, under a name of its own. */
  function ownPlan(task: string, fill: (phase: PhaseBuilder) => PhaseBuilder = (phase) => phase): Plan {
    return aPlan()
      .script(task, `echo x > apps/${task}; mkdir -p core; echo x > core/${task}`)
      .phase('1', (phase) =>
        fill(
          phase
            .task(task, { files: ['**'], checks: [`test -f core/${task}`] })
            .with({ stages: [{ name: 'apps', paths: ['apps/**'] }, { name: 'core' }] }),
        ),
      )
      .build();
  }

  const landedBy = (task: string): readonly string[] => [
    `${task}: Task ${task} [apps]`,
    `${task}: Task ${task} [core]`,
  ];

  const waitsWhileFlagged = (flag: string) => (phase: PhaseBuilder) =>
    phase.with({ gates: [{ name: 'live', run: `while [ -f ${desk}/${flag} ]; do sleep 0.1; done` }] });
  const failsWhileFlagged = (flag: string) => (phase: PhaseBuilder) =>
    phase.with({ onFailure: 'hold', gates: [{ name: 'live', run: `test ! -f ${desk}/${flag}` }] });

  const statuses = async (handle: RolloutHandle): Promise<readonly string[]> =>
    ((await rig.view(handle)).phase?.reports ?? []).map(({ status }) => status);
  const waiting = async (handle: RolloutHandle): Promise<string | undefined> =>
    (await statuses(handle)).find((status) => status.startsWith('waits for the lock'));

  async function approved(handle: RolloutHandle): Promise<void> {
    const approval = await rig.untilAsked(handle, ({ kind }) => kind === 'approval', 60_000);
    await rig.answer(approval, agreeable(approval)!);
  }

  test('land one after the other, whole and linear, and say meanwhile for what they wait', async () => {
    const names = ['a', 'b', 'c'];
    const handles = await Promise.all(
      names.map((name) => rig.start(ownPlan(name, waitsWhileFlagged('wait')), origin, { name })),
    );
    await Promise.all(handles.map((handle) => rig.untilAsked(handle, ({ kind }) => kind === 'approval', 60_000)));
    set('wait');
    await Promise.all(handles.map(approved));
    const whoWaits = async () => (await Promise.all(handles.map(waiting))).map((status) => status !== undefined);
    await expect.poll(async () => (await whoWaits()).filter(Boolean).length, { timeout: 60_000 }).toBe(2);
    const holder = names[(await whoWaits()).indexOf(false)]!;
    await expect.poll(() => origin.landed(), { timeout: 60_000 }).toEqual(landedBy(holder).slice(0, 1));
    clear('wait');
    const results = await Promise.all(handles.map((handle) => rig.operate(handle)));
    expect(results.map(({ outcome }) => outcome)).toEqual(['done', 'done', 'done']);
    expect(origin.isLinear()).toBe(true);
    const landed = origin.landed();
    const inTurn = [0, 2, 4].map((at) => landed[at]!.charAt(0));
    expect(inTurn[0]).toBe(holder);
    expect(inTurn.toSorted()).toEqual(names);
    expect(landed).toEqual(inTurn.flatMap(landedBy));
  });

  test.each(['retry', 'override'] as const)(
    'a held landing keeps the lock, and who waits for it is shown so, until the %s',
    async (action) => {
      const held = await rig.start(ownPlan('a', failsWhileFlagged('broken')), origin, { name: `held-${action}` });
      await rig.untilAsked(held, ({ kind }) => kind === 'approval', 60_000);
      set('broken');
      await approved(held);
      const hold = await rig.untilAsked(held, ({ kind }) => kind === 'hold', 60_000);
      expect(hold).toMatchObject({ subject: 'landing of join point of phase 1', why: expect.stringContaining('live') });
      const other = await rig.start(ownPlan('b'), origin, { name: `behind-${action}` });
      await approved(other);
      await expect
        .poll(() => waiting(other), { timeout: 60_000 })
        .toBe(`waits for the lock: landing of join point of phase 1 of rollout held-${action} holds main`);
      expect(origin.landed()).toEqual(landedBy('a').slice(0, 1));
      if (action === 'retry') clear('broken');
      await rig.answer(hold, { action, by: 'owner', comment: 'looked at it' });
      if (action === 'override') clear('broken');
      const results = await Promise.all([rig.operate(held), rig.operate(other)]);
      expect(results.map(({ outcome }) => outcome)).toEqual(['done', 'done']);
      expect(origin.landed()).toEqual([...landedBy('a'), ...landedBy('b')]);
      expect(origin.isLinear()).toBe(true);
    },
  );

  test('a held landing takes no answer that is meant for another rollout, nor one that names none', async () => {
    const held = await rig.start(ownPlan('a', failsWhileFlagged('broken')), origin, { name: 'held-alone' });
    await rig.untilAsked(held, ({ kind }) => kind === 'approval', 60_000);
    set('broken');
    await approved(held);
    const hold = await rig.untilAsked(held, ({ kind }) => kind === 'hold', 60_000);
    const landing = rig.server.client.workflow.getHandle(hold.workflowId);
    const said = { by: 'ann', comment: 'of my own landing' };
    const { uid } = (await rig.view(held)).rollout;
    await landing.signal('override', said);
    await landing.signal('override', { ...said, uid: 'another' });
    for (const [answer, why] of [
      [said, `names no rollout, and other rollouts land here too; give it "uid": "${uid}"`],
      [{ ...said, uid: 'another', question: hold.id }, 'is of another rollout than the message'],
    ] as const)
      await expect(landing.executeUpdate('override', { args: [answer] })).rejects.toMatchObject({
        cause: { message: expect.stringContaining(why) },
      });
    expect((await rig.questions(held)).map(({ id }) => id)).toEqual([hold.id]);
    await landing.signal('override', { ...said, uid });
    clear('broken');
    expect((await rig.operate(held)).outcome).toBe('done');
  });

  test('one that is paused while it waits for the lock lands nothing and lets others pass, until it is resumed', async () => {
    const first = await rig.start(ownPlan('a', waitsWhileFlagged('wait')), origin, { name: 'before-pause' });
    await rig.untilAsked(first, ({ kind }) => kind === 'approval', 60_000);
    set('wait');
    await approved(first);
    await expect.poll(() => origin.landed(), { timeout: 60_000 }).toHaveLength(1);
    const paused = await rig.start(ownPlan('b'), origin, { name: 'paused-behind' });
    await approved(paused);
    await expect.poll(() => waiting(paused), { timeout: 60_000 }).toBeDefined();
    await paused.executeUpdate(pauseUpdate, { args: [{ by: 'owner' }] });
    clear('wait');
    await rig.operate(first);
    await expect.poll(() => statuses(paused), { timeout: 30_000 }).toContain('paused, before it takes the lock');
    const third = await rig.start(ownPlan('c'), origin, { name: 'past-the-paused' });
    await rig.operate(third);
    expect(origin.landed()).toEqual([...landedBy('a'), ...landedBy('c')]);
    await paused.executeUpdate(resumeUpdate, { args: [{ by: 'owner' }] });
    expect((await rig.operate(paused)).outcome).toBe('done');
    expect(origin.landed()).toEqual([...landedBy('a'), ...landedBy('c'), ...landedBy('b')]);
  });
});
