import { expect, test } from 'vitest';
import { cluster, kustomization } from '../../gitops/rules/testing-cluster.js';
import { carriedOut } from '../testing.js';
import { fluxStandardization } from './playbook.js';

const files = cluster({
  'apps/web.yaml': kustomization('web', './web', '', 'media'),
  'apps/dns.yaml': kustomization('dns', './dns', '  targetNamespace: network\n', 'flux-system'),
  'apps/tv.yaml': kustomization('tv', './tv', '', 'media'),
  'apps/news.yaml': kustomization('news', './news', '', 'default'),
});
const pageOf = (given: unknown = {}) => carriedOut(fluxStandardization, files, given).files['docs/flux/standards.md']!;

test('a row for each class, with the namespaces that it has here; what applies others is in none', () => {
  expect(
    pageOf()
      .split('\n')
      .filter((line) => /^\| \w+ \| \d/.test(line)),
  ).toEqual([
    '| critical | 5m | 10m |  |',
    '| core | 15m | 10m | network |',
    '| apps | 30m or 1h | 10m | default, media |',
  ]);
});

test('says what the parameters are, not what they are by default', () => {
  const page = pageOf({
    retryInterval: '7m',
    retries: 9,
    releaseTimeout: '8m',
    slow: { charts: ['one', 'two'], timeout: '99m' },
    keepInstalled: ['three'],
  });
  expect(page).toContain('`retryInterval: 7m`');
  expect(page).toContain('`timeout: 8m`; 99m for one, two.');
  expect(page).toContain('It is 0 for three, because');
  expect(page).toContain('`retries: 9`');
});

test('stands where the plan says, and is the same when it is written again', () => {
  const { changes, files: once } = carriedOut(fluxStandardization, files, { document: 'notes/flux.md' });
  expect(Object.keys(changes)).toContain('notes/flux.md');
  expect(carriedOut(fluxStandardization, once, { document: 'notes/flux.md' }).changes).toEqual({});
});
