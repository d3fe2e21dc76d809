import { describe, expect, test } from 'vitest';
import { appendDocument, insertDocument, removeDocument } from './edit-documents.js';
import type { YamlEditResult } from './yaml-edit.js';

const textOf = (result: YamlEditResult) => (result.status === 'edited' ? result.text : `refused: ${result.reason}`);

describe('a document at the end', () => {
  test.each([
    ['a: 1\n', 'a: 1\n---\nb:\n  - 2\n'],
    ['a: 1', 'a: 1\n---\nb:\n  - 2'],
    ['---\r\na: 1\r\n', '---\r\na: 1\r\n---\r\nb:\r\n  - 2\r\n'],
    ['x:\n    y:\n    - 1\n', 'x:\n    y:\n    - 1\n---\nb:\n- 2\n'],
    ['a: 1\n...\n', 'a: 1\n...\n---\nb:\n  - 2\n'],
    ['', 'b:\n  - 2\n'],
    ['# only a comment\n', '# only a comment\nb:\n  - 2\n'],
  ])('%j', (before, after) => {
    expect(textOf(appendDocument(before, { b: [2] }))).toBe(after);
  });

  test('is nothing new where there is an equal one', () => {
    expect(textOf(appendDocument('a: 1\n---\nb: 2\n', { a: 1 }))).toBe('a: 1\n---\nb: 2\n');
  });
});

describe('a document before another', () => {
  test('comes before its marker', () => {
    expect(textOf(insertDocument('a: 1\n# c\n---\nb: 2\n', 1, { x: 1 }))).toBe('a: 1\n# c\n---\nx: 1\n---\nb: 2\n');
  });

  test('gives the first one a marker', () => {
    expect(textOf(insertDocument('a: 1\n', 0, { x: 1 }))).toBe('---\nx: 1\n---\na: 1\n');
    expect(textOf(insertDocument('# c\n---\na: 1\n', 0, { x: 1 }))).toBe('# c\n---\nx: 1\n---\na: 1\n');
  });

  test('not before directives, nor before nothing', () => {
    expect(textOf(insertDocument('%YAML 1.2\n---\na: 1\n', 0, 'x'))).toMatch(/^refused: document 0 has directives/);
    expect(textOf(insertDocument('a: 1\n', 7, 'x'))).toBe('refused: there is no document 7 to insert one before');
  });
});

describe('a document less', () => {
  const text = '# header\na: 1\n---\nb: 2\n# c\n--- # third\nc: 3';

  test.each([
    [0, '# header\n---\nb: 2\n# c\n--- # third\nc: 3'],
    [1, '# header\na: 1\n--- # third\nc: 3'],
    [2, '# header\na: 1\n---\nb: 2\n# c'],
    [7, text],
  ])('without document %i', (index, after) => {
    expect(textOf(removeDocument(text, index))).toBe(after);
  });

  test('with its directives', () => {
    expect(textOf(removeDocument('a: 1\n...\n%YAML 1.1\n---\nb: 2\n', 1))).toBe('a: 1\n...\n');
  });

  test('only while it has the value that is named', () => {
    expect(textOf(removeDocument('a: 1\n---\na: 2\n', 0, { a: 2 }))).toBe('a: 1\n---\na: 2\n');
  });

  test('the last one leaves nothing', () => {
    expect(textOf(removeDocument('---\na: 1\n', 0))).toBe('');
  });
});
