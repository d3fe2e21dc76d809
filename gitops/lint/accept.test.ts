import { expect, test } from 'vitest';
import { treeOfTexts } from '../source/file-tree.js';
import { accept } from './accept.js';
import type { Finding } from './finding.js';
import { readRepository } from '../model/read-repository.js';

const now = Date.parse('2026-06-15T12:00:00Z');
const rules = new Set(['plaintext-secret', 'missing-timeout']);

function finding(line: number, more: Partial<Finding> = {}): Finding {
  const base = { severity: 'error', file: 'a.yaml', column: 3, subject: 'Secret db/a', message: 'is wrong' } as const;
  return { rule: 'plaintext-secret', line, ...base, ...more };
}

/** `open` are the lines of what is left of the findings, `said` what is said of the acceptances. */
function judge(files: Readonly<Record<string, string>>, findings: readonly Finding[], ranRules = rules) {
  const verdict = accept(findings, readRepository(treeOfTexts(files)), { now, knownRules: rules, ranRules });
  const [open, own] = [[...verdict.findings], [] as Finding[]];
  for (const one of verdict.findings)
    if (one.rule.startsWith('accept-')) own.push(...open.splice(open.indexOf(one), 1));
  return {
    open: open.map(({ line }) => line),
    accepted: verdict.accepted.map(({ finding: { line }, by }) => `${line}: ${by.reason}`),
    said: own.map(({ file, line, column, rule, message }) => `${file}:${line}:${column} ${rule} ${message}`),
  };
}

test('a comment behind a value accepts on its line only', () => {
  const files = {
    'a.yaml': 'a: 1\nb: 2 # joinpoint:accept plaintext-secret until 2026-12-31: a test database\nc: 3\n',
  };
  expect(judge(files, [finding(1), finding(2), finding(3)])).toEqual({
    open: [1, 3],
    accepted: ['2: a test database'],
    said: [],
  });
});

test('comments above accept on the next line, several of them too', () => {
  const files = {
    'a.yaml': `a: 1
# joinpoint:accept plaintext-secret until 2026-12-31: why
# joinpoint:accept missing-timeout until 2026-12-31: because

b: 2
c: 3
`,
  };
  const timeout = { rule: 'missing-timeout' };
  expect(judge(files, [finding(1), finding(5), finding(5, timeout), finding(6, timeout)])).toEqual({
    open: [1, 6],
    accepted: ['5: because', '5: why'],
    said: [],
  });
});

test('of another rule or in another file it accepts nothing, and says so', () => {
  const files = { 'a.yaml': 'a: 1 # joinpoint:accept missing-timeout until 2026-12-31: why\n', 'b.yaml': 'a: 1\n' };
  expect(judge(files, [finding(1), finding(1, { file: 'b.yaml', rule: 'missing-timeout' })])).toEqual({
    open: [1, 1],
    accepted: [],
    said: ['a.yaml:1:6 accept-unused accepts nothing (why): missing-timeout finds nothing there; remove it'],
  });
});

test('nothing is said of an acceptance whose rule did not run', () => {
  const files = { 'a.yaml': 'a: 1 # joinpoint:accept missing-timeout until 2026-12-31: why\n' };
  expect(judge(files, [], new Set(['plaintext-secret'])).said).toEqual([]);
});

test('it accepts through its day, and is an error of its own from the next', () => {
  const until = (day: string) => ({ 'a.yaml': `a: 1 # joinpoint:accept plaintext-secret until ${day}: why\n` });
  expect(judge(until('2026-06-15'), [finding(1)]).open).toEqual([]);
  expect(judge(until('2026-06-14'), [finding(1)])).toEqual({
    open: [1],
    accepted: [],
    said: [
      'a.yaml:1:6 accept-expired ended with 2026-06-14 (why); mend what it accepts, or give it a new day and say why',
    ],
  });
});

test.each([
  ['no reason', 'plaintext-secret until 2026-12-31', 'it does not name rule, day and reason'],
  ['no day', 'plaintext-secret: why', 'it does not name rule, day and reason'],
  ['nothing', '', 'it does not name rule, day and reason'],
  ['a day that is none', 'plaintext-secret until 2026-02-30: why', '2026-02-30 is no day'],
  ['a day in another form', 'plaintext-secret until 31.12.2026: why', '31.12.2026 is no day'],
])('malformed: %s', (_, said, what) => {
  const { open, said: messages } = judge({ 'a.yaml': `a: 1 # joinpoint:accept ${said}\n` }, [finding(1)]);
  expect(open).toEqual([1]);
  expect(messages).toEqual([
    `a.yaml:1:6 accept-malformed is no acceptance and accepts nothing: ${what}; write # joinpoint:accept <rule> until <YYYY-MM-DD>: <reason>`,
  ]);
});

