/** Task 1.1 of the Anton plan: one convention for every Kustomization and HelmRelease. */
import type { FluxKustomization } from '../../gitops/flux/flux-kustomization.js';
import type { Finding } from '../../gitops/lint/finding.js';
import { objectText } from '../../gitops/manifests/object-id.js';
import type { Repository } from '../../gitops/model/repository.js';
import { inEachCluster } from '../in-each-cluster.js';
import { findingsOf } from '../lacks.js';
import { playbook, type StageWork } from '../playbook.js';
import { joinWork } from '../set-value.js';
import { declaredDependencies, repairedDependencies } from './dependencies.js';
import { ignoredHealthChecks, isParent, standardKustomizations, unlikeTheirClass } from './kustomizations.js';
import { Parameters } from './parameters.js';
import { standardReleases } from './releases.js';
import { standardsPage } from './standards.js';
import { Waits } from '../waits.js';

const rules = [
  'dangling-depends-on',
  'retries-unlimited',
  'missing-timeout',
  'missing-retry-interval',
  'missing-readiness',
  'wait-ignores-health-checks',
];

export const fluxStandardization = playbook<Parameters>({
  id: 'flux-standardization',
  title: 'Flux standardization',
  summary:
    'Every Kustomization and HelmRelease ends its retries, has a time limit, an interval by criticality, a readiness, and dependencies that lead somewhere.',
  parameters: Parameters,
  files: ['**/*.yaml', '**/*.yml', '**/*.md'],
  risk: 'stateless',
  undo: 'revert',
  rules,
  lacks: (repository, parameters, now) => {
    const kustomizations = kustomizationsOf(repository);
    const parents = new Set(kustomizations.filter(isParent).map(({ id }) => objectText(id)));
    // Which of the two was meant only a person can say: a note names it.
    const isOfPeople = ({ rule, fix }: Finding): boolean => rule === 'wait-ignores-health-checks' && fix === undefined;
    const isOfParent = ({ rule, subject }: Finding): boolean => rule === 'missing-readiness' && parents.has(subject);
    const except = (finding: Finding): boolean => isOfPeople(finding) || isOfParent(finding);
    return [...findingsOf(rules, repository, now, { except }), ...unlikeTheirClass(kustomizations, parameters)];
  },
  stages: [
    {
      name: 'standardize',
      work: (repository, parameters) => {
        const text = standardsPage(kustomizationsOf(repository), parameters);
        return joinWork([
          inEachCluster(repository, (cluster) => standardize(cluster, parameters)),
          {
            steps: [{ what: 'the conventions as a page', file: parameters.document, change: { kind: 'write', text } }],
            notes: [],
          },
        ]);
      },
    },
  ],
});

function standardize(cluster: Repository, parameters: Parameters): StageWork {
  const { flux, references } = cluster;
  const waits = new Waits(flux, references);
  return joinWork([
    // What people declared goes before what the graph shows, and both before what is only a convention.
    repairedDependencies(cluster, waits),
    declaredDependencies(cluster, waits, parameters),
    standardKustomizations(cluster, parameters, waits),
    ignoredHealthChecks(cluster),
    standardReleases(flux.helmReleases, parameters),
  ]);
}

function kustomizationsOf({ clusters }: Repository): readonly FluxKustomization[] {
  return clusters.flatMap(({ flux }) => flux.kustomizations);
}
