/** Carries a whole playbook out on a tree, in memory, stage by stage. */
import type { FileTree } from '../gitops/source/file-tree.js';
import { treeWithFiles } from '../gitops/source/tree-with-files.js';
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
