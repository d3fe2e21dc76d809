/** Playbooks as agents: they work in parallel on the same files, and their fold cannot conflict, since it is made anew. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { homelab } from '../../playbooks/sops-to-external-secrets/testing.js';
import type { Question } from '../../plan/question.js';
import type { AddressedQuestion } from '../../plan/status.js';
import { phaseStatusQuery } from '../../workflows/messages.js';
import { phaseId } from '../../workflows/ids.js';
import { Origin } from '../harness/origin.js';
import { aPlan } from '../harness/plans.js';
import { agreeable, Rig } from '../harness/rig.js';

const kustomization = (
  name: string,
  namespace: string,
  path: string,
): string => `apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata:
  name: ${name}
  namespace: ${namespace}
spec:
  interval: 10m
  path: ./${path}
  prune: true
  sourceRef:
    kind: GitRepository
    name: flux-system
    namespace: flux-system
`;

const release = (name: string): string => `apiVersion: helm.toolkit.fluxcd.io/v2
kind: HelmRelease
metadata:
  name: ${name}
spec:
  interval: 1h # keep
  chart:
    spec:
      chart: reloader
      version: 2.1.3
      sourceRef: { kind: HelmRepository, name: stakater, namespace: flux-system }
  install:
    remediation:
      retries: -1
`;

const files = {
  'cluster/ks.yaml': kustomization('apps', 'flux-system', 'apps'),
  'apps/kustomization.yaml': 'resources:\n  - web-ks.yaml\n  - repository.yaml\n',
  'apps/repository.yaml':
    'apiVersion: source.toolkit.fluxcd.io/v1\nkind: HelmRepository\nmetadata: { name: stakater, namespace: flux-system }\nspec: { interval: 1h, url: https://stakater.github.io/stakater-charts }\n',
  'apps/web-ks.yaml': kustomization('web', 'flux-system', 'web'),
  'web/release.yaml': release('web'),
  'web/namespace.yaml': 'apiVersion: v1\nkind: Namespace\nmetadata: { name: web }\n',
};

let rig: Rig;
beforeAll(async () => {
  rig = await Rig.start({ agents: ['P'] });
});
afterAll(async () => {
  await rig?.stop();
});

function playbookPlan() {
  const task = { agent: 'P', files: ['**/*.yaml', 'docs/**'], checks: [] };
  return aPlan()
    .phase('1', (phase) =>
      phase
        .task('1.1', { ...task, playbook: { name: 'flux-standardization' }, checks: ["! grep -rq 'retries: -1' web"] })
        .task('1.2', { ...task, playbook: { name: 'resource-limits' }, checks: ['grep -q limits: web/release.yaml'] }),
    )
    .with({ agents: { P: { kind: 'playbook', concurrency: 2 } } })
    .build();
}

test('two playbooks edit one release in parallel and land without a conflict, also on a head that moved', async () => {
  const origin = Origin.create(files);
  const handle = await rig.start(playbookPlan(), origin, { name: 'playbooks' });
  const asked = await rig.untilAsked(handle, ({ kind }) => kind === 'approval', 60_000);
  const phase = await rig.server.client.workflow.getHandle(phaseId('playbooks', '1')).query(phaseStatusQuery);
  expect(Object.values(phase.tasks).map(({ status }) => status)).toEqual(['ready', 'ready']);
  // Somebody adds an application while the candidate waits: the playbooks are carried out on that, too.
  origin.commit(
    {
      'apps/kustomization.yaml': 'resources:\n  - web-ks.yaml\n  - more-ks.yaml\n  - repository.yaml\n',
      'apps/more-ks.yaml': kustomization('more', 'flux-system', 'more'),
      'more/release.yaml': release('more'),
      'more/namespace.yaml': 'apiVersion: v1\nkind: Namespace\nmetadata: { name: more }\n',
    },
    'another application',
  );
  await rig.answer(asked, { action: 'approve', by: 'owner' });
  const again = await rig.untilAsked(handle, ({ kind, id }) => kind === 'approval' && id !== asked.id, 60_000);
  expect(again.subject).toBe(asked.subject);
  await rig.answer(again, { action: 'approve', by: 'owner' });
  expect((await rig.operate(handle, agreeable)).outcome).toBe('done');
  expect(origin.isLinear()).toBe(true);
  expect(origin.landed().slice(-2)).toEqual(['1.1: Task 1.1 [all]', '1.2: Task 1.2 [all]']);
  for (const name of ['web', 'more'])
    expect(origin.read(`${name}/release.yaml`)).toBe(
      release(name)
        .replace('1h # keep\n', '1h # keep\n  timeout: 10m\n')
        .replace('retries: -1', 'retries: 3')
        .concat(
          '  upgrade:\n    remediation:\n      retries: 3\n      strategy: rollback\n',
          '  values:\n    reloader:\n      deployment:\n        resources:\n          requests:\n            cpu: 5m\n            memory: 32Mi\n          limits:\n            memory: 128Mi\n',
        ),
    );
  origin.remove();
});

test('feedback on what a playbook wrote is put before a person at once, who mends it by hand', async () => {
  const origin = Origin.create(files);
  const plan = aPlan()
    .phase('1', (phase) =>
      phase.task('1.1', {
        agent: 'P',
        files: ['**/*.yaml', 'docs/**'],
        checks: [],
        playbook: { name: 'flux-standardization' },
      }),
    )
    .with({ agents: { P: { kind: 'playbook' } } })
    .build();
  const handle = await rig.start(plan, origin, { name: 'rejected' });
  const next = async (kind: Question['kind'], earlier?: AddressedQuestion): Promise<AddressedQuestion> =>
    rig.untilAsked(handle, (question) => question.kind === kind && question.id !== earlier?.id, 60_000);
  const reject = { action: 'reject', by: 'owner', comment: 'five times', tasks: ['1.1'] } as const;
  const first = await next('approval');
  await rig.answer(first, reject);
  const hold = await next('hold');
  expect(hold).toMatchObject({
    subject: 'task 1.1',
    why: 'owner rejected it: five times; playbook flux-standardization reads no feedback, so mend feature/1.1-r2 by hand, push, and say done',
    actions: ['retry', 'done', 'override', 'skip'],
  });
  const written = origin.read('web/release.yaml', 'feature/1.1-r2');
  expect(written).toContain('retries: 3');
  await rig.answer(hold, { action: 'done', by: 'owner' });
  const unchanged = await next('hold', hold);
  expect(unchanged.why).toBe('nothing has changed since it was sent back; push to feature/1.1-r2');
  const mended = written.replaceAll('retries: 3', 'retries: 5');
  // What the playbook would set again.
  const interval = origin.read('apps/web-ks.yaml', 'feature/1.1-r2').replace(/interval: .*/, 'interval: 7m');
  origin.commit({ 'web/release.yaml': mended, 'apps/web-ks.yaml': interval }, 'by hand', 'feature/1.1-r2');
  await rig.answer(unchanged, { action: 'done', by: 'owner' });
  const second = await next('approval', first);
  await rig.answer(second, reject);
  const again = await next('hold', unchanged);
  expect(again.why).toMatch(/^owner rejected it: five times; .* mend feature\/1.1-r3 by hand/);
  expect(origin.read('web/release.yaml', 'feature/1.1-r3'), 'not written over').toBe(mended);
  expect(origin.read('apps/web-ks.yaml', 'feature/1.1-r3'), 'not written over').toBe(interval);
  origin.commit({ 'docs/by-hand.md': 'why five\n' }, 'by hand', 'feature/1.1-r3');
  await rig.answer(again, { action: 'done', by: 'owner' });
  await rig.answer(await next('approval', second), { action: 'approve', by: 'owner' });
  expect((await rig.operate(handle, agreeable)).outcome).toBe('done');
  expect(origin.read('web/release.yaml')).toBe(mended);
  origin.remove();
});

