/** Task 1.2 of the Anton plan: requests and memory limits for every workload, and why these. */
import { resourcesMisplaced } from '../../gitops/rules/resources-misplaced.js';
import { findingsOf } from '../lacks.js';
import type { Repository } from '../../gitops/model/repository.js';
import { type PlaybookStep, playbook } from '../playbook.js';
import { settingSteps } from '../set-value.js';
import { analyse } from './analyse.js';
import { decide } from './decide.js';
import { analysisPage, strategyPage } from './documents.js';
import { Parameters } from './parameters.js';
import { releaseContainers } from './releases.js';
import type { ContainerUse } from './size-of.js';
import { readUsage } from './usage.js';
import {
  analysedControllers,
  controllerSteps,
  fluxControllers,
  remoteNotes,
  unchangeableNotes,
  workloadContainers,
} from './workloads.js';

const rules = ['resources-missing', 'resources-misplaced'];

export const resourceLimits = playbook<Parameters, readonly ContainerUse[]>({
  id: 'resource-limits',
  title: 'Resource limits',
  summary: 'Every workload has requests of CPU and memory and a limit of memory, where its chart reads them.',
  parameters: Parameters,
  files: ['**/*.yaml', '**/*.yml', '**/*.md'],
  risk: 'stateless',
  undo: 'revert',
  rules,
  lookUp: ({ prometheus }, world) => (prometheus === undefined ? Promise.resolve([]) : readUsage(prometheus, world)),
  lacks: (repository, _, now) => findingsOf(rules, repository, now),
  stages: [
    {
      name: 'limit',
      work: (repository, parameters, usage = []) => {
        const { clusters } = repository;
        const helmReleases = clusters.flatMap(({ flux }) => flux.helmReleases);
        const objects = clusters.flatMap(({ flux }) => flux.objects);
        const releases = releaseContainers(helmReleases, parameters, usage);
        const workloads = workloadContainers(objects);
        const { settings, notes: shared } = decide([...releases.containers, ...workloads]);
        const set = settingSteps(settings);
        const misplaced = clusters.flatMap((cluster) =>
          [...resourcesMisplaced.check(cluster)].map(({ subject, message }) => `${subject}: ${message}`),
        );
        const controllers = fluxControllers(helmReleases);
        const undecided = [
          ...releases.notes,
          ...misplaced,
          ...remoteNotes(repository),
          ...unchangeableNotes(workloads),
          ...shared,
          ...set.notes,
        ];
        // What several clusters read is said once.
        const notes = [...new Set(undecided)];
        return {
          steps: [...set.steps, ...controllerSteps(controllers)],
          notes,
          pages: (after, left) => pagesOf(after, parameters, usage, left),
        };
      },
    },
  ],
});

function pagesOf(
  { clusters }: Repository,
  parameters: Parameters,
  usage: readonly ContainerUse[],
  notes: readonly string[],
): readonly PlaybookStep[] {
  const helmReleases = clusters.flatMap(({ flux }) => flux.helmReleases);
  const workloads = workloadContainers(clusters.flatMap(({ flux }) => flux.objects));
  const containers = [
    ...analyse([...releaseContainers(helmReleases, parameters, usage).containers, ...workloads]),
    ...fluxControllers(helmReleases).map(analysedControllers),
  ];
  const page = (name: string, text: string): PlaybookStep => ({
    what: `the ${name} as a page`,
    file: `${parameters.documents}/${name}.md`,
    change: { kind: 'write', text },
  });
  return [page('analysis', analysisPage(containers, notes)), page('strategy', strategyPage)];
}
