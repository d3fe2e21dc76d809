/** One pod with a volume that one node can mount, rolled so that the new pod starts before the old one ends. */
import { claimsOf, controllersOf } from '../charts/app-template.js';
import { deploymentsOf } from '../charts/rolling-volumes.js';
import { isInRange } from '../charts/version-range.js';
import type { AppliedObject } from '../flux/flux-kustomization.js';
import type { HelmRelease } from '../flux/helm-release.js';
import { fieldOf, itemsOf, numberOf, textOf, valueAt } from '../manifests/fields.js';
import { objectText } from '../manifests/object-id.js';
import type { FindingDraft } from '../lint/finding.js';
import type { Rule } from '../lint/rule.js';
import { patchesOfStrategy } from '../model/post-renderers.js';
import type { Repository } from '../model/repository.js';

export const rwoRollingUpdate: Rule = {
  id: 'rwo-rolling-update',
  severity: 'warning',
  summary: 'A Deployment with one replica and a ReadWriteOnce volume is rolled with a surge.',
  layer: 'policy',
  *check(repository) {
    for (const object of repository.flux.objects) yield* ofDeployment(object, repository);
    for (const release of repository.flux.helmReleases) {
      if (release.valuesSources.some(({ status }) => status === 'opaque')) continue;
      yield* ofAppTemplate(release, repository);
      yield* ofChart(release);
    }
  },
};

const what =
  'has one replica with a ReadWriteOnce volume and is rolled with a surge: on another node the new pod waits for the volume of the old one, which waits for the new pod, and the upgrade times out';

function* ofDeployment(object: AppliedObject, repository: Repository): Iterable<FindingDraft> {
  const { id, composed } = object;
  if (id.kind !== 'Deployment' || id.group !== 'apps') return;
  const spec = fieldOf(composed.value, 'spec');
  const strategy = fieldOf(spec, 'strategy');
  if ((numberOf(fieldOf(spec, 'replicas')) ?? 1) !== 1 || !surges(strategy)) return;
  const claim = itemsOf(valueAt(spec, ['template', 'spec', 'volumes']))
    .map((volume) => textOf(valueAt(volume, ['persistentVolumeClaim', 'claimName'])))
    .find((name) => name !== undefined && isOnceOnly(repository, id.namespace, name));
  if (claim === undefined) return;
  yield {
    at: composed.origin(['spec', 'strategy']).place,
    subject: objectText(id),
    message: `${what} (claim ${claim}); set spec.strategy.type to Recreate, without rollingUpdate`,
  };
}

/** RollingUpdate is the default, and 25 % of one pod is one more. */
function surges(strategy: unknown): boolean {
  if ((textOf(fieldOf(strategy, 'type')) ?? 'RollingUpdate') !== 'RollingUpdate') return false;
  const surge = valueAt(strategy, ['rollingUpdate', 'maxSurge']);
  return surge !== 0 && surge !== '0' && surge !== '0%';
}

/** Silent of a claim that stands in no file. */
function isOnceOnly({ ownership }: Repository, namespace: string, name: string): boolean {
  const claims = ownership.of({ group: '', kind: 'PersistentVolumeClaim', namespace, name });
  const modes = claims.flatMap(({ composed }) => itemsOf(valueAt(composed.value, ['spec', 'accessModes'])));
  return modes.length > 0 && modes.every((mode) => mode === 'ReadWriteOnce' || mode === 'ReadWriteOncePod');
}

function* ofAppTemplate(release: HelmRelease, repository: Repository): Iterable<FindingDraft> {
  const { chart, values, targetNamespace, object, id } = release;
  if (chart?.name !== 'app-template' || !isInRange({ from: '2' }, chart.version)) return;
  for (const { name, type, strategy, replicas, surge, path } of controllersOf(values.value)) {
    if (type !== 'deployment' || strategy !== 'RollingUpdate' || replicas !== 1 || surge === 0) continue;
    const volume = claimsOf(values.value, name).find(({ claim, accessMode }) =>
      claim === undefined
        ? accessMode === 'ReadWriteOnce' || accessMode === 'ReadWriteOncePod'
        : isOnceOnly(repository, targetNamespace, claim),
    );
    if (!volume || patchesOfStrategy(object.composed.value, undefined)) continue;
    yield {
      at: values.origin([...path, 'strategy']).place,
      subject: objectText(id),
      message: `controller ${name} ${what} (values.${volume.path.join('.')}); remove values.${path.join('.')}.strategy, since Recreate is the chart's default`,
      key: name,
    };
  }
}

function* ofChart({ chart, values, releaseName, targetNamespace, object }: HelmRelease): Iterable<FindingDraft> {
  for (const { name, replicas, strategy, hasOwnVolume, remedy } of deploymentsOf(chart?.name, chart?.version)) {
    const deployment = name(releaseName);
    if ((numberOf(valueAt(values.value, replicas)) ?? 1) !== 1 || !surges(valueAt(values.value, strategy))) continue;
    if (!hasOwnVolume(values.value) || patchesOfStrategy(object.composed.value, deployment)) continue;
    yield {
      at: values.origin(strategy).place,
      subject: `Deployment ${targetNamespace}/${deployment}`,
      message: `${what} (RollingUpdate is the default of chart ${chart?.name}); ${remedy}`,
    };
  }
}
