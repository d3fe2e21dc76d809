import { describe, expect, test } from 'vitest';
import type { YamlValue } from '../yaml-edit.js';
import type { YamlPath } from '../yaml-file.js';
import { edited, yaml } from './testing.js';

const set = (text: string, path: YamlPath, value: YamlValue) => edited(text, { op: 'set', path, value });

describe('a scalar in place of a scalar', () => {
  test('keeps the comment behind it', () => {
    expect(set('retries: -1 # forever\n', ['retries'], 3)).toBe('retries: 3 # forever\n');
  });

  test.each([
    ["a: 'old'\n", "a: 'new'\n"],
    ['a: "old"\n', 'a: "new"\n'],
    ['a: old\n', 'a: new\n'],
    ['a:   old\n', 'a:   new\n'],
  ])('keeps quotes and spaces: %j', (before, after) => {
    expect(set(before, ['a'], 'new')).toBe(after);
  });

  test('loses quotes that would make a text of a number', () => {
    expect(set('a: "1"\n', ['a'], 1)).toBe('a: 1\n');
  });

  test('gets the quotes it needs, as the file has them', () => {
    expect(set("a: text\nb: 'x y'\n", ['a'], 'no')).toBe("a: 'no'\nb: 'x y'\n");
  });

  test('takes all lines of a text of several', () => {
    expect(set('a: "one\n  two" # c\nb: 1\n', ['a'], 'x')).toBe('a: "x" # c\nb: 1\n');
    expect(set('a: one\n  two\nb: 1\n', ['a'], 'x')).toBe('a: x\nb: 1\n');
  });

  test('stays on its own line', () => {
    expect(set('a:\n  # why\n  old # c\n', ['a'], 'new')).toBe('a:\n  # why\n  new # c\n');
  });

  test('keeps an anchor that nobody uses, and a tag', () => {
    expect(set('a: &x !custom old\n', ['a'], 'new')).toBe('a: &x !custom new\n');
  });

  test('loses a tag that it would not read as asked with', () => {
    expect(set('a: &x !!str 5\n', ['a'], 6)).toBe('a: &x 6\n');
  });

  test('is quoted within flow where it would end there', () => {
    expect(set('a: [x, y] # c\n', ['a', 1], 'b, c')).toBe('a: [x, "b, c"] # c\n');
  });
});

describe('block scalars', () => {
  test('a text of several lines becomes a literal block, its comment stays on the line of the key', () => {
    expect(set('a: old # c\nb: 1\n', ['a'], 'one\ntwo\n')).toBe('a: | # c\n  one\n  two\nb: 1\n');
  });

  test.each([
    ['|', 'x\ny\n', 'a: |\n    x\n    y\nb: 1\n'],
    ['|', 'x', 'a: |-\n    x\nb: 1\n'],
    ['>-', 'long text', 'a: >-\n    long text\nb: 1\n'],
    ['>-', 'x\ny', 'a: |-\n    x\n    y\nb: 1\n'],
    ['|+ # c', 'x\n\n', 'a: |+ # c\n    x\n\nb: 1\n'],
    ['|', 5, 'a: 5\nb: 1\n'],
    ['|', ' x\ny', 'a: " x\\ny"\nb: 1\n'],
  ])('a %s block keeps its form and its indentation, if it can: %j', (header, value, after) => {
    expect(set(`a: ${header}\n    old\n    text\nb: 1\n`, ['a'], value)).toBe(after);
  });

  test('an empty line below, which a text with line breaks at its end would take, makes it a quoted one', () => {
    expect(set('a: x\n\nb: 1\n', ['a'], 'one\n\n')).toBe('a: "one\\n\\n"\n\nb: 1\n');
  });

  test('at the end of a file, the line break that is part of the text is there', () => {
    expect(set('a: old', ['a'], 'one\ntwo\n')).toBe('a: |\n  one\n  two\n');
    expect(set('a: old', ['a'], 'one\ntwo')).toBe('a: |-\n  one\n  two');
  });
});

describe('a collection in place of something else', () => {
  test('begins below its key', () => {
    expect(set('a: old # c\nb: 1\n', ['a'], { x: 1, v: ['z'] })).toBe('a: # c\n  x: 1\n  v:\n    - z\nb: 1\n');
  });

  test('begins behind a dash', () => {
    expect(set('- old # c\n- b\n', [0], { x: 1, z: 2 })).toBe('- x: 1 # c\n  z: 2\n- b\n');
  });

  test('begins below an anchor', () => {
    expect(set('- &x old\n', [0], { x: 1 })).toBe('- &x\n  x: 1\n');
  });

  test('goes below a key without a value, above the comments there', () => {
    const before = yaml`
      cephClusterSpec: # from the chart
        # mon:
        #   count: 3
      next: 1
    `;
    const after = yaml`
      cephClusterSpec: # from the chart
        mon:
          count: 1
        # mon:
        #   count: 3
      next: 1
    `;
    expect(set(before, ['cephClusterSpec', 'mon', 'count'], 1)).toBe(after);
  });

  test('takes the place of empty brackets in a block', () => {
    expect(set('a: {} # c\n', ['a', 'x'], [])).toBe('a: # c\n  x: []\n');
  });

  test('is flow within flow, spaced as there', () => {
    expect(set('a: {b: 1}\n', ['a', 'b'], { x: [1, 'z'] })).toBe('a: {b: {x: [1, z]}}\n');
  });

  test('replaces the whole document', () => {
    expect(set('# header\n---\na: 1\n', [], ['x'])).toBe('# header\n---\n- x\n');
    expect(set('--- text\n', [], { a: 1 })).toBe('---\na: 1\n');
  });
});

describe('in place of a collection', () => {
  const before = yaml`
    spec: # c
      # first
      a: 1
      b: 2
      # c: 3

    # next
    next: 1
  `;

  test('a scalar comes behind its key; what stands in the collection goes, what stands around stays', () => {
    expect(set(before, ['spec'], 'x')).toBe('spec: x # c\n\n# next\nnext: 1\n');
  });

  test('a sequence comes at its place', () => {
    expect(set(before, ['spec'], ['x'])).toBe('spec: # c\n  # first\n  - x\n\n# next\nnext: 1\n');
  });

  test('an alias goes without the anchor', () => {
    expect(set('a: &x 1\nb: *x # c\n', ['b'], 2)).toBe('a: &x 1\nb: 2 # c\n');
  });
});

describe('a key with a question mark', () => {
  test('gets its value behind the colon', () => {
    expect(set('? a\n: 1 # c\n', ['a'], { x: 1, z: 2 })).toBe('? a\n: x: 1 # c\n  z: 2\n');
  });

  test('gets a colon where it has none', () => {
    expect(set('? a\nb: 1\n', ['a'], 'x')).toBe('? a\n: x\nb: 1\n');
  });
});

describe('maps on the way', () => {
  test('are created in the style of the file', () => {
    const before = 'a:\n    list:\n    - x\n';
    expect(set(before, ['b', 'c'], { list: ['y'] })).toBe(`${before}b:\n    c:\n        list:\n        - "y"\n`);
  });

  test('are not created where something else is', () => {
    expect(set('a: text\n', ['a', 'b'], 1)).toBe('refused: a.b: is a text, so no key b can be added to it');
    expect(set('a: [1]\n', ['a', 4], 1)).toBe('refused: a[4]: has no item 4; insert it');
  });
});
