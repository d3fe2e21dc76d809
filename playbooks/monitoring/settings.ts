/** Values of releases: Prometheus loads every rule and monitor, Talos fires nothing false, the state of Flux is a metric. */
import type { HelmRelease } from '../../gitops/flux/helm-release.js';
import { fieldOf, itemsOf, valueAt } from '../../gitops/manifests/fields.js';
import { objectText } from '../../gitops/manifests/object-id.js';
import type { Repository } from '../../gitops/model/repository.js';
import type { YamlValue } from '../../gitops/yaml/yaml-edit.js';
import type { YamlPath } from '../../gitops/yaml/yaml-file.js';
import { insertStep } from '../insert-step.js';
import type { StageWork } from '../playbook.js';
import { joinWork, type Setting, settingSteps } from '../set-value.js';
import { valuesPlace } from '../values-place.js';
import { readableKinds, stateConfig } from './kube-state-metrics.js';
import type { Parameters } from './parameters.js';
import type { Sources } from './sources.js';
import { type Stack, switchesOf } from './stack.js';
import { exposesEtcd, isTalos } from './talos.js';

export function releaseWork(
  repository: Repository,
  { release }: Stack,
  { flux }: Sources,
  parameters: Parameters,
): StageWork {
  const talos = parameters.talos ?? isTalos(repository);
  return joinWork([
    settingSteps(switchesOf(release).flatMap((path) => set(release, path, false))),
    talos ? talosWork(repository, release) : { steps: [], notes: [] },
    flux?.from === 'kube-state-metrics' ? stateWork(repository, release) : { steps: [], notes: [] },
    settingSteps(repository.flux.helmReleases.flatMap(operatorSettings)),
  ]);
}

/** Its kube-proxy listens on no address that Prometheus reaches, and its etcd is no Pod: both alerts would always fire. */
function talosWork(repository: Repository, release: HelmRelease): StageWork {
  const value = (path: YamlPath): unknown => valueAt(release.values.value, path);
  const etcd = ['kubeEtcd', 'service', 'selector'];
  const watchesEtcd =
    value(['kubeEtcd', 'enabled']) !== false &&
    value(['kubeEtcd', 'service', 'enabled']) !== false &&
    itemsOf(value(['kubeEtcd', 'endpoints'])).length === 0;
  const proxy = value(['kubeProxy', 'enabled']) === undefined ? set(release, ['kubeProxy', 'enabled'], false) : [];
  const selector = watchesEtcd && value(etcd) === undefined ? set(release, etcd, { component: 'kube-apiserver' }) : [];
  const hidden = `${objectText(release.id)}: watches etcd, which Talos shows only where its machine configuration has cluster.etcd.extraArgs.listen-metrics-urls; set that, or kubeEtcd.enabled: false`;
  return joinWork([
    settingSteps([...proxy, ...selector]),
    { steps: [], notes: watchesEtcd && !exposesEtcd(repository) ? [hidden] : [] },
  ]);
}

/** How flux-operator reports; its own default of five minutes is later than an alert should be. */
function operatorSettings(release: HelmRelease): readonly Setting[] {
  if (release.chart?.name !== 'flux-operator') return [];
  const reports = valueAt(release.values.value, ['reporting', 'interval']) !== undefined;
  return [
    ...set(release, ['serviceMonitor', 'create'], true),
    ...(reports ? [] : set(release, ['reporting', 'interval'], '30s')),
  ];
}

function stateWork(repository: Repository, release: HelmRelease): StageWork {
  const key = 'kube-state-metrics';
  if (fieldOf(valueAt(release.values.value, [key, 'customResourceState']), 'enabled') === true)
    return { steps: [], notes: [] };
  const kinds = readableKinds(repository);
  const state = settingSteps(
    set(release, [key, 'customResourceState'], { enabled: true, config: stateConfig(kinds) as YamlValue }),
  );
  const origin = valuesPlace(release, [key, 'rbac', 'extraRules']);
  const allowed = [...new Set(kinds.map(({ group }) => group))].map((group) =>
    insertStep(`${objectText(release.id)}: values.${key}.rbac.extraRules lets it read ${group}`, origin, [], {
      apiGroups: [group],
      resources: kinds.filter((kind) => kind.group === group).map(({ plural }) => plural),
      verbs: ['list', 'watch'],
    }),
  );
  return joinWork([state, { steps: origin.isEmbedded ? [] : allowed, notes: [] }]);
}

function set(release: HelmRelease, path: YamlPath, value: YamlValue): readonly Setting[] {
  if (valueAt(release.values.value, path) === value) return [];
  return [{ id: release.id, label: `values.${path.join('.')}`, origin: valuesPlace(release, path), value }];
}
