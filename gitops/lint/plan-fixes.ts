/** Works out what the safe fixes of a tree's findings come to; nothing is written. */
import type { FileTree } from '../source/file-tree.js';
import { treeWithFiles } from '../source/tree-with-files.js';
import type { YamlEdit, YamlEditResult } from '../yaml/yaml-edit.js';
import type { Finding, Fix } from './finding.js';
import { newFindings, stableKey } from './new-findings.js';

export interface FixPlan {
  /** Whole texts of the files that change. */
  readonly texts: ReadonlyMap<string, string>;
  readonly made: readonly { readonly finding: Finding; readonly summary: string }[];
  /** Fixes that were not made: refused, of no effect, or because they would bring something new. */
  readonly left: readonly { readonly finding: Finding; readonly why: string }[];
}

export interface FixOptions {
  readonly editYaml: (text: string, edits: readonly YamlEdit[]) => YamlEditResult;
  /** Judges a tree: what it says of the edited tree decides whether a fix was one. */
  readonly findingsOf: (tree: FileTree) => readonly Finding[];
}

/**
 * Fixes are made together, those further down in a file first, so that none moves what another names. Where the tree
 * after them is not better in just that way, each half is tried by itself, down to the fixes at fault, which are left.
 */
export function planFixes(tree: FileTree, options: FixOptions): FixPlan {
  const findings = options.findingsOf(tree);
  const made: { finding: Finding; summary: string }[] = [];
  const left: { finding: Finding; why: string }[] = [];
  let state: State = { texts: new Map(), findings };
  const make = (wanted: readonly Fixable[]): void => {
    const attempted = wanted.length === 0 ? state : attempt(tree, state, wanted, options);
    if (!('why' in attempted)) {
      state = attempted;
      made.push(...wanted.map((finding) => ({ finding, summary: finding.fix.summary })));
    } else if (wanted.length === 1) left.push({ finding: wanted[0]!, why: attempted.why });
    else for (const half of halves(wanted)) make(half);
  };
  make(findings.filter((finding): finding is Fixable => finding.fix !== undefined).toReversed());
  return { texts: state.texts, made, left };
}

type Fixable = Finding & { readonly fix: Fix };

/** The tree so far: the files that changed, and what is said of it. */
interface State {
  readonly texts: ReadonlyMap<string, string>;
  readonly findings: readonly Finding[];
}

/** The state after the fixes; why not, where one cannot be made or the findings are not just those without the fixed ones. */
function attempt(
  tree: FileTree,
  { texts, findings: before }: State,
  wanted: readonly Fixable[],
  options: FixOptions,
): State | { readonly why: string } {
  let edited = texts;
  for (const { fix } of wanted) {
    const next = applyFix(tree, edited, fix, options);
    if ('why' in next) return next;
    edited = next.texts;
  }
  const findings = options.findingsOf(treeWithFiles(tree, edited));
  const [brought] = newFindings(before, findings);
  if (brought) return { why: `its fix would bring ${brought.rule}: ${brought.subject}: ${brought.message}` };
  if (!areGone(wanted, before, findings)) return { why: 'its fix does not end it; mend it by hand' };
  return { texts: edited, findings };
}

function halves<T>(items: readonly T[]): readonly (readonly T[])[] {
  const middle = Math.ceil(items.length / 2);
  return [items.slice(0, middle), items.slice(middle)];
}

/** Of several alike, as many fewer as were fixed. */
function areGone(fixed: readonly Finding[], before: readonly Finding[], after: readonly Finding[]): boolean {
  const [goal, old, now] = [counts(fixed), counts(before), counts(after)];
  return [...goal].every(([key, count]) => (now.get(key) ?? 0) <= (old.get(key) ?? 0) - count);
}

function counts(findings: readonly Finding[]): ReadonlyMap<string, number> {
  const counted = new Map<string, number>();
  for (const key of findings.map(stableKey)) counted.set(key, (counted.get(key) ?? 0) + 1);
  return counted;
}

/** All files of a fix or none. */
function applyFix(
  tree: FileTree,
  texts: ReadonlyMap<string, string>,
  fix: Fix,
  { editYaml }: FixOptions,
): { readonly texts: ReadonlyMap<string, string> } | { readonly why: string } {
  const edited = new Map(texts);
  for (const [path, edits] of Object.entries(fix.edits)) {
    const text = edited.get(path) ?? new TextDecoder('utf-8', { ignoreBOM: true }).decode(tree.read(path));
    const result = editYaml(text, edits);
    if (result.status === 'refused') {
      const { line, column } = result.position;
      return { why: `${path}:${line}:${column} cannot be edited: ${result.reason}; mend it by hand` };
    }
    edited.set(path, result.text);
  }
  return { texts: edited };
}
