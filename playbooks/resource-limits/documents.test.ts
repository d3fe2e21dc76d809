import { expect, test } from 'vitest';
import { cluster, release } from '../../gitops/rules/testing-cluster.js';
import { carriedOut } from '../testing.js';
import { analysisPage, type AnalysedContainer } from './documents.js';
import { resourceLimits } from './playbook.js';

const container = (more: Partial<AnalysedContainer>): AnalysedContainer => ({
  subject: 'media/plex',
  key: 'resources',
  has: { requests: { cpu: '10m', memory: '64Mi' }, limits: { memory: '256Mi' } },
  size: ['10m', '64Mi', '256Mi'],
  source: 'table',
  ...more,
});
const rows = (page: string) => page.split('\n').filter((line) => /^\| \w+\//.test(line));

test('a row for each container, sorted: what it has in the end, and where that is from', () => {
  const page = analysisPage(
    [
      container({ subject: 'web/web', source: 'default' }),
      container({
        has: { requests: { cpu: '1', memory: '64Mi' }, limits: { memory: '256Mi' } },
        key: 'part.resources',
      }),
      container({ source: 'measured' }),
      container({ has: { limits: { cpu: '2', memory: '32Mi' } }, key: 'limits.resources' }),
      container({ has: { requests: { cpu: '1' } }, key: 'left.resources' }),
    ],
    [],
  );
  expect(rows(page)).toEqual([
    '| media/plex | `left.resources` | 1 | – | – | left |',
    '| media/plex | `limits.resources` | 2 | 32Mi | 32Mi | kept |',
    '| media/plex | `part.resources` | 1 | 64Mi | 256Mi | kept |',
    '| media/plex | `resources` | 10m | 64Mi | 256Mi | measured |',
    '| web/web | `resources` | 10m | 64Mi | 256Mi | default |',
  ]);
  expect(page).not.toContain('Not decided here');
});

test('what is left to a person is named', () => {
  const page = analysisPage([], ['a note']);
  expect(page).toContain('\n## Not decided here\n\n- a note\n');
});

test('the pages name every release: with a row, without one, or with what is not known of it', () => {
  const files = cluster({
    'apps/a.yaml': release('reloader', '1.0.0', 'a: 1\n'),
    'apps/b.yaml': release('flux-instance', '0.30.0', 'a: 1\n'),
    'apps/c.yaml': release('airflow', '1.0.0', 'a: 1\n'),
    'apps/d.yaml': release('velero', '9.0.0', 'a: 1\n'),
    'apps/e.yaml': release('app-template', '4.0.1', 'a: 1\n'),
  });
  const page = carriedOut(resourceLimits, files).files['docs/resources/analysis.md']!;
  for (const name of ['reloader', 'flux-instance', 'airflow', 'velero', 'app-template'])
    expect(page).toContain(`default/${name}`);
  expect(page).toContain('- HelmRelease default/app-template: its values leave no container to size');
});

test('of what could not be edited the page has what is there, and says so; nor does it change when it runs again', () => {
  const values = `controllers:
  a: { containers: { app: { image: { repository: x }, resources: &res { requests: { cpu: 10m } } } } }
  b: { containers: { app: { image: { repository: x }, resources: *res } } }
`;
  const files = cluster({ 'apps/a.yaml': release('app-template', '4.1.1', values) });
  const first = carriedOut(resourceLimits, files);
  const page = first.files['docs/resources/analysis.md']!;
  expect(first.changes['apps/a.yaml']).toBeUndefined();
  expect(rows(page).map((row) => row.replace(/`.*`/, 'key'))).toEqual([
    '| default/app-template | key | 10m | – | – | left |',
    '| default/app-template | key | 10m | – | – | left |',
  ]);
  expect(page).toMatch(/^- HelmRelease default\/app-template: .* cannot be edited exactly$/m);
  expect(carriedOut(resourceLimits, first.files).changes).toEqual({});
});

test('where they are written is a parameter', () => {
  const { changes } = carriedOut(resourceLimits, cluster({}), { documents: 'notes' });
  expect(Object.keys(changes)).toEqual(['notes/analysis.md', 'notes/strategy.md']);
});

test('carried out again it changes nothing', () => {
  const files = cluster({
    'apps/a.yaml': release('cert-manager', '1.0.0', 'webhook: {}\n'),
    'apps/b.yaml': release('flux-instance', '0.30.0', 'a: 1\n'),
  });
  const once = carriedOut(resourceLimits, files).files;
  expect(carriedOut(resourceLimits, once).changes).toEqual({});
});
