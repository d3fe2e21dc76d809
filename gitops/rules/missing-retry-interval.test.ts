import { expect, test } from 'vitest';
import { missingRetryInterval } from './missing-retry-interval.js';
import { findingsOf } from './testing.js';
import { cluster } from './testing-cluster.js';

const withSpec = (spec: string, interval = '1h') => {
  const files = cluster({ 'apps/a.yaml': '' }, spec);
  return findingsOf(missingRetryInterval, { ...files, 'cluster.yaml': files['cluster.yaml']!.replace('1h', interval) });
};

test('says how long it waits', () => {
  expect(withSpec('')).toEqual([
    {
      at: 'cluster.yaml:6:1',
      subject: 'Kustomization flux-system/apps',
      message:
        'spec.retryInterval is not set: after a failure it waits its interval, 1h, before it tries again; set 2m',
    },
  ]);
});

test('a short interval is as good', () => {
  expect(withSpec('', '5m')).toMatchObject([{ severity: 'info' }]);
  expect(withSpec('', '${INTERVAL}')[0]?.severity).toBeUndefined();
});

test('silent where there is one', () => {
  expect(withSpec('  retryInterval: 2m\n')).toEqual([]);
});
