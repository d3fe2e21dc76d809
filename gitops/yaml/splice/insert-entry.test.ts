import { describe, expect, test } from 'vitest';
import { edited, yaml } from './testing.js';

describe('a new key', () => {
  const before = yaml`
    spec:
      interval: 30m # often

      # the chart
      chart: x
      # values: {}
    status: {}
  `;

  test('goes to the end, above the comments there', () => {
    const edit = { op: 'insert', path: ['spec'], key: 'timeout', value: '5m' } as const;
    expect(edited(before, edit)).toBe(before.replace('chart: x\n', 'chart: x\n  timeout: 5m\n'));
  });

  test('goes behind the key that is named, and gets its comment', () => {
    const edit = { op: 'insert', path: ['spec'], key: 'timeout', value: '5m', at: { after: 'interval' } } as const;
    expect(edited(before, { ...edit, comment: 'as long\nas it takes' })).toBe(
      before.replace('# often\n', '# often\n  # as long\n  # as it takes\n  timeout: 5m\n'),
    );
  });

  test('goes above the comments of the key it comes before', () => {
    const edit = { op: 'set', path: ['spec', 'timeout'], value: '5m', at: { before: 'interval' } } as const;
    expect(edited(before, edit)).toBe(before.replace('spec:\n', 'spec:\n  timeout: 5m\n'));
  });

  test('goes to the end where the key that is named is missing', () => {
    const edit = { op: 'insert', path: [], key: 'new', value: 1, at: { after: 'nothing' } } as const;
    expect(edited(before, edit)).toBe(`${before}new: 1\n`);
  });

  test('goes to its place among sorted keys, but not before apiVersion and kind', () => {
    const insert = (key: string) => ({ op: 'insert', path: [], key, value: 1 }) as const;
    const sorted = 'apiVersion: v1\nkind: K\na: 1\nc: 2\nd: 3\n';
    expect(edited(sorted, insert('b'))).toBe(sorted.replace('c: 2', 'b: 1\nc: 2'));
    expect(edited(sorted, insert('Z'))).toBe(sorted.replace('a: 1', 'Z: 1\na: 1'));
    expect(edited('apiVersion: v1\nkind: K\nmetadata: {}\n', insert('data'))).toMatch(/data: 1\n$/);
  });

  test('stays behind the dash of a map that begins there', () => {
    const edit = { op: 'insert', path: [0], key: 'x', value: [1], at: { before: 'a' } } as const;
    expect(edited('- a: 1\n  b: 2\n', edit)).toBe('- x:\n    - 1\n  a: 1\n  b: 2\n');
  });

  test('is quoted as the keys around, and where it needs to be', () => {
    expect(edited('"a": 1\n', { op: 'set', path: ['b'], value: 2 })).toBe('"a": 1\n"b": 2\n');
    expect(edited('a: 1\n', { op: 'set', path: ['on'], value: 2 })).toBe('a: 1\n"on": 2\n');
  });

  test('is nothing new with the same value, and refused with another', () => {
    const insert = (value: number) => ({ op: 'insert', path: [], key: 'a', value }) as const;
    expect(edited('a: 1 # c\n', insert(1))).toBe('a: 1 # c\n');
    expect(edited('a: 1 # c\n', insert(2))).toBe('refused: the document: has the key a with another value; set it');
  });

  test('comes below a block scalar, which may end the file without a line break', () => {
    expect(edited('a: |-\n  x', { op: 'set', path: ['b'], value: 1 })).toBe('a: |-\n  x\nb: 1');
  });

  test('comes below all that belongs to the key before it', () => {
    const text = 'a:\n  b: 1\n  # c: 2\n\n# next\nz: 1\n';
    const edit = { op: 'set', path: ['new'], value: 1, at: { after: 'a' } } as const;
    expect(edited(text, edit)).toBe(text.replace('# c: 2\n', '# c: 2\nnew: 1\n'));
  });
});

describe('a new item', () => {
  test.each([
    ['two spaces in', 'a:\n  - x\n', 'a:\n  - x\n  - k: 1\n    m: 2\n'],
    ['at the column of its key', 'a:\n- x\nb: 1\n', 'a:\n- x\n- k: 1\n  m: 2\nb: 1\n'],
    ['with wide dashes', 'a:\n  -   x\n', 'a:\n  -   x\n  -   k: 1\n      m: 2\n'],
    ['without a final line break', 'a:\n  - x', 'a:\n  - x\n  - k: 1\n    m: 2'],
    ['with Windows line breaks', 'a:\r\n  - x\r\n', 'a:\r\n  - x\r\n  - k: 1\r\n    m: 2\r\n'],
  ])('stands as the others: %s', (_, before, after) => {
    expect(edited(before, { op: 'insert', path: ['a'], value: { k: 1, m: 2 } })).toBe(after);
  });

  test('goes to its index, above the comments of the one there', () => {
    const before = '- a\n# about b\n- b\n';
    expect(edited(before, { op: 'insert', path: [], value: 'x', at: 0 })).toBe(`- x\n${before}`);
    expect(edited(before, { op: 'insert', path: [], value: 'x', at: 1 })).toBe('- a\n- x\n# about b\n- b\n');
  });

  test('is nothing new where there is an equal one, unless it is to be repeated', () => {
    const before = 'args: [-v, x]\n';
    const edit = { op: 'insert', path: ['args'], value: '-v' } as const;
    expect(edited(before, edit)).toBe(before);
    expect(edited(before, { ...edit, repeat: true })).toBe('args: [-v, x, "-v"]\n');
  });

  test('makes the sequence where there is none', () => {
    const edit = { op: 'insert', path: ['spec', 'dependsOn'], value: { name: 'x' } } as const;
    expect(edited('spec:\n  a: 1\n', edit)).toBe('spec:\n  a: 1\n  dependsOn:\n    - name: x\n');
    expect(edited('spec:\n  dependsOn: []\n', edit)).toBe('spec:\n  dependsOn:\n    - name: x\n');
    expect(edited('spec:\n  dependsOn: # none\n', edit)).toBe('spec:\n  dependsOn: # none\n    - name: x\n');
  });
});
