/** Task 1.1 of the Anton plan: one convention for every Kustomization and HelmRelease. */
import { findingsOf } from '../lacks.js';
import { playbook } from '../playbook.js';
import { joinWork } from '../set-value.js';
import { declaredDependencies, repairedDependencies } from './dependencies.js';
import { standardKustomizations, unlikeOthers } from './kustomizations.js';
import { Parameters } from './parameters.js';
import { standardReleases } from './releases.js';
import { standardsPage } from './standards.js';

const rules = ['dangling-depends-on', 'retries-unlimited', 'missing-timeout', 'missing-retry-interval'];

export const fluxStandardization = playbook<Parameters>({
  id: 'flux-standardization',
  title: 'Flux standardization',
  summary:
    'Every Kustomization and HelmRelease ends its retries, has a time limit, an interval by criticality, a readiness, and dependencies that lead somewhere.',
  parameters: Parameters,
  files: ['**/*.yaml', '**/*.yml', 'docs/flux/**'],
  risk: 'stateless',
  undo: 'revert',
  rules,
  lacks: (repository, parameters, now) => [
    ...findingsOf(rules, repository, now),
    ...unlikeOthers(repository.flux.kustomizations, parameters),
  ],
  stages: [
    {
      name: 'standardize',
      work: (repository, parameters) => {
        const { kustomizations, helmReleases } = repository.flux;
        const text = standardsPage(kustomizations, parameters);
        return joinWork([
          repairedDependencies(repository),
          declaredDependencies(repository),
          standardKustomizations(kustomizations, parameters),
          standardReleases(helmReleases, parameters),
          {
            steps: [{ what: 'the conventions as a page', file: parameters.document, change: { kind: 'write', text } }],
            notes: [],
          },
        ]);
      },
    },
  ],
});
