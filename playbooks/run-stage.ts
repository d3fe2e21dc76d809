/** Carries a stage of a playbook out on a tree, in memory: which files change and how. */
import { editYaml } from '../gitops/yaml/edit-yaml.js';
import { readRepository } from '../gitops/model/read-repository.js';
import type { FileTree } from '../gitops/source/file-tree.js';
import { treeWithFiles } from '../gitops/source/tree-with-files.js';
import type { Playbook, PlaybookStep, StageWork } from './playbook.js';

/** Its steps are those that changed something. */
export interface StageRun extends Omit<StageWork, 'pages'> {
  readonly stage: string;
  /** By path: the new text, or null for a file that goes. Files that would not change are not among them. */
  readonly files: ReadonlyMap<string, string | null>;
}

/** A step whose edit cannot be made exactly, and without which nothing of the stage is done. */
export class StepRefused extends Error {
  override readonly name = 'StepRefused';
}

/** @throws StepRefused with the step, the place and the reason. */
export function runStage(
  { stages }: Playbook,
  stage: string,
  tree: FileTree,
  parameters: unknown,
  looked: unknown,
): StageRun {
  const { work } = stages.find(({ name }) => name === stage)!;
  const planned = work(readRepository(tree), parameters, looked);
  const steps: PlaybookStep[] = [];
  const notes = [...planned.notes];
  const refused: string[] = [];
  const files = new Map<string, string | null>();
  const known = new Set(tree.paths);
  const original = (path: string): string | null =>
    known.has(path) ? new TextDecoder('utf-8', { ignoreBOM: true }).decode(tree.read(path)) : null;
  const carryOut = (step: PlaybookStep): void => {
    const before = files.has(step.file) ? files.get(step.file)! : original(step.file);
    try {
      const after = apply(step, before);
      if (after === before) return;
      files.set(step.file, after);
      steps.push(step);
    } catch (error) {
      if (!(error instanceof StepRefused) || !step.isOptional) throw error;
      notes.push(error.message);
      // Without the place: a page is the same when lines have moved.
      refused.push(`${step.what}: cannot be edited exactly`);
    }
  };
  planned.steps.forEach(carryOut);
  planned.pages?.(readRepository(treeWithFiles(tree, files)), [...planned.notes, ...refused]).forEach(carryOut);
  for (const [path, text] of files) if (text === original(path)) files.delete(path);
  return { stage, steps, notes, files };
}

function apply({ what, file, change }: PlaybookStep, before: string | null): string | null {
  switch (change.kind) {
    case 'write':
      return change.text;
    case 'remove':
      return null;
    case 'edit': {
      if (before === null) throw new StepRefused(`${what}: ${file} is not there to be edited`);
      const result = editYaml(before, change.edits);
      if (result.status === 'edited') return result.text;
      const { line, column } = result.position;
      throw new StepRefused(`${what}: ${file}:${line}:${column} cannot be edited, ${result.reason}`);
    }
  }
}
