import { expect, test } from 'vitest';
import { levelsAtMost, parseDocuments } from './parse-documents.js';
import { YamlFile } from './yaml-file.js';

const nested: readonly (readonly [string, (levels: number) => string])[] = [
  ['flow sequences', (levels) => '['.repeat(levels) + ']'.repeat(levels)],
  ['flow mappings', (levels) => `${'{a: '.repeat(levels)}1${'}'.repeat(levels)}`],
  ['mappings', (levels) => Array.from({ length: levels }, (_, level) => `${' '.repeat(level)}a:`).join('\n')],
  ['sequences in one line', (levels) => `${'- '.repeat(levels)}a`],
  ['keys that are mappings', (levels) => `${'? '.repeat(levels)}a`],
  ['what never ends', (levels) => '['.repeat(levels)],
];

test.each(nested)('%s: read up to a depth, refused beyond, and never the end of the process', (_, text) => {
  expect(() => parseDocuments(text(levelsAtMost - 1))).not.toThrow();
  // At some of these the end of the stack would be in a regular expression.
  for (let levels = levelsAtMost + 2; levels < 6_000; levels = Math.ceil(levels * 1.3))
    expect(YamlFile.read('a.yaml', text(levels)).problems).toMatchObject([{ code: 'TOO_DEEP' }]);
});

test('many brackets are not many levels', () => {
  expect(parseDocuments(`a: |\n  ${'['.repeat(5_000)}\nb: [${'[], '.repeat(5_000)}]\n`)).toHaveLength(1);
});

test('nothing at all is no document', () => {
  expect(parseDocuments('')).toEqual([]);
});
