/** The first cluster alone is set up: all of it, or nothing where a step would reach another cluster. */
import type { Repository } from '../../gitops/model/repository.js';
import { inEachCluster } from '../in-each-cluster.js';
import type { PlaybookStep, StageWork } from '../playbook.js';
import { readText } from './read-text.js';

/**
 * An alert on a metric that a cluster does not have would fire there for good, and here it would where a value that
 * brings the metric is left: so a part of the work is worse than none.
 */
export function inFirstCluster(repository: Repository, work: StageWork): StageWork {
  const steps = work.steps.filter((step) => !isDone(repository, step));
  const { notes } = inEachCluster(repository, (cluster) => ({ steps: cluster === repository ? steps : [], notes: [] }));
  if (notes.length === 0) return work;
  const advice =
    'nothing is written: only the first cluster is looked at, and what is right for it would reach another; do what is named here by hand, where the first cluster alone reads it or where it suits each, and run this again';
  return { steps: [], notes: [...notes, advice] };
}

function isDone({ tree }: Repository, { file, change }: PlaybookStep): boolean {
  return change.kind === 'write' && tree.paths.includes(file) && readText(tree, file) === change.text;
}
