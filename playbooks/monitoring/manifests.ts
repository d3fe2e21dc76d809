/** Alerts, objectives, monitors and dashboards as files of a Kustomization of their own, which waits for their definitions. */
import { stringify } from 'yaml';
import type { Repository } from '../../gitops/model/repository.js';
import { objectText } from '../../gitops/manifests/object-id.js';
import type { YamlValue } from '../../gitops/yaml/yaml-edit.js';
import type { PlaybookStep, StageWork } from '../playbook.js';
import { alertGroups } from './alerts.js';
import { type Dashboard, dashboardJson } from './dashboard.js';
import { fluxDashboard, objectivesDashboard, resourcesDashboard } from './dashboards.js';
import { objectiveGroups, serviceLevels } from './objectives.js';
import type { Parameters } from './parameters.js';
import type { RuleGroup } from './rules.js';
import type { Grafana, Sources } from './sources.js';
import { readText } from './read-text.js';
import { sloPage } from './slo-page.js';
import type { Labels, Stack } from './stack.js';

/** In every file that is written whole: a file without it is somebody's, and stays. */
export const mark = 'Written by joinpoint, playbook monitoring: run it again, edits here are lost.';

interface Manifest {
  readonly file: string;
  readonly what: string;
  readonly text: string;
}

export function manifestWork(
  repository: Repository,
  stack: Stack,
  sources: Sources,
  parameters: Parameters,
): StageWork {
  const { folder } = stack;
  const levels = serviceLevels(parameters, sources);
  const manifests = [
    prometheusRule('alerts.yaml', 'critical-failures', stack, alertGroups(parameters, sources)),
    prometheusRule('slo.yaml', 'service-levels', stack, objectiveGroups(levels)),
    ...(sources.hasPodMonitor ? [] : [podMonitor(stack, sources)]),
    ...(sources.grafana
      ? [
          ...(sources.flux ? [dashboard('flux', fluxDashboard(sources.flux), sources.grafana)] : []),
          dashboard('resources', resourcesDashboard(), sources.grafana),
          dashboard('slo', objectivesDashboard(levels), sources.grafana),
        ]
      : []),
  ];
  const page = `<!-- ${mark} -->\n\n${sloPage(levels, sources)}`;
  const written = [
    ...manifests.map(({ file, what, text }) => ({ file: `${folder}/${file}`, what, text: `---\n# ${mark}\n${text}` })),
    { file: parameters.document, what: 'the objectives as a page', text: page },
  ];
  const isTheirs = ({ file }: Manifest): boolean => isOfSomebody(repository, file);
  return {
    steps: [
      ...written
        .filter((one) => !isTheirs(one))
        .map(({ file, what, text }): PlaybookStep => ({ what, file, change: { kind: 'write', text } })),
      ...listed(repository, folder, manifests),
      ...applied(stack),
    ],
    notes: written.filter(isTheirs).map(({ file }) => `${file}: was not written by this playbook, and is left`),
  };
}

function isOfSomebody({ tree }: Repository, file: string): boolean {
  return tree.paths.includes(file) && readText(tree, file)?.includes(mark) !== true;
}

function prometheusRule(
  file: string,
  name: string,
  { release, labels }: Stack,
  groups: readonly RuleGroup[],
): Manifest {
  const count = groups.flatMap(({ rules }) => rules).length;
  const value = {
    apiVersion: 'monitoring.coreos.com/v1',
    kind: 'PrometheusRule',
    metadata: metadataOf(name, release.targetNamespace, labels.rule),
    spec: { groups },
  };
  return { file, what: `PrometheusRule ${name}: ${count} rules`, text: yamlText(value) };
}

