import { expect, test } from 'vitest';
import { YamlFile } from '../yaml/yaml-file.js';
import { Composed } from './composed.js';
import { Origin } from './origin.js';

const read = (path: string, text: string) => {
  const [document] = YamlFile.read(path, text).documents;
  if (!document) throw new Error(`${path}: no document`);
  return new Composed(document.value, new Origin({ document, within: undefined }));
};
const at = (composed: Composed, ...path: (string | number)[]) => {
  const { file, line } = composed.origin(path).place;
  return `${file}:${line}`;
};
const base = read('base.yaml', 'metadata:\n  name: a\nlist:\n- x\n- y\n');
const other = read('other.yaml', '\n\nvalue: 1\n').at(['value']);

test('what is not set stays where it is written, and the base is untouched', () => {
  const result = base.set(['metadata', 'labels', 'team'], other.value, other.root);
  expect(result.value).toEqual({ metadata: { name: 'a', labels: { team: 1 } }, list: ['x', 'y'] });
  expect(at(result, 'metadata', 'name')).toBe('base.yaml:2');
  expect(at(result, 'metadata', 'labels', 'team')).toBe('other.yaml:3');
  expect(base.value).toEqual({ metadata: { name: 'a' }, list: ['x', 'y'] });
});

test('items keep their places when one is put in or taken out', () => {
  const inserted = base.insert(['list', 1], other.value, other.root);
  expect(inserted.at(['list']).value).toEqual(['x', 1, 'y']);
  expect([0, 1, 2].map((index) => at(inserted, 'list', index))).toEqual(['base.yaml:4', 'other.yaml:3', 'base.yaml:5']);
  const removed = inserted.remove(['list', 0]);
  expect([0, 1].map((index) => at(removed, 'list', index))).toEqual(['other.yaml:3', 'base.yaml:5']);
});

test('removing or inserting where nothing is changes nothing', () => {
  expect(base.remove(['metadata', 'gone'])).toBe(base);
  expect(base.insert(['metadata', 0], 1, other.root)).toBe(base);
});

test('a value that is not there would be written where its nearest parent is', () => {
  expect(at(base, 'metadata', 'labels', 'a')).toBe('base.yaml:1');
});

test('a value behind an alias is found at its anchor', () => {
  const aliased = read('a.yaml', 'one: &anchor\n  x: 1\ntwo: *anchor\n');
  expect(at(aliased, 'two', 'x')).toBe('a.yaml:2');
});

test('a place in a string of a string is found in both', () => {
  const outer = read('a.yaml', 'patch: |\n  inner: |\n    x:\n      y: 1\n');
  const string = (composed: Composed, step: string) => {
    const part = composed.at([step]);
    const [document] = YamlFile.read('a.yaml', String(part.value)).documents;
    if (!document) throw new Error('no document');
    return new Composed(document.value, new Origin({ document, within: part.root }));
  };
  const origin = string(string(outer, 'patch'), 'inner').origin(['x', 'y']);
  expect(origin.place).toEqual({ file: 'a.yaml', line: 4, column: 7 });
  expect(origin.pathInFile).toEqual(['patch']);
});

test('a place in a string of another style is where the string is', () => {
  const outer = read('a.yaml', 'a: 1\npatch: "x:\\n  y: 1"\n');
  const part = outer.at(['patch']);
  const [document] = YamlFile.read('a.yaml', String(part.value)).documents;
  if (!document) throw new Error('no document');
  expect(new Origin({ document, within: part.root }, ['x', 'y']).place).toEqual({ file: 'a.yaml', line: 2, column: 8 });
});
