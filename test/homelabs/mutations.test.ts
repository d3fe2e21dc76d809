/** Ten thousand damaged files: every file of six real repositories, five times over, each time with other damage. */
import { expect, test } from 'vitest';
import { readRepository } from '../../gitops/model/read-repository.js';
import { askAll } from '../../gitops/model/testing.js';
import { treeOfTexts } from '../../gitops/source/file-tree.js';
import { homelabNames, missingData, treeOfFolders } from './homelab-trees.js';

const rounds = 5;

test.skipIf(missingData !== '').for(homelabNames)(`%s is read, whatever happens to its files${missingData}`, (name) => {
  const { files } = readRepository(treeOfFolders([name]));
  for (let round = 0; round < rounds; round++) {
    const random = randomFrom(round * 7_919 + files.length);
    const damaged = files.map(({ path, text }) => [path, damage(text, random)] as const);
    expect(askAll(readRepository(treeOfTexts(Object.fromEntries(damaged))))).toBeGreaterThan(0);
  }
});

type Random = (below: number) => number;

/** Mulberry32: the same damage in every run. */
function randomFrom(seed: number): Random {
  let state = seed >>> 0;
  return (below) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) % Math.max(1, below);
  };
}

const pieces = [
  '{',
  '}',
  '[',
  ']',
  ': ',
  '- ',
  '#',
  '&a ',
  '*a',
  '!x ',
  '|',
  '>',
  "'",
  '"',
  '%',
  '@',
  '\t',
  '\n',
  '\0',
  '${',
  '<<: ',
  '---\n',
  '\uFEFF',
  '😀',
];

/** Most files are hit once or twice, so that most of a tree still holds together. */
function damage(text: string, random: Random): string {
  let result = text;
  for (let times = random(3); times > 0; times--) result = hit(result, random);
  return result;
}

function hit(text: string, random: Random): string {
  const at = random(text.length);
  const lines = text.split('\n');
  const line = random(lines.length);
  switch (random(6)) {
    case 0:
      return text.slice(0, at) + pieces[random(pieces.length)] + text.slice(at);
    case 1:
      return text.slice(0, at) + text.slice(at + 1 + random(20));
    case 2:
      return lines.toSpliced(line, 0, lines[random(lines.length)] ?? '').join('\n');
    case 3:
      return lines.toSpliced(line, 1).join('\n');
    case 4:
      return lines.with(line, ' '.repeat(random(4)) + (lines[line] ?? '')).join('\n');
    default:
      return lines
        .with(line, (lines[line] ?? '').replace(/: .*/, `: ${['7', 'null', '[]', '{a: b}', 'true', ''][random(6)]}`))
        .join('\n');
  }
}
