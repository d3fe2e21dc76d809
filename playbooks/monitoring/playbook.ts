/** Task 1.4 of the Anton plan: dashboards, alerts on what needs somebody, and objectives with error budgets. */
import type { FluxKustomization } from '../../gitops/flux/flux-kustomization.js';
import { objectText } from '../../gitops/manifests/object-id.js';
import { findingsOf } from '../lacks.js';
import { playbook } from '../playbook.js';
import { joinWork } from '../set-value.js';
import { inFirstCluster } from './first-cluster.js';
import { lacking } from './lacking.js';
import { manifestWork } from './manifests.js';
import { Parameters } from './parameters.js';
import { releaseWork } from './settings.js';
import { readSources, type Sources } from './sources.js';
import { findStack, type Stack } from './stack.js';

const rules = ['promql-unparsable'];

export const monitoring = playbook<Parameters>({
  id: 'monitoring',
  title: 'Monitoring',
  summary:
    'Prometheus loads every rule and monitor; Flux and resources have dashboards, critical failures have alerts, and objectives have error budgets that alert on how fast they burn.',
  parameters: Parameters,
  files: ['**/*.yaml', '**/*.yml', '**/*.md'],
  risk: 'stateless',
  undo: 'revert',
  rules,
  lacks: (repository, parameters, now) => [...findingsOf(rules, repository, now), ...lacking(repository, parameters)],
  stages: [
    {
      name: 'monitor',
      work: (repository, parameters) => {
        const found = findStack(repository, parameters);
        if (found.status === 'none') return { steps: [], notes: [found.why] };
        const sources = readSources(repository, found.stack);
        const work = joinWork([
          releaseWork(repository, found.stack, sources, parameters),
          manifestWork(repository, found.stack, sources, parameters),
          { steps: [], notes: notesOf(found.stack, sources) },
        ]);
        return inFirstCluster(repository, work);
      },
    },
  ],
});

/** What nobody sees from the files that it writes. */
function notesOf(
  { release, owner, name }: Stack,
  { flux, grafana, hasPodMonitor, certManager }: Sources,
): readonly string[] {
  const subject = objectText(release.id);
  return [
    ...(flux
      ? []
      : [
          `${subject}: neither flux-operator nor its kube-state-metrics tells the state of Flux; bring flux-operator, or a chart from 45.0.0 on, and run this again`,
        ]),
    ...(isWaiting(owner)
      ? []
      : [
          `${objectText(owner.id)}: is Ready before the chart is, so that on a new cluster ${name} is refused and tried again until it is; give it wait: true or healthChecks`,
        ]),
    ...(grafana ? [] : [`${subject}: no Grafana of the tree loads dashboards from ConfigMaps, so none are written`]),
    ...(hasPodMonitor ? ["Flux' controllers have a PodMonitor already, and get no second one"] : []),
    ...(certManager === 'not scraped'
      ? ['cert-manager is not scraped, so nothing alerts on certificates; set prometheus.servicemonitor.enabled: true']
      : []),
    ...(release.valuesSources.some(({ status }) => status === 'opaque')
      ? [`${subject}: takes values from a Secret or from outside, and what those set cannot be told`]
      : []),
  ];
}

function isWaiting({ spec }: FluxKustomization): boolean {
  return spec.wait === true || spec.healthChecks.length > 0 || spec.healthCheckExprs.length > 0;
}