/** The ports of the controllers; what the Pod of a finished rollout still says is not asked. */
function podMonitor({ release, labels }: Stack, { fluxNamespace }: Sources): Manifest {
  const value = {
    apiVersion: 'monitoring.coreos.com/v1',
    kind: 'PodMonitor',
    metadata: metadataOf('flux-controllers', release.targetNamespace, labels.podMonitor),
    spec: {
      namespaceSelector: { matchNames: [fluxNamespace] },
      selector: {
        matchExpressions: [
          {
            key: 'app',
            operator: 'In',
            values: [
              'source-controller',
              'kustomize-controller',
              'helm-controller',
              'notification-controller',
              'image-reflector-controller',
              'image-automation-controller',
            ],
          },
        ],
      },
      podMetricsEndpoints: [
        {
          port: 'http-prom',
          interval: '30s',
          relabelings: [{ sourceLabels: ['__meta_kubernetes_pod_phase'], action: 'keep', regex: 'Running' }],
        },
      ],
    },
  };
  return {
    file: 'podmonitor-flux.yaml',
    what: 'PodMonitor flux-controllers: how long reconciliations take',
    text: yamlText(value),
  };
}

/** In its text Flux would take Grafana's variables for its own, and leave nothing in their places. */
function dashboard(name: string, drawn: Dashboard, { label, value, namespace }: Grafana): Manifest {
  const { title } = drawn;
  const configMap = {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: {
      ...metadataOf(`dashboard-${name}`, namespace, { [label]: value }),
      annotations: { 'kustomize.toolkit.fluxcd.io/substitute': 'disabled' },
    },
    data: { [`${name}.json`]: dashboardJson(drawn) },
  };
  return { file: `dashboard-${name}.yaml`, what: `dashboard ${title}`, text: yamlText(configMap) };
}

function metadataOf(name: string, namespace: string, labels: Labels) {
  return { name, namespace, labels };
}

/** Kubernetes reads YAML 1.1, to which `yes` is a boolean. */
function yamlText(value: unknown): string {
  return stringify(value, { compat: 'yaml-1.1', lineWidth: 0, aliasDuplicateObjects: false, singleQuote: true });
}

/** What somebody else lists there stays. */
function listed(repository: Repository, folder: string, manifests: readonly Manifest[]): readonly PlaybookStep[] {
  const resources = manifests.map(({ file }) => `./${file}`).toSorted();
  const known = repository.kustomize.kustomizations.get(folder);
  if (!known) {
    const value = { apiVersion: 'kustomize.config.k8s.io/v1beta1', kind: 'Kustomization', resources };
    const text = `---\n${yamlText(value)}`;
    return [{ what: 'what it consists of', file: `${folder}/kustomization.yaml`, change: { kind: 'write', text } }];
  }
  const has = new Set(known.resources.map(({ text }) => text.replace(/^\.\//, '')));
  const edits = resources
    .filter((path) => !has.has(path.slice(2)))
    .map((value) => ({ op: 'insert', document: known.origin.document.index, path: ['resources'], value }) as const);
  return edits.length === 0
    ? []
    : [{ what: 'what else it consists of', file: known.file.path, change: { kind: 'edit', edits } }];
}

/** A document beside that of the owner, so that what applies the one applies the other. */
function applied({ release, owner, name, existing, folder }: Stack): readonly PlaybookStep[] {
  if (existing) return [];
  const { id, spec, object } = owner;
  const { kind, name: source, namespace = id.namespace } = spec.sourceRef!;
  const value: YamlValue = {
    apiVersion: `${id.group}/${id.version}`,
    kind: 'Kustomization',
    metadata: { name, namespace: id.namespace },
    spec: {
      dependsOn: [{ name: id.name, namespace: id.namespace }],
      interval: spec.interval ?? '15m',
      path: `./${folder}`,
      prune: true,
      retryInterval: '2m',
      sourceRef: { kind, name: source, namespace },
      timeout: '5m',
      wait: true,
    },
  };
  return [
    {
      what: `Kustomization ${id.namespace}/${name}: applies ${folder} once ${objectText(id)} has brought the definitions of ${release.chart?.name}`,
      file: object.composed.root.document.file.path,
      change: { kind: 'edit', edits: [{ op: 'insertDocument', document: 'end', value }] },
    },
  ];
}
