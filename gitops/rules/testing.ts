/** For the tests of rules: what a rule says of a few files, or of a change of them. */
import { type FindingDraft, findingOf, inOrder, type Severity } from '../lint/finding.js';
import { readRepository } from '../model/read-repository.js';
import type { ChangeRule, Rule } from '../lint/rule.js';
import { type FileTree, treeOfTexts } from '../source/file-tree.js';

type Files = Readonly<Record<string, string>>;

/** A finding as a test compares it. */
export interface Seen {
  /** `file:line:column`. */
  readonly at: string;
  readonly subject: string;
  readonly message: string;
  /** Only where it is not the rule's own. */
  readonly severity?: Severity;
  /** `file:line:column message`. */
  readonly related?: readonly string[];
}

/** In the order of their places. */
export function findingsOf(rule: Rule, files: Files | FileTree): readonly Seen[] {
  return seen(rule, rule.check(readRepository(treeOf(files))));
}

/** What a rule says of the change from one set of files to another. */
export function changeFindingsOf(rule: ChangeRule, before: Files, after: Files): readonly Seen[] {
  return seen(rule, rule.checkChange(readRepository(treeOf(before)), readRepository(treeOf(after))));
}

function treeOf(files: Files | FileTree): FileTree {
  return typeof files['read'] === 'function' ? (files as FileTree) : treeOfTexts(files as Files);
}

function seen(rule: Rule | ChangeRule, drafts: Iterable<FindingDraft>): readonly Seen[] {
  return inOrder([...drafts].map((draft) => findingOf(rule, draft))).map(
    ({ file, line, column, subject, message, severity, related }) => ({
      at: `${file}:${line}:${column}`,
      subject,
      message,
      ...(severity !== rule.severity && { severity }),
      ...(related && {
        related: related.map((place) => `${place.file}:${place.line}:${place.column} ${place.message}`),
      }),
    }),
  );
}
