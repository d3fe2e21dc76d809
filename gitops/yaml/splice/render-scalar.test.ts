import { parseDocument } from 'yaml';
import { describe, expect, test } from 'vitest';
import { isLiteral, renderScalar } from './render-scalar.js';

const block = (value: Parameters<typeof renderScalar>[0]) => renderScalar(value, { isFlow: false, quote: "'" });
const flow = (value: string) => renderScalar(value, { isFlow: true, quote: "'" });

describe('a text', () => {
  test.each(['text', 'a b', '10m', '1.2.3', 'http://x.y/z?a=b#c', '--flag=x', 'a,b', 'it is: ', "it's", '1Gi', 'x'])(
    'is plain where that is what it says: %s',
    (text) => {
      expect(block(text.trim())).toBe(text.trim().endsWith(':') ? `'${text.trim()}'` : text.trim());
    },
  );

  test.each(['yes', 'No', 'on', 'OFF', 'y', 'N', 'true', 'null', '~', '', '<<', '='])(
    'is quoted as a word: %s',
    (text) => {
      expect(block(text)).toBe(`'${text}'`);
    },
  );

  test.each([
    '1',
    '-1.5',
    '1e3',
    '0x1F',
    '0o7',
    '017',
    '0b1',
    '1_000',
    '12:30',
    '.inf',
    '.5',
    '2001-01-01',
    '2001-1-1T0:0:0Z',
  ])('is quoted as a number or date: %s', (text) => {
    expect(block(text)).toBe(`'${text}'`);
  });

  test.each([
    '- x',
    '-',
    '?',
    '? x',
    ': x',
    '[a',
    '{a',
    '*a',
    '&a',
    '!a',
    '|',
    '>',
    '%a',
    '@a',
    '`a',
    '"a',
    '#a',
    '---',
    '...x',
  ])('is quoted for how it begins: %s', (text) => {
    expect(block(text)).toBe(`'${text}'`);
  });

  test.each(['a: b', 'a #b', 'a:', ' a', 'a ', 'a\tb'])('is quoted for what is in it: %j', (text) => {
    expect(block(text)).toBe(`'${text}'`);
  });

  test.each(['a,b', '[', 'a]', '{x}', 'a?', ':a'])('is quoted within flow: %s', (text) => {
    expect(flow(text)).toBe(`'${text}'`);
  });

  test.each([
    ['${VAR}', "'${VAR}'"],
    ['1${VAR}', "'1${VAR}'"],
    ['${A}.${B:=x}', "'${A}.${B:=x}'"],
    ['app-${VAR}', 'app-${VAR}'],
    ['${VAR}Mi', '${VAR}Mi'],
  ])('with a variable is quoted where a number could come of it: %s', (text, rendered) => {
    expect(block(text)).toBe(rendered);
  });

  test.each(['a\nb', '\u2028', '\u0085x', '\ufeff', 'a\rb', '\ud83d', '\u007f'])('is escaped: %j', (text) => {
    expect(block(text)).toMatch(/^"[\x20-\x7e]*"$/);
    expect(parseDocument(block(text)).toJS()).toBe(text);
  });
});

test.each([
  [1.5, '1.5'],
  [-0, '-0'],
  [1e21, '1e+21'],
  [NaN, '.nan'],
  [-Infinity, '-.inf'],
  [true, 'true'],
  [null, 'null'],
])('%s is written %s', (value, text) => {
  expect(block(value)).toBe(text);
  expect(parseDocument(text).toJS()).toBe(value);
});

test.each([
  ['a\nb', true],
  ['a\n\n  b\n', true],
  ['\na\n', true],
  ['a', false],
  [' a\nb', false],
  ['a\n  \nb', false],
  ['a\r\nb', false],
  ['\n\n', false],
])('%j may be a literal block: %s', (text, may) => {
  expect(isLiteral(text)).toBe(may);
});
