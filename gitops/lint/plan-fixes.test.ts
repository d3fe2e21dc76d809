import { expect, test } from 'vitest';
import { type FileTree, treeOfTexts } from '../source/file-tree.js';
import { editYaml } from '../yaml/edit-yaml.js';
import type { YamlEdit } from '../yaml/yaml-edit.js';
import { YamlFile } from '../yaml/yaml-file.js';
import type { Finding } from './finding.js';
import { planFixes } from './plan-fixes.js';

const set = (path: string, value: number): YamlEdit => ({ op: 'set', document: 0, path: path.split('.'), value });

/** A finding for every key of a rule that a file has; its fix makes the edits. */
type Rule = (file: string, data: Record<string, unknown>) => readonly Pick<Finding, 'subject' | 'message' | 'fix'>[];

function plan(files: Readonly<Record<string, string>>, ...rules: readonly Rule[]) {
  const findingsOf = (tree: FileTree): readonly Finding[] =>
    tree.paths.flatMap((file) => {
      const { documents } = YamlFile.read(file, Buffer.from(tree.read(file)).toString());
      const data = (documents[0]?.value ?? {}) as Record<string, unknown>;
      return rules.flatMap((rule) =>
        rule(file, data).map((said) => ({ rule: 'r', severity: 'error' as const, file, line: 1, column: 1, ...said })),
      );
    });
  const { texts, made, left } = planFixes(treeOfTexts(files), { editYaml, findingsOf });
  return {
    texts: Object.fromEntries(texts),
    made: made.map(({ finding }) => finding.subject).sort(),
    left: left.map(({ finding, why }) => `${finding.subject}: ${why}`),
  };
}

const fix = (file: string, ...edits: readonly YamlEdit[]) => ({ summary: 'mend it', edits: { [file]: edits } });

/** Whatever is 0 must be 1. */
const noZero: Rule = (file, data) =>
  Object.keys(data)
    .filter((key) => data[key] === 0)
    .map((key) => ({ subject: key, message: 'is 0', fix: fix(file, set(key, 1)) }));

test('all fixes of all files, and nothing but them', () => {
  const files = { 'a.yaml': 'a: 0 # why\nb: 2\nc: 0\n', 'b.yaml': '# head\nd: 0', 'c.yaml': 'e: 5\n' };
  expect(plan(files, noZero)).toEqual({
    texts: { 'a.yaml': 'a: 1 # why\nb: 2\nc: 1\n', 'b.yaml': '# head\nd: 1' },
    made: ['a', 'c', 'd'],
    left: [],
  });
});

test('items of one list are removed from the end, so that none moves what another names', () => {
  const noOdd: Rule = (file, data) =>
    (data['list'] as readonly number[]).flatMap((item, index) =>
      item % 2 === 0
        ? []
        : [
            {
              subject: `item ${item}`,
              message: 'is odd',
              fix: fix(file, { op: 'remove', document: 0, path: ['list', index] }),
            },
          ],
    );
  const { texts } = plan({ 'a.yaml': 'list:\n  - 1\n  - 2\n  - 3\n  - 4\n  - 5\n' }, noOdd);
  expect(texts).toEqual({ 'a.yaml': 'list:\n  - 2\n  - 4\n' });
});

test('a fix that would bring another finding is left, and the others are made', () => {
  const noThree: Rule = (_, data) => (data['x'] === 3 ? [{ subject: 'x', message: 'is 3' }] : []);
  const wrong: Rule = (file, data) =>
    data['x'] === 0 ? [{ subject: 'x is 0', message: 'is 0', fix: fix(file, set('x', 3)) }] : [];
  const { texts, made, left } = plan({ 'a.yaml': 'a: 0\nx: 0\n' }, wrong, noThree, (file, data) =>
    noZero(file, { ...data, x: 1 }),
  );
  expect(texts).toEqual({ 'a.yaml': 'a: 1\nx: 0\n' });
  expect(made).toEqual(['a']);
  expect(left).toEqual(['x is 0: its fix would bring r: x: is 3']);
});

test('a fix that does not end its finding is left', () => {
  const stubborn: Rule = (file) => [{ subject: 'a', message: 'is wrong', fix: fix(file, set('b', 1)) }];
  expect(plan({ 'a.yaml': 'a: 1\n' }, stubborn)).toEqual({
    texts: {},
    made: [],
    left: ['a: its fix does not end it; mend it by hand'],
  });
});

test('a fix that cannot be made exactly is left with the place and the reason', () => {
  const through: Rule = (file) => [{ subject: 'a', message: 'is 0', fix: fix(file, set('a.b', 1)) }];
  const { texts, left } = plan({ 'a.yaml': 'a: text\n' }, through);
  expect(texts).toEqual({});
  expect(left[0]).toMatch(/^a: a\.yaml:1:\d cannot be edited: .*; mend it by hand$/);
});

test('all files of a fix or none', () => {
  const both: Rule = (file, data) =>
    file === 'a.yaml' && data['a'] === 0
      ? [
          {
            subject: 'a',
            message: 'is 0',
            fix: { summary: '', edits: { 'a.yaml': [set('a', 1)], 'b.yaml': [set('b.c', 1)] } },
          },
        ]
      : [];
  expect(plan({ 'a.yaml': 'a: 0\n', 'b.yaml': 'b: text\n' }, both)).toMatchObject({ texts: {}, made: [] });
});
