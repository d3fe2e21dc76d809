import { describe, expect, test } from 'vitest';
import { edited, yaml } from './testing.js';

describe('anchors and aliases', () => {
  const before = yaml`
    name: &app web
    labels:
      app: *app
    probe: &probe
      path: /
    readiness: *probe
  `;

  test('a value that is used elsewhere is not changed', () => {
    expect(edited(before, { op: 'set', path: ['name'], value: 'x' })).toBe(
      'refused: name: the anchor &app here is also used in line 3, which would change too; write that out first',
    );
    expect(edited(before, { op: 'remove', path: ['probe'] })).toMatch(/the anchor &probe here is also used in line 6/);
    expect(edited(before, { op: 'set', path: ['probe', 'path'], value: 'x' })).toMatch(/&probe .* line 6/);
  });

  test('a value is not changed through an alias', () => {
    expect(edited(before, { op: 'set', path: ['readiness', 'path'], value: 'x' })).toBe(
      'refused: readiness.path: comes through the alias *probe of the anchor &probe (line 4), used in line 6; edit it there, or set the whole value here',
    );
    expect(edited('a: &x [1]\nb: *x\n', { op: 'insert', path: ['b'], value: 2 })).toMatch(/comes through the alias/);
  });

  test('an alias gives way to a value', () => {
    expect(edited(before, { op: 'set', path: ['labels', 'app'], value: 'x' })).toBe(before.replace('*app', 'x'));
    expect(edited(before, { op: 'remove', path: ['readiness'] })).toBe(before.replace('readiness: *probe\n', ''));
  });

  test('a value that an alias brings already needs no edit', () => {
    expect(edited(before, { op: 'set', path: ['readiness', 'path'], value: '/' })).toBe(before);
  });

  test('an anchor that is defined twice is used by those below the second alone', () => {
    const twice = 'a: &x 1\nb: &x 2\nc: *x\n';
    expect(edited(twice, { op: 'set', path: ['a'], value: 5 })).toBe('a: &x 5\nb: &x 2\nc: *x\n');
    expect(edited(twice, { op: 'set', path: ['b'], value: 5 })).toMatch(/&x here is also used in line 3/);
  });

  test('an anchor within what is replaced is seen', () => {
    const inner = 'a:\n  b: &x 1\nc: *x\n';
    expect(edited(inner, { op: 'set', path: ['a'], value: 5 })).toMatch(/&x here is also used in line 3/);
  });
});

describe('merge keys', () => {
  const before = yaml`
    base: &base
      a: 1
      deep: { x: 1 }
    own:
      <<: *base
      b: 2
  `;

  test('a merged value is overridden by a key of its own', () => {
    expect(edited(before, { op: 'set', path: ['own', 'a'], value: 5 })).toBe(`${before}  a: 5\n`);
  });

  test('a part of a merged value cannot be overridden', () => {
    expect(edited(before, { op: 'set', path: ['own', 'deep', 'x'], value: 5 })).toBe(
      'refused: own.deep.x: comes in through a merge key of the anchor &base (line 1), used in line 5; edit it there, or set a key above it',
    );
  });

  test('a merged value cannot be removed, nor one that would come in again', () => {
    expect(edited(before, { op: 'remove', path: ['own', 'a'] })).toMatch(/comes in through a merge key/);
    const overridden = `${before}  a: 5\n`;
    expect(edited(overridden, { op: 'remove', path: ['own', 'a'] })).toMatch(/there all the same through a merge key/);
  });

  test('what is merged may be changed where everybody overrides it', () => {
    const overridden = `${before}  a: 5\n`;
    expect(edited(overridden, { op: 'set', path: ['base', 'a'], value: 7 })).toBe(overridden.replace('a: 1', 'a: 7'));
  });

  test('a map that is written as the value of a merge key is edited there, if nobody else uses it', () => {
    const inline = 'own:\n  <<: &m { a: 1, deep: { x: 1 } }\n  b: 2\n';
    expect(edited(inline, { op: 'set', path: ['own', 'deep', 'x'], value: 5 })).toBe(inline.replace('x: 1', 'x: 5'));
    expect(edited(`${inline}c: *m\n`, { op: 'set', path: ['own', 'a'], value: 5 })).toBe(`${inline}  a: 5\nc: *m\n`);
  });

  test('a quoted merge key is a key like any other', () => {
    const quoted = 'a: &x { b: 1 }\nc:\n  "<<": *x\n';
    expect(edited(quoted, { op: 'set', path: ['c', 'b'], value: 2 })).toBe(`${quoted}  "b": 2\n`);
  });
});

test('keys that read the same are told apart by nobody', () => {
  expect(edited('1: a\n"1": b\n', { op: 'set', path: ['1'], value: 'x' })).toBe(
    'refused: 1: two keys read 1, once as a number; rename one of them',
  );
});

test('what an anchor would be a part of is left alone', () => {
  expect(edited('*x : 1\n', { op: 'set', path: ['a'], value: 2 })).toMatch(/^refused: /);
  expect(edited('a: &x k\n*x : 1\n', { op: 'set', path: ['k'], value: 2 })).toBe(
    'refused: k: is written in a way that cannot be edited',
  );
});

test('a tag that makes something else of a collection is told', () => {
  const text = '%YAML 1.1\n---\na: !!set { x, y }\n';
  expect(edited(text, { op: 'set', path: ['a', 'z'], value: 1 })).toMatch(/^refused: a\.z: /);
});
