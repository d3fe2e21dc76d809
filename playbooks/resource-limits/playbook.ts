/** Task 1.2 of the Anton plan: requests and memory limits for every workload, and why these. */
import { findingsOf } from '../lacks.js';
import { playbook } from '../playbook.js';
import { settingSteps } from '../set-value.js';
import { analysisPage, strategyPage } from './documents.js';
import { Parameters } from './parameters.js';
import { settingsOf, sizeReleases } from './releases.js';
import type { ContainerUse } from './size-of.js';
import { readUsage } from './usage.js';
import { controllerSteps, manifestSettings, remoteSteps } from './workloads.js';

const rules = ['resources-missing', 'resources-misplaced'];

export const resourceLimits = playbook<Parameters, readonly ContainerUse[]>({
  id: 'resource-limits',
  title: 'Resource limits',
  summary: 'Every workload has requests of CPU and memory and a limit of memory, where its chart reads them.',
  parameters: Parameters,
  files: ['**/*.yaml', '**/*.yml', 'docs/resources/**'],
  risk: 'stateless',
  undo: 'revert',
  rules,
  lookUp: ({ prometheus }, world) => (prometheus === undefined ? Promise.resolve([]) : readUsage(prometheus, world)),
  lacks: (repository, _, now) => findingsOf(rules, repository, now),
  stages: [
    {
      name: 'limit',
      work: (repository, parameters, usage = []) => {
        const { keys, notes } = sizeReleases(repository.flux.helmReleases, parameters, usage);
        const set = settingSteps([...keys.flatMap(settingsOf), ...manifestSettings(repository.flux.objects)]);
        const page = (name: string, text: string) => ({
          what: `the ${name} as a page`,
          file: `${parameters.documents}/${name}.md`,
          change: { kind: 'write', text } as const,
        });
        return {
          steps: [
            ...set.steps,
            ...controllerSteps(repository.flux.helmReleases),
            ...remoteSteps(repository),
            page('analysis', analysisPage(keys, notes)),
            page('strategy', strategyPage),
          ],
          notes: [...notes, ...set.notes],
        };
      },
    },
  ],
});
