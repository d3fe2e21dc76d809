import { expect, test } from 'vitest';
import { invalidDuration } from './invalid-duration.js';
import { findingsOf } from './testing.js';
import { cluster, kustomization, release } from './testing-cluster.js';

const child = (spec: string) => cluster({ 'apps/a.yaml': kustomization('a', './a', spec), 'a/a.yaml': '' });

test('a day', () => {
  expect(findingsOf(invalidDuration, child('  retryInterval: 1d\n'))).toEqual([
    {
      at: 'apps/a.yaml:14:3',
      subject: 'Kustomization flux-system/a',
      message:
        'spec.retryInterval is 1d, which is no duration of Flux: the API server refuses it, and Flux applies nothing beside it; write 24h',
    },
  ]);
});

test.each([
  ['a number', '  timeout: 5\n', 'spec.timeout is 5'],
  ['a number in quotes', '  timeout: "5"\n', 'spec.timeout is 5'],
  ['words', '  timeout: 5 minutes\n', 'spec.timeout is 5 minutes'],
])('%s', (_, spec, start) => {
  const [found] = findingsOf(invalidDuration, child(spec));
  expect(found?.message.startsWith(`${start}, which is no duration`)).toBe(true);
  expect(found?.message).toMatch(
    /; write hours, minutes, seconds or milliseconds with their unit, such as 10m or 1h30m$/,
  );
});

test('of a release, and of what a parent has all its children get, once', () => {
  const files = cluster({
    'apps/a.yaml': release('web', '1.0.0', 'a: 1\n').replace('  interval', '  upgrade: { timeout: 1w }\n  interval'),
  });
  expect(findingsOf(invalidDuration, files)).toMatchObject([{ subject: 'HelmRelease default/web' }]);
  const patch =
    '  patches:\n    - target: { kind: Kustomization }\n      patch: |\n        - { op: add, path: /spec/timeout, value: 2d }\n';
  const children = ['a', 'b'].map((name) => kustomization(name, `./${name}`)).join('---\n');
  const patched = cluster({ 'apps/all.yaml': children, 'a/a.yaml': '', 'b/b.yaml': '' }, patch);
  expect(findingsOf(invalidDuration, patched)).toMatchObject([
    { at: 'cluster.yaml:17:43', subject: 'Kustomization flux-system/a and Kustomization flux-system/b' },
  ]);
});

test.each(['  timeout: 1h30m\n', '  timeout: 90s\n', '  timeout: 1.5h\n', '  timeout: ${TIMEOUT}\n', ''])(
  'silent: %s',
  (spec) => {
    expect(findingsOf(invalidDuration, child(spec))).toEqual([]);
  },
);
