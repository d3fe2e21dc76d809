/** A field changes that Kubernetes lets nobody change: the object must be deleted and made anew, or the change taken back. */
import { rookCephClusterObjects } from '../charts/rook-ceph-cluster.js';
import type { HelmRelease } from '../flux/helm-release.js';
import { differencesOf } from '../manifests/differences.js';
import { fieldOf, valueAt } from '../manifests/fields.js';
import { keyText, objectText } from '../manifests/object-id.js';
import type { FindingDraft } from '../lint/finding.js';
import type { ChangeRule } from '../lint/rule.js';
import { recreates } from '../model/recreates.js';
import { matchedObjects, type MatchedObject } from '../model/matched-objects.js';
import type { Repository } from '../model/repository.js';
import { consequenceOf, immutablePaths } from '../schema/immutable-fields.js';
import { isConfidential } from '../schema/secret-values.js';
import type { YamlPath } from '../yaml/yaml-file.js';

export const immutableFieldChanged: ChangeRule = {
  id: 'immutable-field-changed',
  severity: 'error',
  summary: 'A change alters a field that cannot be altered in the cluster.',
  layer: 'schema',
  *checkChange(before, after) {
    for (const match of matchedObjects(before, after)) yield* ofObject(match);
    yield* ofCharts(before, after);
  },
};

function* ofObject({ before, after }: MatchedObject): Iterable<FindingDraft> {
  for (const path of immutablePaths(before.composed.value, after.composed.value)) {
    const isForced = recreates(after);
    const text = path.join('.');
    yield {
      at: after.composed.origin(path).place,
      subject: objectText(after.id),
      message: `${text} changes${fromTo(before.composed.value, after.composed.value, path)}, and it cannot change in the cluster; ${
        isForced
          ? `with force, Flux deletes the object and makes it anew: ${consequenceOf(after.id.kind)}`
          : `take it back, or make an object of another name and move to it; deleting this one first means: ${consequenceOf(after.id.kind)}`
      }`,
      key: text,
      ...(isForced && { severity: 'warning' as const }),
      related: [{ ...before.composed.origin(path).place, message: 'was here, before the change' }],
    };
  }
}

/** Of what is confidential not even the old value: it is in the repository's history, and this goes further. */
function fromTo(before: unknown, after: unknown, path: YamlPath): string {
  if (isConfidential(before, path) || isConfidential(after, path)) return '';
  return ` from ${shown(valueAt(before, path))} to ${shown(valueAt(after, path))}`;
}

function shown(value: unknown): string {
  if (value === undefined) return 'nothing';
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return text.length > 60 ? `${text.slice(0, 57)}...` : text;
}

/** StorageClasses that rook-ceph-cluster renders from its values. */
function* ofCharts(before: Repository, after: Repository): Iterable<FindingDraft> {
  for (const release of after.flux.helmReleases) {
    const old = before.flux.helmRelease(release.id.namespace, release.id.name);
    if (!old || release.chart?.name !== 'rook-ceph-cluster' || old.chart?.name !== release.chart.name) continue;
    for (const { path, name, was, is } of changedClasses(old, release))
      yield {
        at: release.values.origin(path).place,
        subject: `StorageClass ${name}`,
        message: `${String(path.at(-1))} changes from ${shown(was)} to ${shown(is)} in the values of ${objectText(release.id)}, and it cannot change in the cluster: the release fails; take it back, or give the class another name`,
        key: path.slice(-2).join('.'),
      };
  }
}

const classFields = ['reclaimPolicy', 'volumeBindingMode', 'parameters'];

function* changedClasses(old: HelmRelease, release: HelmRelease) {
  const before = new Map(
    rookCephClusterObjects(old.targetNamespace, old.values.value).map((one) => [keyText(one.key), one]),
  );
  for (const { key, path, values } of rookCephClusterObjects(release.targetNamespace, release.values.value)) {
    const was = before.get(keyText(key));
    // A default of the chart is not known here, so that only what both sides write is compared.
    if (key.kind !== 'StorageClass' || !path || !was?.path) continue;
    for (const field of classFields) {
      const [one, other] = [fieldOf(was.values, field), fieldOf(values, field)];
      if (one === undefined || other === undefined) continue;
      for (const difference of differencesOf(one, other, [field]))
        yield {
          path: [...path, ...difference.path] as YamlPath,
          name: key.name,
          was: difference.before,
          is: difference.after,
        };
    }
  }
}
