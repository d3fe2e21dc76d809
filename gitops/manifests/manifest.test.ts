import { expect, test } from 'vitest';
import { YamlFile } from '../yaml/yaml-file.js';
import { manifestsOf } from './manifest.js';

const read = (text: string) => manifestsOf(YamlFile.read('a.yaml', text));

test('documents with apiVersion and kind are objects, whatever else the file holds', () => {
  const found = read(`# only a comment
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: shop}
---
just: values
---
- a list
---
apiVersion: v1
kind: Secret
metadata: {name: token}
`);
  expect(found.map(({ id, origin }) => [id, origin.place.line])).toEqual([
    [{ group: 'apps', version: 'v1', kind: 'Deployment', namespace: 'shop', name: 'web' }, 3],
    [{ group: '', version: 'v1', kind: 'Secret', namespace: '', name: 'token' }, 11],
  ]);
});

test('items of a List are objects, and the List is none', () => {
  const found = read(
    'apiVersion: v1\nkind: SecretList\nitems:\n- {apiVersion: v1, kind: Secret, metadata: {name: a}}\n- 7\n',
  );
  expect(found.map(({ id, origin }) => [id.name, origin.path])).toEqual([['a', ['items', 0]]]);
});

test('the same objects each time they are asked for', () => {
  const file = YamlFile.read('a.yaml', 'apiVersion: v1\nkind: Secret\nmetadata: {name: a}\n');
  expect(manifestsOf(file)[0]).toBe(manifestsOf(file)[0]);
});

test.each([
  ['sops: {mac: ENC[x]}', true],
  ['sops: {age: [{recipient: x}]}', true],
  ['sops: {}', false],
  ['sops: yes', false],
  ['stringData: {a: b}', false],
])('encrypted by %s: %s', (rest, isEncrypted) => {
  expect(read(`apiVersion: v1\nkind: Secret\n${rest}\n`)[0]?.isEncrypted).toBe(isEncrypted);
});

test.each(['metadata: 7', 'metadata: {name: [a], namespace: {b: c}}', 'metadata: null'])(
  'nothing has to be as expected: %s',
  (rest) => {
    expect(read(`apiVersion: v1\nkind: Secret\n${rest}\n`)[0]?.id).toMatchObject({ namespace: '', name: '' });
  },
);
