import { describe, expect, test } from 'vitest';
import { edited, yaml } from './testing.js';

describe('in one line', () => {
  test.each([
    ['a: [x, y]\n', 'a: [x, y, new]\n'],
    ['a: [ x ]\n', 'a: [ x, new ]\n'],
    ['a: [x,]\n', 'a: [x, new,]\n'],
    ['a: { b: [] }\n', 'a: { b: [new] }\n', ['a', 'b']],
    ['a: { b: }\n', 'a: { b: [new] }\n', ['a', 'b']],
  ])('%j', (before, after, path = ['a']) => {
    expect(edited(before, { op: 'insert', path, value: 'new' })).toBe(after);
  });

  test('at an index', () => {
    expect(edited('a: [x, y]\n', { op: 'insert', path: ['a'], value: 'new', at: 0 })).toBe('a: [new, x, y]\n');
    expect(edited('a: [x, y]\n', { op: 'insert', path: ['a'], value: 'new', at: 1 })).toBe('a: [x, new, y]\n');
  });

  test('a key, quoted as those around', () => {
    expect(edited('a: {"x": 1}\n', { op: 'set', path: ['a', 'y'], value: 'z' })).toBe('a: {"x": 1, "y": z}\n');
  });

  test('a comma does not touch the colon of an empty value', () => {
    expect(edited('a: { b: }\n', { op: 'set', path: ['a', 'c'], value: 1 })).toBe('a: { b: , c: 1 }\n');
  });

  test('a comment goes above the line', () => {
    const edit = { op: 'set', path: ['a', 'b', 'z'], value: 1, comment: 'why' } as const;
    expect(edited('a:\n  b: { x: 1 } # c\n', edit)).toBe('a:\n  # why\n  b: { x: 1, z: 1 } # c\n');
  });

  test('a pair without braces has no place', () => {
    const edit = { op: 'set', path: ['a', 0, 'y'], value: 1 } as const;
    expect(edited('a: [x: 1]\n', edit)).toBe('refused: a[0].y: has no place for another entry');
  });
});

describe('in lines of their own', () => {
  const before = yaml`
    a: [
      x, # about x
      # above y
      y # about y
    ]
  `;

  test('the comma comes before the comment', () => {
    const after = before.replace('y # about y\n', 'y, # about y\n  # why\n  new\n');
    expect(edited(before, { op: 'insert', path: ['a'], value: 'new', comment: 'why' })).toBe(after);
  });

  test('an entry goes above the comments of the next', () => {
    const after = before.replace('  # above y\n', '  new,\n  # above y\n');
    expect(edited(before, { op: 'insert', path: ['a'], value: 'new', at: 1 })).toBe(after);
  });

  test('a last comma stays the last', () => {
    const edit = { op: 'insert', path: ['a'], value: 'new' } as const;
    expect(edited('a: [\n  x,\n]\n', edit)).toBe('a: [\n  x,\n  new,\n]\n');
    expect(edited('a: [\n  x ]\n', edit)).toBe('a: [\n  x,\n  new ]\n');
  });

  test('comments between brackets stay', () => {
    const edit = { op: 'insert', path: ['a'], value: 'new' } as const;
    expect(edited('a: [\n  # none\n]\n', edit)).toBe('a: [\n  # none\n  new\n]\n');
  });
});
