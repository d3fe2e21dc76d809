/** A class that names a provisioner or driver of Rook which nobody runs: it is accepted, and no volume ever comes. */
import type { HelmRelease } from '../flux/helm-release.js';
import { isKnown, objectText } from '../manifests/object-id.js';
import { nonEmpty, valueAt } from '../manifests/fields.js';
import type { Rule } from '../lint/rule.js';
import { listed } from '../lint/wording.js';
import { meet } from '../model/applier-text.js';

export const provisionerMismatch: Rule = {
  id: 'provisioner-mismatch',
  severity: 'error',
  summary: 'A StorageClass or VolumeSnapshotClass names a provisioner that no operator of the tree runs.',
  layer: 'reference graph',
  *check({ flux }) {
    const operators = flux.helmReleases.filter(({ chart }) => chart?.name === 'rook-ceph');
    for (const { id, composed, owner } of flux.objects) {
      const path = fields.get(id.kind);
      const provisioner = path && nonEmpty(valueAt(composed.value, path));
      if (!path || provisioner === undefined || !isKnown(provisioner)) continue;
      const kind = kinds.find(({ pattern }) => pattern.test(provisioner));
      const here = operators.filter(({ object }) => meet(object.owner, owner));
      if (!kind || here.length === 0) continue;
      const expected = here.map((operator) => kind.expected(operator));
      if (expected.includes(undefined) || expected.includes(provisioner)) continue;
      const [operator] = here;
      yield {
        at: composed.origin(path).place,
        subject: objectText(id),
        message: `names ${path.join('.')} ${provisioner}, which nobody runs: Rook calls ${kind.what} after the namespace of its operator, and ${objectText(operator!.id)} puts it into ${operator!.targetNamespace}; write ${listed(
          expected.flatMap((one) => one ?? []),
          { and: 'or' },
        )}`,
        key: path.join('.'),
        related: here.map(({ object, id: { name } }) => ({
          ...object.composed.root.place,
          message: `the operator's release ${name}`,
        })),
      };
    }
  },
};

const fields: ReadonlyMap<string, readonly string[]> = new Map([
  ['StorageClass', ['provisioner']],
  ['VolumeSnapshotClass', ['driver']],
]);

interface Provisioner {
  readonly what: string;
  readonly pattern: RegExp;
  /** Undefined where the release says it in a way that is not known here. */
  readonly expected: (operator: HelmRelease) => string | undefined;
}

const kinds: readonly Provisioner[] = [
  {
    what: 'its bucket provisioner',
    pattern: /\.rook\.io\/bucket$/,
    expected: (operator) => prefixed(operator, ['obcProvisionerNamePrefix'], '.ceph.rook.io/bucket'),
  },
  ...['rbd', 'cephfs', 'nfs'].map((driver) => ({
    what: `its ${driver} driver`,
    pattern: new RegExp(`\\.${driver}\\.csi\\.ceph\\.com$`),
    expected: (operator: HelmRelease) => prefixed(operator, ['csi', 'csiDriverNamePrefix'], `.${driver}.csi.ceph.com`),
  })),
];

function prefixed(
  { values, targetNamespace, valuesSources }: HelmRelease,
  path: readonly string[],
  suffix: string,
): string | undefined {
  if (valuesSources.some(({ status }) => status === 'opaque')) return undefined;
  const prefix = nonEmpty(valueAt(values.value, path)) ?? targetNamespace;
  return isKnown(prefix) ? `${prefix}${suffix}` : undefined;
}
