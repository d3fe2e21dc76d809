/** Task 1.2 of the Anton plan: requests and memory limits for every workload, and why these. */
import { resourcesMisplaced } from '../../gitops/rules/resources-misplaced.js';
import { findingsOf } from '../lacks.js';
import { playbook } from '../playbook.js';
import { settingSteps } from '../set-value.js';
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
        const { settings, notes: shared, analysed } = decide([...releases.containers, ...workloads]);
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
        const containers = [...analysed, ...controllers.map(analysedControllers)];
        const page = (name: string, text: string) => ({
          what: `the ${name} as a page`,
          file: `${parameters.documents}/${name}.md`,
          change: { kind: 'write', text } as const,
        });
        return {
          steps: [
            ...set.steps,
            ...controllerSteps(controllers),
            page('analysis', analysisPage(containers, notes)),
            page('strategy', strategyPage),
          ],
          notes,
        };
      },
    },
  ],
});
