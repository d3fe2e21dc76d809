/** Work in every cluster that a repository describes: a file that several read is changed only as all of them ask. */
import type { Repository } from '../gitops/model/repository.js';
import type { PlaybookStep, StageWork } from './playbook.js';

export function inEachCluster(repository: Repository, work: (cluster: Repository) => StageWork): StageWork {
  const asked = repository.clusters.map((cluster) => {
    const { steps, notes } = work(cluster);
    return { files: filesOf(cluster), steps: new Map(steps.map((step) => [JSON.stringify(step), step])), notes };
  });
  const steps = new Map<string, PlaybookStep>();
  const notes = new Set(asked.flatMap((one) => one.notes));
  for (const [key, step] of asked.flatMap((one) => [...one.steps])) {
    // What is right for one could stop another: a name that it has not, a circle that closes only there.
    if (asked.every((one) => one.steps.has(key) || !one.files.has(step.file))) steps.set(key, step);
    else notes.add(`${step.what}: not every cluster that reads ${step.file} needs it, so it is left`);
  }
  return { steps: [...steps.values()], notes: [...notes] };
}

/** What its Kustomizations build, and what is applied by hand. */
function filesOf({ flux }: Repository): ReadonlySet<string> {
  const appliers = [...flux.entryPoints, ...flux.kustomizations];
  return new Set([
    ...appliers.flatMap(({ build }) => [...(build?.inputs ?? [])]),
    ...flux.objects.map(({ composed }) => composed.root.document.file.path),
  ]);
}
