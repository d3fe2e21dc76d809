import { expect, test } from 'vitest';
import type { Finding } from '../../gitops/lint/finding.js';
import { plainStyle } from '../../plan/render-style.js';
import { githubLines } from './format-github.js';
import { jsonReport } from './format-json.js';
import { sarifReport } from './format-sarif.js';
import { textLines } from './format-text.js';
import { type LintReport, nothingFixed } from './report.js';

const dangling: Finding = {
  rule: 'dangling-depends-on',
  severity: 'error',
  file: 'apps/web site/ks.yaml',
  line: 7,
  column: 5,
  endLine: 7,
  endColumn: 12,
  subject: 'Kustomization web/site',
  message: 'depends on nothing: 100%\nof it; see a,b',
  related: [{ file: 'apps/a.yaml', line: 2, column: 1, message: 'is near' }],
};
const timeout: Finding = {
  rule: 'missing-timeout',
  severity: 'warning',
  file: 'apps/web site/ks.yaml',
  line: 9,
  column: 1,
  subject: 'Kustomization web/site',
  message: 'has none',
  fix: { summary: 'set 5m', edits: {} },
};
const broken: Finding = {
  rule: 'rule-failed',
  severity: 'error',
  file: '.',
  line: 1,
  column: 1,
  subject: 'rule x',
  message: 'broke',
};
const secret: Finding = { ...timeout, rule: 'plaintext-secret', line: 3, message: 'stands in clear' };

const report: LintReport = {
  root: '/repo/k8s',
  files: 12,
  isApart: false,
  findings: [broken, dangling, timeout],
  hidden: [timeout, timeout],
  accepted: [
    {
      finding: secret,
      by: {
        rule: 'plaintext-secret',
        until: '2026-12-31',
        reason: 'for tests',
        at: { file: '.joinpoint-accept.yaml', line: 1, column: 3 },
        covers: () => true,
      },
    },
  ],
  layers: [
    { layer: 'kustomize-build', status: 'ran', checked: 3, leftOut: ['apps/x, which has a remote base'] },
    { layer: 'kubeconform', status: 'notRun', why: 'kubeconform is not on PATH' },
  ],
  fixes: nothingFixed,
};
const text = (of: LintReport, cwd = '/repo'): readonly string[] =>
  textLines(of, { style: plainStyle, cwd, fixCommand: 'joinpoint lint k8s --fix' });

test('text: a line for each finding, a block for each file, and what it comes to', () => {
  expect(text(report)).toEqual([
    'k8s:1:1 error rule-failed rule x: broke',
    '',
    'k8s/apps/web site/ks.yaml:7:5 error dangling-depends-on Kustomization web/site: depends on nothing: 100% of it; see a,b',
    'k8s/apps/web site/ks.yaml:9:1 warning missing-timeout Kustomization web/site: has none',
    '',
    'kustomize-build: ran 3 times; left out: apps/x, which has a remote base',
    'kubeconform: not run: kubeconform is not on PATH',
    '2 errors, 1 warning in 2 files; 12 YAML files read; 2 less severe not shown; 1 accepted; 1 can be fixed with: joinpoint lint k8s --fix',
  ]);
});

test('text: nothing is wrong, of a change too', () => {
  const clean = { ...report, findings: [], hidden: [], accepted: [], layers: [] };
  expect(text(clean)).toEqual(['nothing is wrong; 12 YAML files read']);
  expect(text({ ...clean, since: '0123456789abcdef' })).toEqual([
    'nothing new since 0123456789ab is wrong; 12 YAML files read',
  ]);
});

test('text: what --fix made and what it left', () => {
  const fixes = { made: [{ finding: timeout, summary: 'set 5m' }], left: [{ finding: secret, why: 'cannot' }] };
  expect(text({ ...report, findings: [], hidden: [], accepted: [], layers: [], fixes }, '/elsewhere')).toEqual([
    'fixed /repo/k8s/apps/web site/ks.yaml:9 missing-timeout: set 5m',
    'left /repo/k8s/apps/web site/ks.yaml:3 plaintext-secret: cannot',
    'nothing is wrong; 12 YAML files read; 1 fixed',
  ]);
});

test('github: workflow commands with their escapes', () => {
  expect(githubLines(report, '/repo')).toEqual([
    '::error title=rule-failed::rule x: broke (rule-failed)',
    '::error file=k8s/apps/web site/ks.yaml,line=7,col=5,endLine=7,endColumn=12,title=dangling-depends-on::Kustomization web/site: depends on nothing: 100%25%0Aof it; see a,b (dangling-depends-on)',
    '::warning file=k8s/apps/web site/ks.yaml,line=9,col=1,title=missing-timeout::Kustomization web/site: has none (missing-timeout)',
  ]);
  const odd = { ...report, findings: [{ ...timeout, file: 'a,b:c%.yaml' }] };
  expect(githubLines(odd, '/repo')[0]).toContain('file=k8s/a%2Cb%3Ac%25.yaml,');
});

test('json: the shape that is promised', () => {
  expect(jsonReport(report)).toEqual({
    version: 1,
    root: '/repo/k8s',
    counts: {
      findings: 3,
      error: 2,
      warning: 1,
      info: 0,
      byRule: { 'dangling-depends-on': 1, 'missing-timeout': 1, 'rule-failed': 1 },
      fixable: 1,
      accepted: 1,
      hidden: 2,
      files: 12,
    },
    layers: report.layers,
    findings: [broken, dangling, { ...timeout, fix: 'set 5m' }],
    accepted: [
      {
        ...secret,
        fix: 'set 5m',
        acceptedBy: { file: '.joinpoint-accept.yaml', line: 1, until: '2026-12-31', reason: 'for tests' },
      },
    ],
    fixed: [],
    notFixed: [],
  });
});

/** Of this very report, validated against the schema of OASIS, which is not ours to keep here. */
test('sarif: rules, places, fingerprints, suppressions, and what did not run', () => {
  const sarif = sarifReport(report, {
    cwd: '/repo',
    version: '1.2.3',
    rules: [{ id: 'missing-timeout', severity: 'warning', summary: 'There is no timeout.', layer: 'policy' }],
    pageOf: () => '# missing-timeout',
    pageUri: (id) => `https://example.invalid/${id}`,
  });
  expect(sarif).toMatchSnapshot();
});

test('sarif: a fingerprint stays when lines move, and tells several alike apart', () => {
  const prints = (findings: readonly Finding[]): readonly string[] => {
    const options = { cwd: '/repo', version: '1', rules: [], pageOf: () => undefined, pageUri: () => 'about:blank' };
    const { runs } = sarifReport({ ...report, findings, accepted: [] }, options) as {
      runs: [{ results: { partialFingerprints: Record<string, string> }[] }];
    };
    return runs[0].results.map(({ partialFingerprints }) => partialFingerprints['joinpoint/v1']!);
  };
  const [first, second] = prints([timeout, { ...timeout, line: 30 }]);
  expect(prints([{ ...timeout, line: 99, file: 'moved.yaml' }])).toEqual([first]);
  expect(second).not.toBe(first);
});
