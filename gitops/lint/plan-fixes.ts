/** Works out what the safe fixes of a tree's findings come to; nothing is written. */
import type { FileTree } from '../source/file-tree.js';
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

/** A fix may uncover another finding; more rounds than this are a rule that fights another. */
const roundsAtMost = 5;

/**
 * Fixes of one round are made together, those further down in a file first, so that none moves what another names.
 * Where the tree after them is not better in just that way, they are made one by one, and those at fault are left.
 */
export function planFixes(tree: FileTree, options: FixOptions): FixPlan {
  const state: State = { texts: new Map(), made: [], left: [] };
  let findings = options.findingsOf(tree);
  for (let round = 0; round < roundsAtMost; round++) {
    const open = fixable(findings, state);
    if (open.length === 0) break;
    findings = tryFixes(tree, open, findings, state, options) ?? oneByOne(tree, open, findings, state, options);
  }
  return state;
}

interface State {
  texts: ReadonlyMap<string, string>;
  readonly made: { finding: Finding; summary: string }[];
  readonly left: { finding: Finding; why: string }[];
}

type Fixable = Finding & { readonly fix: Fix };

function fixable(findings: readonly Finding[], { left }: State): readonly Fixable[] {
  const refused = new Set(left.map(({ finding }) => stableKey(finding)));
  return findings
    .filter((finding): finding is Fixable => finding.fix !== undefined && !refused.has(stableKey(finding)))
    .toReversed();
}

/** The findings after all of the fixes; undefined, with the state untouched, where they are not as expected. */
function tryFixes(
  tree: FileTree,
  wanted: readonly Fixable[],
  before: readonly Finding[],
  state: State,
  options: FixOptions,
): readonly Finding[] | undefined {
  let { texts } = state;
  for (const { fix } of wanted) {
    const edited = applyFix(tree, texts, fix, options);
    if ('refusal' in edited) return undefined;
    texts = edited.texts;
  }
  const after = options.findingsOf(overlay(tree, texts));
  if (newFindings(before, after).length > 0 || wanted.some((finding) => !isGone(finding, before, after)))
    return undefined;
  state.texts = texts;
  state.made.push(...wanted.map((finding) => ({ finding, summary: finding.fix.summary })));
  return after;
}

/** The findings after those of the fixes that can be made. */
function oneByOne(
  tree: FileTree,
  wanted: readonly Fixable[],
  before: readonly Finding[],
  state: State,
  options: FixOptions,
): readonly Finding[] {
  let findings = before;
  for (const finding of wanted) {
    const edited = applyFix(tree, state.texts, finding.fix, options);
    const why = 'refusal' in edited ? edited.refusal : undefined;
    const after = 'texts' in edited ? options.findingsOf(overlay(tree, edited.texts)) : findings;
    const [brought] = newFindings(findings, after);
    if (why !== undefined) state.left.push({ finding, why });
    else if (brought)
      state.left.push({ finding, why: `its fix would bring ${brought.rule}: ${brought.subject}: ${brought.message}` });
    else if (!isGone(finding, findings, after))
      state.left.push({ finding, why: 'its fix does not end it; mend it by hand' });
    else if ('texts' in edited) {
      state.texts = edited.texts;
      state.made.push({ finding, summary: finding.fix.summary });
      findings = after;
    }
  }
  return findings;
}

function isGone(finding: Finding, before: readonly Finding[], after: readonly Finding[]): boolean {
  const key = stableKey(finding);
  const count = (findings: readonly Finding[]): number => findings.filter((one) => stableKey(one) === key).length;
  return count(after) < count(before);
}

type Edited = { readonly texts: ReadonlyMap<string, string> } | { readonly refusal: string };

/** All files of a fix or none. */
function applyFix(tree: FileTree, texts: ReadonlyMap<string, string>, fix: Fix, { editYaml }: FixOptions): Edited {
  const edited = new Map(texts);
  for (const [path, edits] of Object.entries(fix.edits)) {
    const text = edited.get(path) ?? new TextDecoder('utf-8', { ignoreBOM: true }).decode(tree.read(path));
    const result = editYaml(text, edits);
    if (result.status === 'refused') {
      const { line, column } = result.position;
      return { refusal: `${path}:${line}:${column} cannot be edited: ${result.reason}; mend it by hand` };
    }
    edited.set(path, result.text);
  }
  return { texts: edited };
}

/** The tree with some of its files replaced. */
export function overlay(tree: FileTree, texts: ReadonlyMap<string, string>): FileTree {
  return {
    paths: tree.paths,
    problems: tree.problems,
    read: (path) => {
      const text = texts.get(path);
      return text === undefined ? tree.read(path) : new TextEncoder().encode(text);
    },
  };
}
