import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { suspendKustomizations } from './suspend.js';

const flux = 'apiVersion: kustomize.toolkit.fluxcd.io/v1\nkind: Kustomization\n';

test.each([
  ['a block', 'spec:\n  path: ./a\n', 'spec:\n  suspend: true\n  path: ./a\n'],
  ['a deeper indentation', 'spec:\n      path: ./a\n', 'spec:\n      suspend: true\n      path: ./a\n'],
  ['a comment above the first key', 'spec:\n  # why\n  path: ./a\n', 'spec:\n  # why\n  suspend: true\n  path: ./a\n'],
  ['an anchor', 'spec: &a\n  path: ./a\n', 'spec: &a\n  suspend: true\n  path: ./a\n'],
  ['no final newline', 'spec:\n  path: ./a', 'spec:\n  suspend: true\n  path: ./a'],
  ['false with a comment', 'spec:\n  suspend: false # no\n', 'spec:\n  suspend: true # no\n'],
  ['a key without a value', 'spec:\n  suspend:\n  path: ./a\n', 'spec:\n  suspend: true\n  path: ./a\n'],
  ['a key with a comment only', 'spec:\n  suspend: # later\n', 'spec:\n  suspend: true # later\n'],
  ['flow style', 'spec: {path: ./a}\n', 'spec: {suspend: true, path: ./a}\n'],
  ['an empty flow map', 'spec: {}\n', 'spec: {suspend: true}\n'],
  ['a flow key without a colon', 'spec: {suspend, path: ./a}\n', 'spec: {suspend: true, path: ./a}\n'],
])('suspends with %s and touches nothing else', (_, before, after) => {
  expect(suspendKustomizations(flux + before)).toBe(flux + after);
});

test('suspends a HelmRelease', () => {
  const release = 'apiVersion: helm.toolkit.fluxcd.io/v2\nkind: HelmRelease\nspec:\n';
  expect(suspendKustomizations(`${release}  interval: 1h\n`)).toBe(`${release}  suspend: true\n  interval: 1h\n`);
});

test('keeps CRLF line ends', () => {
  const before = `${flux}spec:\n  path: ./a\n`.replaceAll('\n', '\r\n');
  expect(suspendKustomizations(before)).toBe(`${flux}spec:\n  suspend: true\n  path: ./a\n`.replaceAll('\n', '\r\n'));
});

test('suspends JSON with a quoted key', () => {
  const before = '{"apiVersion": "kustomize.toolkit.fluxcd.io/v1", "kind": "Kustomization", "spec": {"path": "./a"}}';
  expect(JSON.parse(suspendKustomizations(before))).toMatchObject({ spec: { suspend: true, path: './a' } });
});

describe('leaves as it is', () => {
  test.each([
    ['a workload', 'apiVersion: apps/v1\nkind: Deployment\nspec:\n  replicas: 1\n'],
    ['a kustomize file', 'apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\nresources: [a.yaml]\n'],
    ['what is suspended', `${flux}spec:\n  suspend: true\n`],
    ['what does not parse', `${flux}spec:\n  - a\n b: [\n`],
    ['a template', '{{ if .Values.on }}\nkind: Kustomization\n{{ end }}\n'],
    ['a binary file', '\u0000\u0001PNG\uFFFD'],
    ['what is nested without end', `${flux}spec:\n  x: ${'['.repeat(100_000)}`],
    ['nothing', ''],
  ])('%s', (_, text) => expect(suspendKustomizations(text)).toBe(text));
});

const word = fc.stringMatching(/^[a-z][a-z0-9./-]{0,12}$/);
const document = fc
  .record({
    reconciles: fc.boolean(),
    keys: fc.uniqueArray(
      word.filter((key) => key !== 'suspend' && key !== 'null' && key !== 'true' && key !== 'false'),
      { minLength: 1, maxLength: 4 },
    ),
    comment: fc.option(word),
    indent: fc.constantFrom('  ', '    '),
  })
  .map(({ reconciles, keys, comment, indent }) => {
    const head = reconciles ? flux : 'apiVersion: v1\nkind: Thing\n';
    return `${head}${comment ? `# ${comment}\n` : ''}spec:\n${keys.map((key) => `${indent}${key}: "x"\n`).join('')}`;
  });

test('of any files of several documents: only whole lines are added, every reconciling spec is suspended, and twice is once', () => {
  fc.assert(
    fc.property(fc.array(document, { minLength: 1, maxLength: 4 }), fc.boolean(), (documents, crlf) => {
      const joined = documents.join('---\n');
      const before = crlf ? joined.replaceAll('\n', '\r\n') : joined;
      const after = suspendKustomizations(before);
      expect(suspendKustomizations(after)).toBe(after);
      expect(
        after
          .split('\n')
          .filter((line) => !/^ +suspend: true\r?$/.test(line))
          .join('\n'),
      ).toBe(before);
      for (const { contents } of parseAllDocuments(after)) {
        const object = (contents as unknown as { toJSON(): { kind: string; spec: { suspend?: true } } }).toJSON();
        expect(object.spec.suspend).toBe(object.kind === 'Kustomization' ? true : undefined);
      }
    }),
  );
});
