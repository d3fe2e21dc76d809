import { expect, test } from 'vitest';
import { cluster, release } from '../rules/testing-cluster.js';
import { stateOf } from './state-of-release.js';
import { repositoryOf } from './testing.js';

function consequence(chart: string, values: string): string | undefined {
  const [found] = repositoryOf(cluster({ 'apps/a.yaml': release(chart, '1.0.0', values) })).flux.helmReleases;
  return stateOf(found!)?.consequence;
}

const claims = (...paths: readonly string[]) =>
  `the claims that it makes are deleted, with their data (values ${paths.join(', ')})`;

test.each([
  ['switched on', 'any', 'volume: { enabled: true, size: 4Gi }\n', 'volume'],
  ['with a size', 'any', 'server: { volume: { size: 4Gi } }\n', 'server.volume'],
  ['by the default of the chart', 'uptime-kuma', 'a: 1\n', 'volume'],
  ['by the default of the chart, of a class', 'uptime-kuma', 'volume: { storageClassName: fast }\n', 'volume'],
])('a volume %s is a claim of the release', (_, chart, values, path) => {
  expect(consequence(chart, values)).toBe(claims(path));
});

test.each([
  ['is off', 'uptime-kuma', 'volume: { enabled: false, size: 4Gi }\n'],
  ['is made elsewhere', 'uptime-kuma', 'volume: { enabled: true, size: 4Gi, existingClaim: data }\n'],
  ['is none', 'any', 'volume: { type: emptyDir, size: 4Gi }\n'],
  ['says nothing of a size', 'any', 'volume: { name: data }\nvolumes: [{ name: a }]\n'],
])('no state by a volume that %s', (_, chart, values) => {
  expect(consequence(chart, values)).toBeUndefined();
});

test('an operator that Helm lets keep its definitions takes no data along', () => {
  expect(consequence('cloudnative-pg', 'a: 1\n')).toBeUndefined();
});
