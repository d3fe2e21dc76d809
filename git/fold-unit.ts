/** What a fold takes of a task: its work as commits, and how a playbook's work is made anew. */
import type { TreeChange } from './commit.js';

/** A task's finished work, as the fold takes it. */
export interface FoldUnit {
  readonly task: string;
  readonly title: string;
  readonly author: string;
  readonly needs: readonly string[];
  /** The work is the difference from `base` to `head`. */
  readonly base: string;
  readonly head: string;
  readonly n: number;
  /** Stages beside the plan's, in order: the commits from `from` on belong to each. */
  readonly later?: readonly LaterStage[];
  /** The branch holds exactly what this playbook wrote: it is carried out anew on the tree so far, and cannot conflict. */
  readonly playbook?: PlaybookWork;
}

/** A stage that a playbook names, pushed and proven after the plan's own. */
export interface LaterStage {
  readonly stage: string;
  /** The commit before the first of the stage. */
  readonly from: string;
}

/** The difference before any later stage, then that of each. */
export function piecesOf({ base, head, later = [] }: Pick<FoldUnit, 'base' | 'head' | 'later'>) {
  const ends = [...later.map(({ from }) => from), head];
  return ends.map((to, at) => ({ from: at === 0 ? base : ends[at - 1]!, to, stage: later[at - 1]?.stage }));
}

export interface PlaybookWork {
  readonly name: string;
  readonly with: Readonly<Record<string, unknown>>;
  /** Whose look-ups are taken again. */
  readonly generation: number;
}

/** What a playbook changes in a tree, in its first stage or in the later one that is named; or why it cannot be carried out there. */
export type Rerun = (
  unit: FoldUnit & { readonly playbook: PlaybookWork },
  laterStage: string | undefined,
  tree: string,
) => Promise<readonly TreeChange[] | { readonly refused: string }>;
