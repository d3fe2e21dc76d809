/** Texts with damage: bytes, lines and tokens of YAML where none belong. */
import type { Draw } from '../property/random-yaml.js';

const bytes = [
  ['\0', '\t', '\r', '\n', ' ', ':', '-', '"', "'", '#'],
  ['\ufeff', '\ud800', '\u2028', '\u0002', '\u0018', '\u001f', '\x7f'],
].flat();

const tokens = [
  ['&a ', '*a', '*a ', '&a &b ', '!t ', '!!str ', '!<', '<<: ', '<<: *a\n', '? ', ': ', '- ', '- - - ', '-', '{', '}'],
  ['[', ']', ',', '{ a: ', '[[[[', '| ', '|2-\n', '>+\n', '"', "'", '---\n', '...\n', '--- |\n', '%YAML 1.1\n---\n'],
  [
    '%TAG ! !\n',
    '# ',
    ' #',
    'a: a: a',
    'x:\n',
    '\n\n',
    '\r\n',
    '    ',
    '\t',
    '${',
    '{{ x }}',
    '@',
    '`',
    '=',
    '~',
    'null',
  ],
].flat();

export function mutate(draw: Draw, text: string): string {
  let mutated = text;
  for (let left = 1 + draw.upTo(3); left > 0; left--) mutated = mutateOnce(draw, mutated);
  return mutated;
}

function mutateOnce(draw: Draw, text: string): string {
  const at = draw.upTo(text.length);
  const lines = text.split('\n');
  const line = draw.upTo(lines.length - 1);
  const other = draw.upTo(lines.length - 1);
  const kinds = [
    () => text.slice(0, at) + draw.pick(bytes) + text.slice(at),
    () => text.slice(0, at) + draw.pick(bytes) + text.slice(at + 1),
    () => text.slice(0, at) + text.slice(at + 1 + draw.upTo(5)),
    () => text.slice(0, at) + draw.pick(tokens) + text.slice(at),
    () => text.slice(0, at) + draw.pick(tokens) + text.slice(at),
    () => text.slice(0, at),
    () => lines.toSpliced(line, 1).join('\n'),
    () => lines.toSpliced(line, 0, lines[other]!).join('\n'),
    () => lines.with(line, lines[other]!).with(other, lines[line]!).join('\n'),
    () => lines.with(line, ' '.repeat(1 + draw.upTo(3)) + lines[line]!).join('\n'),
    () => lines.with(line, lines[line]!.replace(/^ {1,2}/, '')).join('\n'),
    () => lines.with(line, lines[line]!.replace(/: (.*)$/, `: ${draw.pick(tokens)}$1`)).join('\n'),
  ];
  return draw.pick(kinds)();
}
