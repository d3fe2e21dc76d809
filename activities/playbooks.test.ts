/** A playbook's work on a branch and in a fold: where it is written, and what stays of the files that it edits. */
import { chmodSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { changesBetween, treeOf, treeWith } from '../git/commit.js';
import { fetchMirror, type Mirror, openMirror } from '../git/mirror.js';
import { runGit } from '../git/run.js';
import { commitWork, withWorkTree } from '../git/work-tree.js';
import { Task } from '../plan/schema.js';
import { aPlaybook } from '../playbooks/testing.js';
import type { PlaybookStage } from '../playbooks/playbook.js';
import { ActivityRig } from '../test/harness/activities.js';
import { listing, stamp } from '../test/harness/mirror.js';
import { foldUnits } from '../workflows/fold-units.js';
import type { AttemptResult } from './attempts.js';
import { rerunner } from './playbooks.js';
import type * as Required from './require-playbook.js';

const kustomization = (name: string): string => `apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata:
  name: ${name}
  namespace: flux-system
spec:
  interval: 5m
  path: ./apps
  prune: true
  sourceRef:
    kind: GitRepository
    name: flux-system
`;

/** Two stages: a line in each of the folder's files, then another one. */
const stageOf = (name: string): PlaybookStage<unknown, unknown> => ({
  name,
  work: ({ tree }) => ({
    notes: [],
    steps: tree.paths
      .filter((path) => path.startsWith('moved/'))
      .map((file) => ({
        what: `${name} ${file}`,
        file,
        change: { kind: 'edit', edits: [{ op: 'set', document: 0, path: ['data', name], value: 1 }] },
      })),
  }),
});
const inTwoStages = aPlaybook(stageOf('expand'), stageOf('contract'));
vi.mock('./require-playbook.js', async (original) => {
  const { requirePlaybook } = await original<typeof Required>();
  return {
    requirePlaybook: (use: Parameters<typeof requirePlaybook>[0]) =>
      use.name === 'in-two-stages' ? { playbook: inTwoStages, parameters: {} } : requirePlaybook(use),
  };
});

let rig: ActivityRig;
let mirror: Mirror;
let head: string;
beforeEach(async () => {
  rig = await ActivityRig.of({ 'apps/namespace.yaml': 'apiVersion: v1\nkind: Namespace\nmetadata:\n  name: apps\n' });
  mirror = await openMirror(rig.home, rig.origin.url);
  await fetchMirror(mirror);
  head = await withWorkTree(mirror, rig.origin.head(), 'test', async (dir) => {
    for (const folder of ['cluster', 'kept/folder', 'kept/docs']) mkdirSync(join(dir, folder), { recursive: true });
    writeFileSync(join(dir, 'cluster/run.yaml'), kustomization('run'));
    chmodSync(join(dir, 'cluster/run.yaml'), 0o755);
    writeFileSync(join(dir, 'kept/file.tmpl'), kustomization('file'));
    symlinkSync('../kept/file.tmpl', join(dir, 'cluster/file.yaml'));
    writeFileSync(join(dir, 'kept/folder/a.yaml'), kustomization('a'));
    symlinkSync('../kept/folder', join(dir, 'cluster/folder'));
    writeFileSync(join(dir, 'kept/docs/README.md'), '# Docs\n');
    symlinkSync('kept/docs', join(dir, 'docs'));
    const commit = await commitWork(dir, 'links\n', 'Somebody', stamp.at);
    await runGit(dir, ['push', '--quiet', rig.origin.url, `${commit}:refs/heads/feature/1.1`]);
    return commit;
  });
});
afterEach(() => rig.remove());

const playbook = { name: 'flux-standardization', with: {} };

test('a file keeps its mode, and a link stays: what it leads to is edited, in a fold as on the branch', async () => {
  const task = Task.parse({ id: '1.1', title: 'Task', agent: 'A', branch: 'feature/1.1', files: ['**'], playbook });
  const request = { agentName: 'A', branch: { branch: task.branch, base: head }, generation: 1, attempt: 1 };
  const made = await rig.run(rig.activities.runPlaybook, {
    ...request,
    rollout: rig.rollout,
    task,
    playbook,
    head,
    at: 0,
  });
  expect(made).toMatchObject({ status: 'finished', why: '' });
  const changed = await changesBetween(mirror, head, made.head);
  expect(changed.map(({ path }) => path)).toEqual([
    'cluster/run.yaml',
    'kept/docs/flux/standards.md',
    'kept/file.tmpl',
    'kept/folder/a.yaml',
  ]);
  const modes = Object.entries(await listing(mirror, made.head)).map(([path, entry]) => [path, entry.split(' ')[0]]);
  expect(Object.fromEntries(modes)).toMatchObject({
    'cluster/run.yaml': '100755',
    'cluster/file.yaml': '120000',
    'cluster/folder': '120000',
    docs: '120000',
    'kept/file.tmpl': '100644',
  });

  const unit = { task: '1.1', title: 'Task', author: 'A', needs: [], base: head, head: made.head, n: 1 };
  const tree = await treeOf(mirror, head);
  const again = await rerunner(mirror, rig.rollout.uid)(
    { ...unit, playbook: { ...playbook, generation: 1 } },
    undefined,
    tree,
  );
  if ('refused' in again) throw new Error(again.refused);
  expect(await treeWith(mirror, tree, again)).toBe(await treeOf(mirror, made.head));
});

describe('a playbook in two stages', () => {
  const twoStages = { name: 'in-two-stages', with: {} };
  const task = Task.parse({
    id: '2.1',
    title: 'Task',
    agent: 'P',
    branch: 'feature/2.1',
    files: ['**'],
    playbook: twoStages,
  });
  const file = 'kind: ConfigMap\ndata:\n  a: 1\n';
  const done = `${file}  expand: 1\n  contract: 1\n`;

  beforeEach(() => void rig.origin.commit({ 'moved/a.yaml': file }, 'start'));

  type Replay = Parameters<typeof rig.activities.createBranch>[0]['replay'];
  async function branchOf(generation: number, replay?: Replay) {
    const { rollout } = rig;
    const { id, title, branch } = task;
    const request = { rollout, task: id, title, author: 'Agent P', branch, generation, stackOn: [], at: 0 };
    return rig.run(rig.activities.createBranch, { ...request, ...(replay && { replay }) });
  }
  function attempt(
    branch: Awaited<ReturnType<typeof branchOf>>,
    from: string,
    { generation = 1, attempt: nth = 1 } = {},
  ): Promise<AttemptResult> {
    const { rollout } = rig;
    const made = { rollout, task, agentName: 'P', playbook: twoStages, branch, head: from, at: 0 };
    return rig.run(rig.activities.runPlaybook, { ...made, generation, attempt: nth });
  }
  /** The stages in which it would land as commits that are replayed, and what each leaves of the file. */
  async function waves(base: string, work: string, later: AttemptResult['later']) {
    const made = { branch: task.branch, base, head: work, generation: 1, ...(later && { later }) };
    const outcome = await fold(foldUnits([{ task, work: made }], 1));
    if (outcome.status !== 'folded') throw new Error('conflict');
    const texts = outcome.candidate.waves.map(async ({ stage, commits }) => {
      const { stdout } = await runGit(mirror.dir, ['show', `${commits.at(-1)!.commit}:moved/a.yaml`]);
      return [stage, stdout] as const;
    });
    return Object.fromEntries(await Promise.all(texts));
  }
  let folds = 0;
  const fold = (units: ReturnType<typeof foldUnits>) => {
    const request = { rollout: rig.rollout, writer: 'join-2', key: `${++folds}`, units, stages: [], landed: [], at: 0 };
    return rig.run(rig.activities.foldCandidate, request);
  };
  const parted = { all: `${file}  expand: 1\n`, contract: done };

  test('lands in both, also where a second attempt found all of it done', async () => {
    const branch = await branchOf(1);
    const first = await attempt(branch, branch.head);
    expect(await waves(branch.base, first.head, first.later)).toEqual(parted);
    const second = await attempt(branch, first.head, { attempt: 2 });
    expect(second).toMatchObject({ status: 'finished', head: first.head, later: first.later });
    expect(second.isMixed).toBeUndefined();
    expect(await attempt(branch, first.head, { attempt: 4 }), 'attempt 3 left no record').toEqual(second);
    const byHand = rig.origin.commit({ 'moved/a.yaml': `${done}  hand: 1\n` }, 'by hand', 'feature/2.1');
    expect(await waves(branch.base, byHand, second.later)).toEqual({ ...parted, contract: `${done}  hand: 1\n` });
  });

  test('lands in both, also in the next generation, which knows what is not its own', async () => {
    const branch = await branchOf(1);
    const { head: first, later } = await attempt(branch, branch.head);
    const byHand = rig.origin.commit({ 'hand.txt': 'by hand\n' }, 'by hand', 'feature/2.1');
    rig.origin.commit({ 'other.txt': 'theirs\n' }, 'theirs');
    for (const [generation, work, isMixed] of [
      [2, first, undefined],
      [3, byHand, true],
    ] as const) {
      const next = await branchOf(generation, { base: branch.base, head: work, ...(later && { later }) });
      const made = await attempt(next, next.head, { generation });
      expect(made).toMatchObject({ status: 'finished', head: next.head });
      expect(made.isMixed).toBe(isMixed);
      expect(await waves(next.base, made.head, made.later)).toEqual(parted);
    }
  });

  test('sends its task back with the reason where the target has moved to what it cannot edit', async () => {
    const branch = await branchOf(1);
    const made = await attempt(branch, branch.head);
    rig.origin.commit({ 'moved/a.yaml': 'kind: ConfigMap\ndata: [no, map]\n' }, 'a bot');
    const work = { branch: task.branch, base: branch.base, head: made.head, generation: 1, byPlaybook: true };
    expect(await fold(foldUnits([{ task, work }], 1))).toMatchObject({
      status: 'conflict',
      task: '2.1',
      onto: rig.origin.head(),
      why: expect.stringMatching(/^expand moved\/a\.yaml: moved\/a\.yaml:2:\d+ cannot be edited, /),
    });
  });
});
