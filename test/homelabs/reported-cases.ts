/** Which rule reports what is expected of a replayed failure, and where: the linter's column of docs/lint-cases.md. */
import { type Finding, inOrder } from '../../gitops/lint/finding.js';
import { runChangeRules, runRules } from '../../gitops/lint/run-rules.js';
import { readRepository } from '../../gitops/model/read-repository.js';
import { changeRules, rules } from '../../gitops/rules/registry.js';
import { type ExpectedFinding, previousTree, type ReplayCase, replayTree } from './replay-trees.js';

export interface Reported {
  readonly expected: ExpectedFinding;
  /** Undefined where nothing is said of it. */
  readonly finding: Finding | undefined;
}

/** Seen only in the change, where the data names the rule that would see it in the tree. */
const alsoSeenBy: Readonly<Record<string, string>> = { 'api-version-not-served': 'api-version-before-upgrade' };

/** One for each expected finding, in their order. */
export function reportedOf(one: ReplayCase): readonly Reported[] {
  const after = readRepository(replayTree(one));
  const before = previousTree(one);
  const all = inOrder([
    ...runRules(rules, after),
    ...(before ? runChangeRules(changeRules, readRepository(before), after) : []),
  ]);
  return one.expect.map((expected) => ({ expected, finding: all.find((finding) => isOf(expected, finding)) }));
}

function isOf({ rule, file, subject, message }: ExpectedFinding, finding: Finding): boolean {
  return (
    (finding.rule === rule || finding.rule === alsoSeenBy[rule]) &&
    (finding.file === file || finding.file.startsWith(`${file}/`)) &&
    namesOf(subject).some((name) => finding.subject.includes(name)) &&
    // Of several about one object, the one of the same dependency.
    (rule !== 'dangling-depends-on' || `${subject} ${finding.message}`.includes(message.split(',')[0]!)) &&
    // A parent applies what the data names it for.
    (rule !== 'two-owners' || finding.subject.startsWith(subject.split(' ')[0]!))
  );
}

/** `Schedule storage/daily-backup, storage/weekly-backup` is about either; a parent is told by its file. */
function namesOf(subject: string): readonly string[] {
  const [first, ...others] = subject.replace(/ \(.*\)$/, '').split(/[ ,]+/);
  const names = others.length > 0 ? others : [first!];
  return names
    .map((name) => name.split('/').at(-1)!)
    .concat(subject.startsWith('Kustomization flux-system/') ? [''] : []);
}

/** Cells of a markdown table: a rule with its page, and where it stands. */
export function lintCell(one: ReplayCase): string {
  const reported = reportedOf(one);
  if (reported.length === 0) return controlCell(one);
  const byRule = new Map<string, string[]>();
  for (const { expected, finding } of reported) {
    const rule =
      finding?.rule ?? (expected.layer === 'live' ? 'no file shows it' : `${expected.rule} **not reported**`);
    const text = finding ? `[${rule}](rules/${rule}.md)` : rule;
    const places = byRule.get(text) ?? [];
    byRule.set(text, places);
    if (finding) places.push(`${shortened(finding.file)}:${finding.line}`);
  }
  return [...byRule].map(([rule, places]) => [rule, shortList(places)].filter(Boolean).join(' ')).join('; ');
}

/** A negative control: what was mended there must not be reported. */
function controlCell(one: ReplayCase): string {
  const found = runRules(
    rules.filter(({ id, layer }) => layer === 'build' || id === 'dangling-depends-on'),
    readRepository(replayTree(one)),
  );
  // Of 09 the references are mended later.
  const wrong = found.filter(
    ({ rule, severity }) => severity === 'error' && (one.id !== '09-after' || rule !== 'dangling-depends-on'),
  );
  return wrong.length === 0 ? 'silent, as it should be' : `**wrongly**: ${wrong.map(({ rule }) => rule).join(', ')}`;
}

function shortened(file: string): string {
  return file.replace(/^kubernetes\/(?:apps\/)?/, '');
}

function shortList(places: readonly string[]): string {
  const shown = places.slice(0, 3).join(', ');
  return places.length > 3 ? `${shown} and ${places.length - 3} more` : shown;
}
