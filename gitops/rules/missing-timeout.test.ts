import { expect, test } from 'vitest';
import { missingTimeout } from './missing-timeout.js';
import { findingsOf } from './testing.js';
import { cluster, kustomization, release } from './testing-cluster.js';

test('of a Kustomization a warning with what the default is, of a release information', () => {
  const files = cluster({ 'apps/grafana.yaml': release('grafana', '1.0.0', 'a: 1\n') });
  expect(findingsOf(missingTimeout, files)).toEqual([
    {
      at: 'apps/grafana.yaml:6:1',
      subject: 'HelmRelease default/grafana',
      message:
        'spec.timeout is not set: each Helm action may take 5m, whatever the chart needs; set how long it may take',
      severity: 'info',
    },
    {
      at: 'cluster.yaml:6:1',
      subject: 'Kustomization flux-system/apps',
      message:
        'spec.timeout is not set: what hangs holds it up for 59m30s (interval - 30s) before it counts as failed; set how long it may take',
    },
  ]);
});

test.each([
  ['its own', '  timeout: 5m\n', kustomization('a', './a', '  timeout: 5m\n')],
  [
    "its parent's patch",
    '  timeout: 5m\n  patches:\n    - target: { kind: Kustomization }\n      patch: |\n        - { op: add, path: /spec/timeout, value: 5m }\n',
    kustomization('a', './a'),
  ],
  [
    'one for each action',
    '  timeout: 5m\n',
    release('a', '1.0.0', 'a: 1\n').replace(
      '  interval',
      '  install: { timeout: 5m }\n  upgrade: { timeout: 5m }\n  interval',
    ),
  ],
])('silent: %s', (_, spec, text) => {
  expect(findingsOf(missingTimeout, cluster({ 'apps/a.yaml': text, 'a/a.yaml': '' }, spec))).toEqual([]);
});
