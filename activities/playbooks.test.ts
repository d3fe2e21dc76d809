/** A playbook's work on a branch and in a fold: where it is written, and what stays of the files that it edits. */
import { chmodSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { changesBetween, treeOf, treeWith } from '../git/commit.js';
import { fetchMirror, type Mirror, openMirror } from '../git/mirror.js';
import { runGit } from '../git/run.js';
import { commitWork, withWorkTree } from '../git/work-tree.js';
import { Task } from '../plan/schema.js';
import { ActivityRig } from '../test/harness/activities.js';
import { listing, stamp } from '../test/harness/mirror.js';
import { rerunner } from './playbooks.js';

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
  expect(await treeWith(mirror, tree, again)).toBe(await treeOf(mirror, made.head));
});
