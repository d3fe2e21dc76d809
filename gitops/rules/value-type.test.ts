import { expect, test } from 'vitest';
import { readRepository } from '../model/read-repository.js';
import { treeOfTexts } from '../source/file-tree.js';
import { editYaml } from '../yaml/edit-yaml.js';
import { findingsOf } from './testing.js';
import { cluster } from './testing-cluster.js';
import { valueType } from './value-type.js';

const configMap = (data: string): string =>
  `apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: phase\n  namespace: storage\ndata:\n${data}`;

test('a mapping says what it is, what comes of it and how it is written as text', () => {
  const files = cluster({ 'apps/phase.yaml': configMap('  phases:\n    one: true\n') });
  expect(findingsOf(valueType, files)).toEqual([
    {
      at: 'apps/phase.yaml:7:3',
      subject: 'ConfigMap storage/phase',
      message:
        'data.phases is a mapping, and ConfigMap data values must be strings: the API server refuses it, and Flux applies nothing of its Kustomization; write it as a block scalar (|), or give it a field of its own for each part',
    },
  ]);
});

test.each([
  ['true', 'a boolean'],
  ['80', 'a number'],
  ['1.10', 'a number'],
  ['FALSE', 'a boolean'],
  ['0o17', 'a number'],
  ['1_000', 'a number'],
  ['[a]', 'a sequence'],
  ['', 'null'],
])('%s is %s', (value, type) => {
  const [finding] = findingsOf(valueType, { 'a.yaml': configMap(`  key: ${value}\n`) });
  expect(finding?.message).toContain(`data.key is ${type}, and`);
});

test('null is only a warning', () => {
  expect(findingsOf(valueType, { 'a.yaml': configMap('  key:\n') })[0]?.severity).toBe('warning');
});

test('labels, environment, arguments and what Flux puts in', () => {
  const files = {
    'a.yaml': `apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
  labels: { version: 1.0 }
  annotations: { reload: True }
spec:
  template:
    metadata: { labels: { app: 5 } }
    spec:
      nodeSelector: { gpu: true }
      containers:
        - name: web
          args: [--port, 80]
          env:
            - name: PORT
              value: 80
`,
    'b.yaml': `apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata: { name: b }
spec:
  postBuild:
    substitute:
      PORT: 80
`,
  };
  expect(findingsOf(valueType, files).map(({ at, message }) => `${at} ${message.split(':')[0]}`)).toEqual([
    'a.yaml:5:13 metadata.labels.version is a number, and labels must be strings',
    'a.yaml:6:18 metadata.annotations.reload is a boolean, and annotations must be strings',
    'a.yaml:9:27 spec.template.metadata.labels.app is a number, and labels must be strings',
    'a.yaml:11:23 spec.template.spec.nodeSelector.gpu is a boolean, and Deployment spec.template.spec.nodeSelector values must be strings',
    'a.yaml:14:26 spec.template.spec.containers.0.args.1 is a number, and items of args must be strings',
    'a.yaml:17:15 spec.template.spec.containers.0.env.0.value is a number, and values of environment variables must be strings',
    'b.yaml:7:7 spec.postBuild.substitute.PORT is a number, and Kustomization spec.postBuild.substitute values must be strings',
  ]);
});

test('a text that substitution makes a number of', () => {
  const files = cluster(
    { 'apps/a.yaml': configMap('  port: "${PORT}"\n') },
    '  postBuild: { substitute: { PORT: "80" } }\n',
  );
  expect(findingsOf(valueType, files)[0]?.message).toBe(
    'data.port is a number, and ConfigMap data values must be strings: the API server refuses it, and Flux applies nothing of its Kustomization; kustomize takes the quotes around ${PORT} away before Flux puts the value in, so give the value quotes of its own: \'"80"\'',
  );
});

test('a word that is text until substitution puts it in', () => {
  const files = cluster(
    { 'apps/a.yaml': configMap('  written: on\n  put: "${WORD}"\n') },
    '  postBuild: { substitute: { WORD: "on" } }\n',
  );
  expect(findingsOf(valueType, files).map(({ message }) => message.split(',')[0])).toEqual(['data.put is a boolean']);
});

test('a word that is a boolean in a list of operations, and text in a patch that is merged', () => {
  const files = cluster({
    'apps/a.yaml': configMap('  key: a\n'),
    'apps/kustomization.yaml': `resources: [a.yaml]
patches:
  - target: { kind: ConfigMap }
    patch: |
      - { op: add, path: /data/operated, value: yes }
  - target: { kind: ConfigMap }
    patch: |
      apiVersion: v1
      kind: ConfigMap
      metadata: { name: any }
      data: { merged: yes }
`,
  });
  expect(findingsOf(valueType, files).map(({ message }) => message.split(',')[0])).toEqual([
    'data.operated is a boolean',
  ]);
});

test('one line that several Kustomizations apply is one finding', () => {
  const files = cluster({ 'apps/a.yaml': configMap('  key: 1\n') });
  const twice = { ...files, 'more.yaml': files['cluster.yaml']!.replace('name: apps', 'name: more') };
  expect(findingsOf(valueType, twice)).toHaveLength(1);
});

test.each(['"true"', "'80'", '|\n    a: 1', '80m', '2024-01-01', '!!str 5', 'yes', 'off', 'y'])(
  'silent: %s',
  (value) => {
    expect(findingsOf(valueType, { 'a.yaml': configMap(`  key: ${value}\n`) })).toEqual([]);
  },
);

test('the fix quotes what stands there', () => {
  const text = configMap('  key: 1.10 # a version\n');
  const [draft] = valueType.check(readRepository(treeOfTexts({ 'a.yaml': text })));
  expect(editYaml(text, draft!.fix!.edits['a.yaml']!)).toMatchObject({ text: text.replace('1.10', '"1.10"') });
});

test('no fix through an alias', () => {
  const text = configMap('  base: &port "a"\n  key: *number\n').replace('data:', 'number: &number 5\ndata:');
  const [draft] = valueType.check(readRepository(treeOfTexts({ 'a.yaml': text })));
  expect([draft?.message.slice(0, 20), draft?.fix]).toEqual(['data.key is a number', undefined]);
});

test.each([
  ['stringData: { pin: 48151623 }', 'stringData.pin', 'quote it'],
  ['stringData: { pin: "${PIN:=48151623}" }', 'stringData.pin', 'kustomize takes the quotes around it away'],
  ['metadata: { annotations: { example.org/api-key: 48151623 } }', 'metadata.annotations', 'quote it'],
])('never shows what is confidential: %s', (fields, path, remedy) => {
  const secret = `apiVersion: v1\nkind: Secret\n${fields.includes('metadata') ? '' : 'metadata: { name: a, namespace: default }\n'}${fields}\n`;
  const files = cluster({ 'apps/a.yaml': secret }, '  postBuild: { substitute: { OTHER: x } }\n');
  const [finding] = findingsOf(valueType, files);
  expect(finding?.message).toContain(path);
  expect(finding?.message).toContain(`; ${remedy}`);
  expect(finding?.message).not.toContain('48151623');
});
