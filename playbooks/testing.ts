/** For the tests of playbooks: what one does to a few files, and a playbook that a test makes up. */
import { changedLines } from '../gitops/source/changed-lines.js';
import { treeOfTexts } from '../gitops/source/file-tree.js';
import { type Playbook, type PlaybookStage, playbook } from './playbook.js';
import { runPlaybook } from './run-playbook.js';

type Files = Readonly<Record<string, string>>;

/** What a reviewer sees of it. */
export interface Carried {
  /** By file, its lines that go (`-`) and come (`+`), in order; of a new file every line comes. */
  readonly changes: Readonly<Record<string, readonly string[]>>;
  readonly steps: readonly string[];
  readonly notes: readonly string[];
  readonly files: Files;
}

/** `given` are parameters as a plan gives them. */
export function carriedOut(one: Playbook, files: Files, given: unknown = {}, looked?: unknown): Carried {
  const runs = runPlaybook(one, treeOfTexts(files), one.parameters.parse(given), looked);
  const changed = runs.flatMap((run) => [...run.files]);
  const after: Record<string, string> = { ...files };
  for (const [path, text] of changed) {
    if (text === null) delete after[path];
    else after[path] = text;
  }
  return {
    changes: Object.fromEntries(changed.map(([path]) => [path, diff(files[path] ?? '', after[path] ?? '')])),
    steps: runs.flatMap(({ steps }) => steps.map(({ what }) => what)),
    notes: runs.flatMap(({ notes }) => notes),
    files: after,
  };
}

function diff(before: string, after: string): readonly string[] {
  const [old, now] = [before, after].map((text) => (text === '' ? [] : text.replace(/\n$/, '').split('\n')));
  const changed = changedLines(old!, now!);
  const lines: string[] = [];
  for (let b = 0, a = 0; b < old!.length || a < now!.length;) {
    if (changed.before.has(b)) lines.push(`-${old![b++]}`);
    else if (changed.after.has(a)) lines.push(`+${now![a++]}`);
    else [b, a] = [b + 1, a + 1];
  }
  return lines;
}

export function aPlaybook(...stages: readonly [PlaybookStage<unknown, unknown>, ...PlaybookStage<unknown, unknown>[]]) {
  return playbook<unknown, unknown>({
    id: 'a-playbook',
    title: 'A playbook',
    summary: 'What it is for.',
    parameters: { parse: (given: unknown) => given } as never,
    files: ['**'],
    risk: 'stateless',
    undo: 'revert',
    rules: [],
    lacks: () => [],
    stages,
  });
}

/** A stage that asks for the same steps whatever is there. */
export function stage(
  steps: ReturnType<PlaybookStage<unknown, unknown>['work']>['steps'],
  notes: readonly string[] = [],
  name = 'work',
): PlaybookStage<unknown, unknown> {
  return { name, work: () => ({ steps, notes }) };
}