test('a mark that is nearly one is malformed, and not passed over', () => {
  const { open, said } = judge({ 'a.yaml': 'a: 1 # joinpoint: accept plaintext-secret until 2026-12-31: why\n' }, [
    finding(1),
  ]);
  expect(open).toEqual([1]);
  expect(said).toEqual([
    expect.stringContaining('accepts nothing: it begins with joinpoint: accept; write # joinpoint:accept '),
  ]);
});

test('a rule that there is not is malformed, with the one that was meant', () => {
  const files = { 'a.yaml': 'a: 1 # joinpoint:accept plaintext-secrets until 2026-12-31: why\n' };
  expect(judge(files, []).said).toEqual([
    'a.yaml:1:6 accept-malformed accepts nothing: there is no rule plaintext-secrets; did you mean plaintext-secret?',
  ]);
});

test('text that only looks like a comment accepts nothing', () => {
  const said = '# joinpoint:accept plaintext-secret until 2026-12-31: why';
  const files = { 'a.yaml': `block: |\n  ${said}\nquoted: "x ${said}"\nplain: x${said.replaceAll(': ', ' ')}\n` };
  expect(judge(files, [finding(1), finding(2), finding(3), finding(4)])).toMatchObject({ accepted: [], said: [] });
});

test('the file accepts by glob and subject', () => {
  const files = {
    '.joinpoint-accept.yaml': `
- rule: plaintext-secret
  file: apps/*/secret.yaml
  reason: made for tests
  until: 2026-12-31
- { rule: missing-timeout, file: '**', subject: HelmRelease db/*, reason: slow, until: 2026-12-31 }
`,
  };
  const timeout = (line: number, subject: string) => finding(line, { rule: 'missing-timeout', subject });
  expect(
    judge(files, [
      finding(1, { file: 'apps/db/secret.yaml' }),
      finding(2, { file: 'apps/db/app/secret.yaml' }),
      timeout(3, 'HelmRelease db/a'),
      timeout(4, 'HelmRelease web/a'),
      timeout(5, 'Kustomization db/a'),
    ]),
  ).toEqual({ open: [4, 5, 2], accepted: ['3: slow', '1: made for tests'], said: [] });
});

test.each([
  ['{ a: 1 }', '1:1', 'is no list'],
  ['- text', '1:3', 'it is no mapping'],
  ['- { rule: a, file: b, until: 2026-12-31 }', '1:3', 'reason is missing'],
  ['- { rule: a, file: b, reason: c }', '1:3', 'until is missing'],
  ['- { rule: a, files: b, reason: c, until: 2026-12-31 }', '1:14', 'there is no key files'],
  ['- { rule: a, file: b, reason: "", until: 2026-12-31 }', '1:23', 'reason is no text, or empty'],
  ['- { rule: a, file: b, reason: c, until: 2026-13-01 }', '1:34', '2026-13-01 is no day'],
  ['- { rule: a', '1:12', 'is not valid YAML'],
])('malformed in the file: %s', (text, place, what) => {
  const { said } = judge({ '.joinpoint-accept.yaml': text }, []);
  expect(said).toHaveLength(1);
  expect(said[0]).toMatch(`.joinpoint-accept.yaml:${place} accept-malformed `);
  expect(said[0]).toContain(what);
});

test('an empty file, and one of comments, is none', () => {
  expect(judge({ '.joinpoint-accept.yaml': '# nothing\n' }, []).said).toEqual([]);
});

test.each(['(a+)+b', '*(a|*a)b', '*a*a*a*a*a*a*a*a*b'])(
  'a glob that backtracks without end is only a text: %s',
  (glob) => {
    const acceptances = `- { rule: plaintext-secret, file: "${glob}", reason: why, until: 2026-12-31 }\n`;
    const started = performance.now();
    const found = ['a'.repeat(100), glob].map((file, index) => finding(index + 1, { file }));
    expect(judge({ '.joinpoint-accept.yaml': acceptances }, found)).toMatchObject({ open: [1], accepted: ['2: why'] });
    expect(performance.now() - started).toBeLessThan(2_000);
  },
);
