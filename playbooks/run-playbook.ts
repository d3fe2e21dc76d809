/** Carries a whole playbook out on a tree, in memory, stage by stage. */
import type { FileTree } from '../gitops/source/file-tree.js';
import type { Playbook } from './playbook.js';
import { runStage, type StageRun } from './run-stage.js';

/** @throws StepRefused */
export function runPlaybook(
  playbook: Playbook,
  tree: FileTree,
  parameters: unknown,
  looked: unknown,
): readonly StageRun[] {
  let current = tree;
  return playbook.stages.map(({ name }) => {
    const run = runStage(playbook, name, current, parameters, looked);
    current = treeWithFiles(current, run.files);
    return run;
  });
}

/** The tree with files written and removed. */
export function treeWithFiles(tree: FileTree, files: ReadonlyMap<string, string | null>): FileTree {
  if (files.size === 0) return tree;
  const paths = new Set(tree.paths);
  for (const [path, text] of files) {
    if (text === null) paths.delete(path);
    else paths.add(path);
  }
  return {
    paths: [...paths].toSorted(),
    problems: tree.problems,
    read(path) {
      const text = files.get(path);
      return typeof text === 'string' ? new TextEncoder().encode(text) : tree.read(path);
    },
  };
}
