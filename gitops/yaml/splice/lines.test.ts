import { expect, test } from 'vitest';
import { blanksAbove, columnOf, commentsAbove, commentsBelow, lineAfter, lineEnd, lineStart } from './lines.js';

test('a byte order mark is in no column', () => {
  expect(columnOf('\ufeffab', 2)).toBe(1);
  expect(lineStart('\ufeffab\n', 0)).toBe(0);
});

test('a line ends before its break', () => {
  expect(lineEnd('ab\r\nc', 0)).toBe(2);
  expect(lineEnd('ab\r\nc', 4)).toBe(5);
});

test('content that ends with its own line break is followed by the next line', () => {
  expect(lineAfter('ab\nc\n', 2)).toBe(3);
  expect(lineAfter('ab\nc\n', 3)).toBe(3);
});

test('comments above end at an empty line, and at the bound', () => {
  const text = '# a\n\n# b\n# c\nkey: 1\n';
  expect(commentsAbove(text, text.indexOf('key'), 0)).toBe(text.indexOf('# b'));
  expect(commentsAbove(text, text.indexOf('key'), text.indexOf('# c'))).toBe(text.indexOf('# c'));
});

test('empty lines above end at the bound', () => {
  expect(blanksAbove('a\n\n \nb\n', 5, 0)).toBe(2);
  expect(blanksAbove('a\n\n \nb\n', 5, 3)).toBe(3);
});

test('comments below are those that stand deeper, across empty lines', () => {
  const text = 'a:\n  b: 1\n\n  # c: 2\n# d\n';
  expect(commentsBelow(text, text.indexOf('\n\n'), 0)).toBe(text.indexOf('\n# d'));
  expect(commentsBelow(text, text.indexOf('\n\n'), 2)).toBe(text.indexOf('\n\n'));
});
