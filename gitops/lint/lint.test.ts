import { expect, test } from 'vitest';
import { type FileTree, treeOfTexts } from '../source/file-tree.js';
import { type Finding, inOrder } from './finding.js';
import { lint, lintChange } from './lint.js';
import { newFindings } from './new-findings.js';
import { placeOfFile } from './place.js';
import { readRepository } from '../model/read-repository.js';
import type { ChangeRule, Rule } from './rule.js';
import { runChangeRules, runRules } from './run-rules.js';

const now = Date.parse('2026-06-15T12:00:00Z');
const repository = (files: Readonly<Record<string, string>>) => readRepository(treeOfTexts(files));
const lines = (findings: readonly Finding[]) => findings.map(({ file, line, rule }) => `${file}:${line} ${rule}`);
const twice = 'a: 1\na: 2\n';

test('a tree is judged in order, whatever the order of the rules', () => {
  const { findings } = lint(repository({ 'b.yaml': 'a: [\n', 'a.yaml': `${twice}b: {\n` }), { now });
  expect(lines(findings)).toEqual(['a.yaml:2 duplicate-key', 'a.yaml:4 yaml-parse', 'b.yaml:2 yaml-parse']);
});

test('only the rules that are asked for', () => {
  const { findings } = lint(repository({ 'a.yaml': `${twice}b: {\n` }), { now, only: new Set(['yaml-parse']) });
  expect(lines(findings)).toEqual(['a.yaml:4 yaml-parse']);
});

test('a change brings what was not there before, although lines moved and a file was renamed', () => {
  const object = 'kind: ConfigMap\nmetadata: { name: x }\n';
  const before = repository({ 'a.yaml': object + twice });
  const after = repository({ 'b.yaml': `# moved\n${object}${twice}`, 'c.yaml': twice });
  expect(lines(lintChange(before, after, { now }).findings)).toEqual(['c.yaml:2 duplicate-key']);
  expect(lintChange(before, before, { now }).findings).toEqual([]);
});

test('an acceptance that a change removes brings its finding', () => {
  const accepted = 'a: 1\na: 2 # joinpoint:accept duplicate-key until 2026-12-31: why\n';
  const change = lintChange(repository({ 'a.yaml': accepted }), repository({ 'a.yaml': twice }), { now });
  expect(lines(change.findings)).toEqual(['a.yaml:2 duplicate-key']);
});

test('of two alike the one in a new place is the new one', () => {
  const at = (file: string, line: number): Finding => ({
    rule: 'r',
    severity: 'error',
    file,
    line,
    column: 1,
    subject: 's',
    message: 'is given twice (lines 1 and 2)',
  });
  const again = { ...at('c.yaml', 9), message: 'is given twice (lines 8 and 9)' };
  expect(newFindings([at('a.yaml', 1)], [at('a.yaml', 1), again])).toEqual([again]);
  expect(newFindings([at('a.yaml', 1)], [again])).toEqual([]);
  expect(newFindings([at('a.yaml', 1), at('b.yaml', 1)], [at('a.yaml', 1)])).toEqual([]);
});

test('a rule that breaks becomes a finding, and what it said before stays', () => {
  const draft = { at: placeOfFile('a.yaml'), subject: 's', message: 'm' };
  const broken: Rule = {
    id: 'broken',
    severity: 'warning',
    summary: '',
    layer: 'policy',
    *check() {
      yield draft;
      throw new TypeError('of undefined');
    },
  };
  const brokenChange: ChangeRule = {
    ...broken,
    checkChange: () => {
      throw new RangeError('too deep');
    },
  };
  const empty = repository({});
  const findings = runRules([broken], empty);
  expect(lines(findings)).toEqual(['a.yaml:1 broken', '.:1 rule-failed']);
  expect(findings[1]).toMatchObject({ severity: 'error', subject: 'rule broken' });
  expect(findings[1]!.message).toContain('broke (TypeError: of undefined) after 1 findings');
  expect(lines(runChangeRules([brokenChange], empty, empty))).toEqual(['.:1 rule-failed']);
});

test('that a rule broke can be accepted in the file', () => {
  const accepting = repository({
    '.joinpoint-accept.yaml': '- { rule: rule-failed, file: ".", reason: reported, until: 2026-12-31 }\n',
  });
  const failed: Finding = { rule: 'rule-failed', severity: 'error', ...placeOfFile('.'), subject: 'r', message: 'm' };
  expect(lint(accepting, { now }, [failed]).findings).toEqual([]);
});

test('said twice is said once; code units order, not the language of the machine', () => {
  const at = (file: string): Finding => ({
    rule: 'r',
    severity: 'error',
    file,
    line: 1,
    column: 1,
    subject: 's',
    message: 'm',
  });
  expect(inOrder([at('b'), at('a'), at('Z'), at('a')]).map(({ file }) => file)).toEqual(['Z', 'a', 'b']);
});

test('a list of acceptances that cannot be read accepts nothing, and is a finding', () => {
  const acceptFile = '.joinpoint-accept.yaml';
  const tree: FileTree = {
    ...treeOfTexts({ [acceptFile]: '', 'a.yaml': twice }),
    read(path) {
      if (path === acceptFile) throw new Error('is larger than 16 MB, and is not read; no manifest is');
      return Buffer.from(twice);
    },
  };
  expect(lines(lint(readRepository(tree), { now }).findings)).toEqual([
    '.joinpoint-accept.yaml:1 unreadable-file',
    'a.yaml:2 duplicate-key',
  ]);
});
