/** The built-in check, as a round of checks makes it: what a commit brings, not what was there. */
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Verdict } from '../gates/verdict.js';
import { staticChecksOf } from '../plan/proofs.js';
import { ActivityRig } from '../test/harness/activities.js';

const kustomization = (name: string, dependsOn?: string): string => `apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata:
  name: ${name}
  namespace: flux-system
spec:
  interval: 10m
  timeout: 5m
  path: ./${name}
  prune: true${dependsOn ? `\n  dependsOn:\n    - name: ${dependsOn}` : ''}
  sourceRef:
    kind: GitRepository
    name: flux-system
`;

const namespace = (name: string): string => `apiVersion: v1\nkind: Namespace\nmetadata:\n  name: ${name}\n`;
const twoDangling = {
  'cluster/one.yaml': kustomization('one', 'nowhere'),
  'cluster/two.yaml': kustomization('two', 'nowhere'),
  'one/a.yaml': namespace('one'),
  'two/a.yaml': namespace('two'),
};

let rig: ActivityRig;
beforeEach(async () => {
  rig = await ActivityRig.of({
    'cluster/apps.yaml': kustomization('apps', 'was-gone-before'),
    'apps/a.yaml': namespace('a'),
  });
});
afterEach(() => rig.remove());

let rounds = 0;
async function verdictOn(files: Readonly<Record<string, string>>, at = Date.UTC(2026, 0, 1)): Promise<Verdict> {
  const base = rig.origin.head();
  const commit = rig.origin.commit(files, 'work', 'feature/1.1');
  const checks = staticChecksOf({ lint: true, staticChecks: [] });
  const key = `round-${++rounds}`;
  const request = { rollout: rig.rollout, writer: 'task-1.1', key, base, commit, checks, at };
  return (await rig.run(rig.activities.runChecks, request)).verdicts[0]!;
}

test('passes what brings no error, whatever was wrong before', async () => {
  const verdict = await verdictOn({ 'apps/a.yaml': namespace('b') });
  expect(verdict).toMatchObject({ id: 'joinpoint-lint', status: 'passed' });
});

test('fails a new error with its file, line and rule, and counts the others', async () => {
  const verdict = await verdictOn(twoDangling);
  expect(verdict.status).toBe('failed');
  expect(verdict.why).toMatch(/^cluster\/one\.yaml:12:\d+ dangling-depends-on .* \(and 1 more\)$/);
  expect(verdict.excerpt).toMatch(/^cluster\/two\.yaml:12:\d+ dangling-depends-on /m);
  expect(verdict.excerpt).not.toContain('was-gone-before');
});

test('what a message quotes of a file is redacted', async () => {
  const { status, why, excerpt } = await verdictOn({ 'apps/kustomization.yaml': 'resources: [password=hunter2]\n' });
  expect(status).toBe('failed');
  expect(why).toMatch(/^apps\/kustomization\.yaml:1:13 missing-resource /);
  expect(`${why}${excerpt}`).not.toContain('hunter2');
});

test('is silent of a new warning', async () => {
  const verdict = await verdictOn({ 'cluster/apps.yaml': kustomization('apps').replace('  timeout: 5m\n', '') });
  expect(verdict.status).toBe('passed');
});

test('an acceptance counts through its day, by the time of the round', async () => {
  const reason = '    # joinpoint:accept dangling-depends-on until 2026-02-01: made by hand\n';
  const accepted = Object.fromEntries(
    Object.entries(twoDangling).map(([path, text]) => [path, text.replace('    - name: nowhere', `${reason}$&`)]),
  );
  expect((await verdictOn(accepted)).status).toBe('passed');
  expect((await verdictOn(accepted, Date.UTC(2026, 1, 2))).status).toBe('failed');
});

test('a plan may turn it off', () => {
  expect(staticChecksOf({ lint: false, staticChecks: [] })).toEqual([]);
});
