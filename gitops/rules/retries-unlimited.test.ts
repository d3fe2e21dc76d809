import { expect, test } from 'vitest';
import { retriesUnlimited } from './retries-unlimited.js';
import { findingsOf } from './testing.js';
import { cluster, release } from './testing-cluster.js';

const grafana = (spec: string, name = 'grafana') =>
  release(name, '1.0.0', 'a: 1\n').replace('  interval', `${spec}  interval`);

test('says what is done for ever, of each action', () => {
  const spec = '  install: { remediation: { retries: -1 } }\n  upgrade: { remediation: { retries: -1 } }\n';
  expect(findingsOf(retriesUnlimited, cluster({ 'apps/grafana.yaml': grafana(spec) }))).toEqual([
    {
      at: 'apps/grafana.yaml:7:29',
      subject: 'HelmRelease default/grafana',
      message:
        'install.remediation.retries is -1: a failing install is uninstalled and tried again for ever, and the release is never reported as failed for good; set a number, 3 for most',
    },
    {
      at: 'apps/grafana.yaml:8:29',
      subject: 'HelmRelease default/grafana',
      message:
        'upgrade.remediation.retries is -1: a failing upgrade is rolled back and tried again for ever, and the release is never reported as failed for good; set a number, 3 for most',
    },
  ]);
});

test("a parent's patch is one place for all its releases", () => {
  const patch =
    '  patches:\n    - target: { kind: HelmRelease }\n      patch: |\n        - op: add\n          path: /spec/install\n          value: { remediation: { retries: -1 } }\n';
  const files = cluster({ 'apps/a.yaml': grafana('', 'a'), 'apps/b.yaml': grafana('', 'b') }, patch);
  expect(findingsOf(retriesUnlimited, files)).toMatchObject([
    { at: 'cluster.yaml:19:35', subject: 'HelmRelease default/a and HelmRelease default/b' },
  ]);
});

test.each([
  ['a number', '  install: { remediation: { retries: 3 } }\n'],
  ['none', ''],
  [
    'a strategy without remediation',
    '  install: { strategy: { name: RetryOnFailure }, remediation: { retries: -1 } }\n',
  ],
])('silent: %s', (_, spec) => {
  expect(findingsOf(retriesUnlimited, cluster({ 'apps/grafana.yaml': grafana(spec) }))).toEqual([]);
});
