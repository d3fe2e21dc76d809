/** What the rules of Flux count in the six repositories, beside the tables of the folder's README. */
import { describe, expect, test } from 'vitest';
import { type Finding, findingOf, inOrder } from '../../gitops/lint/finding.js';
import { readRepository } from '../../gitops/model/read-repository.js';
import type { Repository } from '../../gitops/model/repository.js';
import { rules } from '../../gitops/rules/registry.js';
import { homelabNames, missingData, treeOfFolders } from './homelab-trees.js';
import { ruleOf } from './replayed.js';

type Name = (typeof homelabNames)[number];

const repositories = new Map<Name, Repository>();

function found(name: Name, id: string, about = ''): readonly Finding[] {
  const repository = repositories.get(name) ?? readRepository(treeOfFolders([name]));
  repositories.set(name, repository);
  const rule = ruleOf(rules, id);
  const all = inOrder([...rule.check(repository)].map((draft) => findingOf(rule, draft)));
  return all.filter(({ subject }) => subject.startsWith(about));
}

const columns: readonly (readonly [string, string])[] = [
  ['missing-retry-interval', ''],
  ['missing-timeout', 'Kustomization'],
  ['missing-readiness', ''],
  ['dangling-depends-on', 'Kustomization'],
  ['retries-unlimited', ''],
  ['missing-timeout', 'HelmRelease'],
];

/** In effect, as the README has them. */
const table: Readonly<Record<Name, readonly number[]>> = {
  anton: [13, 9, 19, 2, 15, 21],
  onedr0p: [1, 0, 54, 0, 66, 64],
  buroa: [2, 2, 2, 0, 60, 59],
  'bjw-s': [86, 2, 74, 0, 0, 75],
  kashalls: [19, 0, 39, 0, 17, 63],
  toboshii: [11, 11, 6, 0, 0, 50],
};

/** The rules of builds and of Flux that report errors. */
const ofFlux = [
  'duplicate-object',
  'build-fails',
  'kustomize-cycle',
  'namespace-undeclared',
  'missing-path',
  'missing-source',
  'wrong-source-kind',
  'dangling-depends-on',
  'cyclic-depends-on',
  'missing-substitute-from',
  'missing-values-file',
  'api-version-not-served',
  'chart-not-given',
];

describe.skipIf(missingData !== '')(`the six repositories${missingData}`, () => {
  test.each(homelabNames)('%s: the row of the table', (name) => {
    expect(columns.map(([id, about]) => found(name, id, about).length)).toEqual(table[name]);
  });

  test('anton: 18 applications without readiness, 7 without timeout; wait beside healthChecks in 6', () => {
    const ofApps = (id: string) =>
      found('anton', id, 'Kustomization').filter(({ file }) => file.startsWith('kubernetes/apps/'));
    expect(ofApps('missing-readiness')).toHaveLength(18);
    expect(ofApps('missing-timeout')).toHaveLength(7);
    expect(ofApps('wait-ignores-health-checks')).toHaveLength(6);
  });

  test('errors: what is not there, and nothing else', () => {
    const errors = (name: Name): readonly string[] =>
      ofFlux
        .flatMap((id) => found(name, id))
        .filter(({ severity }) => severity === 'error')
        .map(({ rule, subject }) => `${rule} ${subject}`);
    expect(errors('anton')).toEqual([
      'dangling-depends-on Kustomization external-secrets/onepassword-connect',
      'dangling-depends-on Kustomization monitoring/kube-prometheus-stack',
    ]);
    expect(errors('toboshii')).toEqual([
      'missing-source HelmRelease monitoring/node-problem-detector',
      'dangling-depends-on HelmRelease monitoring/vector-aggregator',
    ]);
    for (const name of ['bjw-s', 'buroa', 'kashalls', 'onedr0p'] as const) expect(errors(name)).toEqual([]);
  });

  test('files that generators take and the data has not: scripts, dashboards, settings', () => {
    const counts = homelabNames.map((name) => [name, found(name, 'missing-resource').length]);
    expect(Object.fromEntries(counts)).toEqual({
      anton: 0,
      'bjw-s': 3,
      buroa: 4,
      kashalls: 5,
      onedr0p: 7,
      toboshii: 12,
    });
    const all = homelabNames.flatMap((name) => found(name, 'missing-resource'));
    expect(all.filter(({ message }) => !/^(?:configMap|secret)Generator lists /.test(message))).toEqual([]);
  });
});
