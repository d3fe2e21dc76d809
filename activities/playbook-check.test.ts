/** A playbook as a proof: what it is for, judged at a commit, whoever did the work. */
import { afterEach, expect, test } from 'vitest';
import type { Verdict } from '../gates/verdict.js';
import { proofsOf } from '../plan/proofs.js';
import { ActivityRig } from '../test/harness/activities.js';

const standard = `apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata:
  name: apps
  namespace: flux-system
spec:
  interval: 5m
  retryInterval: 2m
  timeout: 10m
  wait: true
  path: ./apps
  prune: true
  sourceRef:
    kind: GitRepository
    name: flux-system
`;
const namespace = 'apiVersion: v1\nkind: Namespace\nmetadata:\n  name: apps\n';

let rig: ActivityRig | undefined;
afterEach(() => {
  rig?.remove();
  rig = undefined;
});

async function verdictOn(before: string, after: string, given: Record<string, unknown> = {}): Promise<Verdict> {
  rig = await ActivityRig.of({ 'cluster/apps.yaml': before, 'apps/namespace.yaml': namespace });
  const base = rig.origin.head();
  const commit = rig.origin.commit({ 'cluster/apps.yaml': after, 'README.md': 'work\n' }, 'work', 'feature/1.1');
  const { checks } = proofsOf(
    [{ title: 'One convention', playbook: { name: 'flux-standardization', with: given } }],
    'c',
  );
  const request = { rollout: rig.rollout, writer: 'join-1', key: 'k', base, commit, checks, at: Date.UTC(2026, 0, 1) };
  return (await rig.run(rig.activities.runChecks, request)).verdicts[0]!;
}

const bare = standard.replace('  timeout: 10m\n', '').replace('  wait: true\n', '');

test('passes where all holds that did not hold before', async () => {
  expect(await verdictOn(bare, standard)).toMatchObject({ id: 'c1', status: 'passed', why: 'passed' });
});

test('says so where it held already', async () => {
  expect(await verdictOn(standard, standard)).toMatchObject({ status: 'passed', note: 'provesNothing' });
});

test('fails with the place of each thing that is lacking', async () => {
  const { status, why, excerpt } = await verdictOn(standard, bare);
  expect(status).toBe('failed');
  expect(why).toMatch(/ \(and 1 more\)$/);
  expect(excerpt).toMatch(/^cluster\/apps\.yaml:6:1 missing-timeout Kustomization flux-system\/apps: /m);
  expect(excerpt).toMatch(/^cluster\/apps\.yaml:6:1 missing-readiness Kustomization flux-system\/apps: /m);
});

test('takes the parameters of the plan', async () => {
  const classes = [{ name: 'all', namespaces: [], intervals: ['1h'] }];
  expect((await verdictOn(bare, standard, { classes })).excerpt).toMatch(
    /interval 5m is not of class all, which has 1h/,
  );
});

test('shows people the command that says the same', () => {
  const use = { name: 'resource-limits', with: { documents: "it's" } };
  expect(proofsOf([{ title: 'x', playbook: use }], 'c').checks[0]!.run).toBe(
    String.raw`joinpoint playbook check resource-limits --with '{"documents":"it'\''s"}'`,
  );
});
