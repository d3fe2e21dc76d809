import { expect, test } from 'vitest';
import { Composed } from '../manifests/composed.js';
import { Origin } from '../manifests/origin.js';
import { YamlFile } from '../yaml/yaml-file.js';
import { patchByOperations } from './json-patch.js';

const read = (path: string, text: string) => {
  const [document] = YamlFile.read(path, text).documents;
  if (!document) throw new Error(`${path}: no document`);
  return new Composed(document.value, new Origin({ document, within: undefined }));
};
const target = 'a: {b: 1}\nlist:\n- x\n- y\n';
const patched = (operations: string) => patchByOperations(read('target.yaml', target), read('patch.yaml', operations));

test.each([
  ['[{op: add, path: /a/c, value: 2}]', { a: { b: 1, c: 2 }, list: ['x', 'y'] }],
  ['[{op: add, path: /a/b~1c, value: 2}]', { a: { b: 1, 'b/c': 2 }, list: ['x', 'y'] }],
  ['[{op: replace, path: /a/b, value: {d: 2}}]', { a: { b: { d: 2 } }, list: ['x', 'y'] }],
  ['[{op: remove, path: /a/b}]', { a: {}, list: ['x', 'y'] }],
  ['[{op: add, path: /list/1, value: z}]', { a: { b: 1 }, list: ['x', 'z', 'y'] }],
  ['[{op: add, path: /list/-, value: z}]', { a: { b: 1 }, list: ['x', 'y', 'z'] }],
  ['[{op: remove, path: /list/0}]', { a: { b: 1 }, list: ['y'] }],
  ['[{op: move, from: /a/b, path: /c}]', { a: {}, list: ['x', 'y'], c: 1 }],
  ['[{op: copy, from: /list/0, path: /c}]', { a: { b: 1 }, list: ['x', 'y'], c: 'x' }],
  ['[{op: test, path: /a/b, value: 1}]', { a: { b: 1 }, list: ['x', 'y'] }],
])('%s', (operations, expected) => {
  const result = patched(operations);
  expect(typeof result === 'string' ? result : result.value).toEqual(expected);
});

test.each([
  ['[{op: replace, path: /a/x, value: 1}]', 'replace /a/x: is not there'],
  ['[{op: remove, path: /x}]', 'remove /x: is not there'],
  ['[{op: add, path: /x/y, value: 1}]', 'add /x/y: there is nothing to add to'],
  ['[{op: test, path: /a/b, value: 2}]', 'test /a/b: is different'],
  ['[{op: move, from: /x, path: /y}]', 'move /y: its source is not there'],
  ['[{op: merge, path: /x}]', 'merge is no operation'],
  ['[{path: /x}]', 'an operation has no op or no path'],
])('%s fails', (operations, why) => expect(patched(operations)).toBe(why));

test('what an operation brings is written in the patch, and items behind it keep their places', () => {
  const result = patched('- op: add\n  path: /list/0\n  value: z\n');
  if (typeof result === 'string') throw new Error(result);
  const lines = [0, 1, 2].map((index) => result.origin(['list', index]).place);
  expect(lines.map(({ file, line }) => `${file}:${line}`)).toEqual(['patch.yaml:3', 'target.yaml:3', 'target.yaml:4']);
});
