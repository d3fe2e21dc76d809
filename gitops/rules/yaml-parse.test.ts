import { expect, test } from 'vitest';
import { findingsOf } from './testing.js';
import { yamlParse } from './yaml-parse.js';

test('says where, what the parser sees and what mends it', () => {
  expect(findingsOf(yamlParse, { 'apps/config.yaml': 'data:\n\tkey: value\n' })).toEqual([
    {
      at: 'apps/config.yaml:2:1',
      subject: 'apps/config.yaml',
      message: 'is not valid YAML: Tabs are not allowed as indentation; indent with spaces',
    },
  ]);
});

const bomb = `a: &a [1]\nb: &b [${'*a,'.repeat(20)}]\nc: &c [${'*b,'.repeat(20)}]\nd: [${'*c,'.repeat(20)}]\n`;

test.each([
  ['a mapping in a value', 'a: b: c\n', 'quote a value that holds ": "'],
  ['an open quote', 'a: "b\n', 'close the quote'],
  ['an open bracket', 'a: [1\n', 'line it up'],
  ['bytes that are no text', 'a: b\0c\n', 'give a file that is no text another name'],
  ['an anchor that contains itself', 'a: &x\n  b: *x\n', 'take the alias out of what its own anchor names'],
  ['a merge of something else', 'a: &x 1\nb:\n  <<: *x\n', 'merge mappings'],
  ['a template', 'a: {{ value }} b\n', 'a template is no YAML'],
  ['an alias bomb', bomb, 'repeat less by aliases'],
  ['twenty thousand levels', '['.repeat(20_000), 'flatten it'],
])('%s', (_, text, remedy) => {
  expect(findingsOf(yamlParse, { 'a.yaml': text })[0]?.message).toContain(remedy);
});

test('an alias of nothing is named where it stands, an anchor of another document is nothing', () => {
  const files = { 'a.yaml': 'a: &x 1\n---\nb: 1\nc: [*x]\n' };
  expect(findingsOf(yamlParse, files)).toEqual([
    {
      at: 'a.yaml:4:5',
      subject: 'a.yaml',
      message:
        'is not valid YAML: no anchor before this alias has its name; define its anchor before it, in the same document, or quote a value that begins with *',
    },
  ]);
});

const applied = {
  'flux/ks.yaml': `apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata: { name: apps, namespace: flux-system }
spec: { path: ./apps, sourceRef: { kind: GitRepository, name: flux-system }, interval: 1h, prune: true }
`,
  'apps/kustomization.yaml': 'resources: [app.yaml]\n',
};

test('an error where Flux applies it, a warning elsewhere', () => {
  const files = { ...applied, 'apps/app.yaml': 'a: [\n', 'docs/example.yaml': 'a: [\n' };
  expect(findingsOf(yamlParse, files).map(({ at, severity }) => [at, severity])).toEqual([
    ['apps/app.yaml:2:1', undefined],
    ['docs/example.yaml:2:1', 'warning'],
  ]);
});

test('silent: the templates of a Helm chart, which become YAML when they are rendered', () => {
  const files = {
    'charts/web/Chart.yaml': 'name: web\n',
    'charts/web/templates/a.yaml': '{{- if x }}\na: {{ y }} b\n',
  };
  expect(findingsOf(yamlParse, files)).toEqual([]);
});

test('silent: what kustomize reads too, and duplicate keys, which have a rule of their own', () => {
  const files = { 'a.yaml': 'a: ${VAR}\nb: !custom x\nc: 1\nc: 2\n', 'b.yaml': '', 'c.yaml': '---\n# nothing\n---\n' };
  expect(findingsOf(yamlParse, files)).toEqual([]);
});

test.each(['*hunter2', '|hunter2', '"x" hunter2', 'x\n hunter2: y', '[x]hunter2]', '%hunter2', '&a &hunter2 x'])(
  'quotes nothing, since it may be a secret: %s',
  (value) => {
    const found = findingsOf(yamlParse, { 'a.yaml': `password: ${value}\n` });
    expect(found).not.toEqual([]);
    expect(JSON.stringify(found)).not.toContain('hunter2');
  },
);
