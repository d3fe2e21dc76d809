import { describe, expect, test } from 'vitest';
import { edited, yaml } from './testing.js';

const remove = (text: string, path: readonly (string | number)[], more: object = {}) =>
  edited(text, { op: 'remove', path, ...more });

describe('from a block', () => {
  const before = yaml`
    # the file's header
    a: 1

    # about the rest

    # about b
    # and more
    b:
      x: 1 # c
      # y: 2
    # about c
    c: 3
  `;

  test('the comments right above go with it, and those within', () => {
    const gone = '# about b\n# and more\nb:\n  x: 1 # c\n  # y: 2\n';
    expect(remove(before, ['b'])).toBe(before.replace(gone, ''));
  });

  test('the header of the file stays', () => {
    expect(remove(before, ['a'])).toBe(before.replace('a: 1\n', ''));
  });

  test('of two gaps one goes', () => {
    expect(remove('a: 1\n\nb: 2\n\nc: 3\n', ['b'])).toBe('a: 1\n\nc: 3\n');
    expect(remove('a: 1\n\nb: 2\n', ['b'])).toBe('a: 1\n');
    expect(remove('a: 1\n\nb: 2\nc: 3\n', ['b'])).toBe('a: 1\n\nc: 3\n');
  });

  test('a gap that is part of the text above stays with it', () => {
    expect(remove('a: |+\n  x\n\nb: 2\n\nc: 3\n', ['b'])).toBe('a: |+\n  x\n\nc: 3\n');
  });

  test('a missing final line break stays missing', () => {
    expect(remove('a: 1\nb: 2', ['b'])).toBe('a: 1');
    expect(remove('a: 1\r\nb: 2', ['b'])).toBe('a: 1');
  });

  test('the next entry moves up to the dash', () => {
    expect(remove('- a: 1\n  # about b\n  b: 2\n- c\n', [0, 'a'])).toBe('- # about b\n  b: 2\n- c\n');
    expect(remove('- - x\n  - y\n', [0, 0])).toBe('- - y\n');
  });

  test('a key with a question mark goes with its value', () => {
    expect(remove('? a\n: - 1\n  - 2\nb: 1\n', ['a'])).toBe('b: 1\n');
  });

  test('only while it has the value that is named', () => {
    expect(remove('- a\n- b\n', [0], { value: 'x' })).toBe('- a\n- b\n');
    expect(remove('- a\n- b\n', [0], { value: 'a' })).toBe('- b\n');
  });

  test('what is not there needs no removing', () => {
    expect(remove('a: 1\n', ['b', 'c'])).toBe('a: 1\n');
  });
});

describe('the last of a collection', () => {
  test('leaves an empty one', () => {
    expect(remove('a: # c\n  b: 1\nd: 1\n', ['a', 'b'])).toBe('a: {} # c\nd: 1\n');
    expect(remove('a:\n- b\n', ['a', 0])).toBe('a: []\n');
    expect(remove('- a: &x\n    b: 1\n', [0, 'a', 'b'])).toBe('- a: &x {}\n');
    expect(remove('# c\na: 1\n', ['a'])).toBe('# c\n{}\n');
    expect(remove('a: [ b ]\n', ['a', 0])).toBe('a: []\n');
    expect(remove('a: [b: 1]\n', ['a', 0, 'b'])).toBe('a: [{}]\n');
  });

  test('takes the parents with it that are empty then, if asked', () => {
    const before = 'keep: 1\na:\n  b:\n    - c\n';
    expect(remove(before, ['a', 'b', 0], { pruneEmpty: true })).toBe('keep: 1\n');
    expect(remove('a:\n  b: 1\n', ['a', 'b'], { pruneEmpty: true })).toBe('{}\n');
  });
});

describe('from flow', () => {
  test.each([
    ['a: [x, y, z]\n', 0, 'a: [y, z]\n'],
    ['a: [x, y, z]\n', 1, 'a: [x, z]\n'],
    ['a: [x, y, z]\n', 2, 'a: [x, y]\n'],
    ['a: [ x, y, ]\n', 1, 'a: [ x, ]\n'],
    ['a: [x,\n  y, # about y\n  z]\n', 1, 'a: [x,\n  z]\n'],
    ['a: [x, y, # about y\n  # about z\n  z]\n', 1, 'a: [x,\n  # about z\n  z]\n'],
  ])('%j without item %i', (before, index, after) => {
    expect(remove(before, ['a', index])).toBe(after);
  });

  const lines = yaml`
    a: [
      x, # about x
      # above y
      y, # about y
      z # about z
    ]
  `;

  test('lines of its own go with their comments', () => {
    expect(remove(lines, ['a', 1])).toBe(lines.replace('  # above y\n  y, # about y\n', ''));
  });

  test('the comma before goes with the last, the comment behind that comma stays', () => {
    expect(remove(lines, ['a', 2])).toBe(lines.replace('y, # about y\n  z # about z', 'y # about y'));
    expect(remove('a: [\n  x,\n  y,\n]\n', ['a', 1])).toBe('a: [\n  x,\n]\n');
  });
});