test('what a playbook parted into stages lands in them, however often a person mends it by hand', async () => {
  const origin = Origin.create(homelab);
  const plan = aPlan()
    .phase('1', (phase) =>
      phase.task('1.1', {
        agent: 'P',
        files: ['**'],
        checks: [],
        playbook: { name: 'sops-to-external-secrets' },
      }),
    )
    .with({ agents: { P: { kind: 'playbook' } } })
    .build();
  const handle = await rig.start(plan, origin, { name: 'stages-by-hand' });
  let asked: AddressedQuestion | undefined;
  const next = async (kind: Question['kind']): Promise<AddressedQuestion> =>
    (asked = await rig.untilAsked(handle, (question) => question.kind === kind && question.id !== asked?.id, 60_000));
  for (const generation of [2, 3]) {
    await rig.answer(await next('approval'), { action: 'reject', by: 'owner', comment: 'say why', tasks: ['1.1'] });
    const hold = await next('hold');
    origin.commit({ [`docs/why-${generation}.md`]: 'since\n' }, 'by hand', `feature/1.1-r${generation}`);
    await rig.answer(hold, { action: 'done', by: 'owner' });
  }
  await rig.answer(await next('approval'), { action: 'approve', by: 'owner' });
  expect((await rig.operate(handle, agreeable)).outcome).toBe('done');
  expect(origin.landed()).toEqual(['all', 'expand', 'contract'].map((stage) => `1.1: Task 1.1 [${stage}]`));
  expect(origin.read('docs/why-3.md')).toBe('since\n');
  origin.remove();
});

test('a playbook that has nothing to do is put before a person at once, and not tried again and again', async () => {
  const origin = Origin.create({ 'README.md': 'no Flux here\n', 'docs/flux/standards.md': 'x\n' });
  const plan = aPlan()
    .phase('1', (phase) =>
      phase.task('1.1', {
        agent: 'P',
        files: ['README.md'],
        checks: [],
        playbook: { name: 'flux-standardization' },
      }),
    )
    .with({ agents: { P: { kind: 'playbook' } } })
    .build();
  const handle = await rig.start(plan, origin, { name: 'nothing-to-do' });
  const held = await rig.untilAsked(handle, ({ kind }) => kind === 'hold', 60_000);
  expect(held.why, 'no attempts are counted').toMatch(
    /^Changes stay inside the task's files: edited outside its files: docs\/flux\/standards\.md/,
  );
  await rig.answer(held, { action: 'skip', by: 'owner', comment: 'no Flux' });
  await rig.operate(handle, agreeable);
  origin.remove();
});
