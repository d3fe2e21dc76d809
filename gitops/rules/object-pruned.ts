/** Objects that a change takes out of the files, and Flux out of the cluster. */
import type { AppliedObject, EntryPoint, FluxKustomization } from '../flux/flux-kustomization.js';
import { valueAt } from '../manifests/fields.js';
import { keyText, type ObjectId, objectText } from '../manifests/object-id.js';
import type { FindingDraft } from '../lint/finding.js';
import type { ChangeRule } from '../lint/rule.js';
import { listed } from '../lint/wording.js';
import type { Repository } from '../model/repository.js';

export const objectPruned: ChangeRule = {
  id: 'object-pruned',
  severity: 'warning',
  summary: 'A change takes an object away that Flux then deletes from the cluster.',
  layer: 'policy',
  *checkChange(before, after) {
    const gone = new Map<FluxKustomization | EntryPoint, Map<string, ObjectId>>();
    for (const object of before.flux.objects) {
      if (after.ownership.of(object.id).length > 0) continue;
      const deleting = deletingIn(after, object);
      if (!deleting) continue;
      const known = gone.get(deleting) ?? new Map<string, ObjectId>();
      gone.set(deleting, known.set(keyText(object.id), object.id));
    }
    for (const [deleting, objects] of gone) yield* findings(deleting, [...objects.values()]);
  },
};

/**
 * Who prunes it after the change: what applied it, or, where that goes too, whoever deletes that one. Undefined where
 * it stays in the cluster, or the files do not show that it is gone.
 */
function deletingIn(after: Repository, object: AppliedObject): FluxKustomization | EntryPoint | undefined {
  if (isKept(object)) return undefined;
  const { owner } = object;
  if (owner.kind !== 'kustomization')
    // What somebody applied by hand, somebody has to delete by hand.
    return after.flux.entryPoints.find(
      ({ kind, id }) => kind === 'sync' && owner.kind === kind && isSame(id, owner.id),
    );
  const now = after.flux.kustomization(owner.id.namespace, owner.id.name);
  if (now) return now.spec.prune === true && showsAll(now, owner) ? now : undefined;
  const { deletionPolicy: policy = 'MirrorPrune', prune } = owner.spec;
  const goesAlong = policy === 'MirrorPrune' ? prune === true : policy !== 'Orphan';
  return goesAlong && owner.object.owner !== owner ? deletingIn(after, owner.object) : undefined;
}

/** Flux' own mark: it leaves such an object where no file declares it any more. */
function isKept({ composed }: AppliedObject): boolean {
  return ['annotations', 'labels'].some(
    (field) => valueAt(composed.value, ['metadata', field, 'kustomize.toolkit.fluxcd.io/prune']) === 'disabled',
  );
}

/** A build that fails deletes nothing, and what is not in the files may bring it now. */
function showsAll({ build, problems }: FluxKustomization, before: FluxKustomization): boolean {
  if (!build || build.problems.length > 0 || problems.length > 0) return false;
  return build.unknowns.length <= (before.build?.unknowns.length ?? 0);
}

function isSame(one: ObjectId, other: ObjectId): boolean {
  return keyText(one) === keyText(other);
}

/** What goes with them, worst first. */
const consequences: readonly (readonly [kind: string, says: string])[] = [
  ['Namespace', 'everything in the namespace goes with it'],
  ['CustomResourceDefinition', 'every object of that kind goes with it'],
  ['PersistentVolumeClaim', 'its data go with it, where the volume is not retained'],
  ['PersistentVolume', 'nothing finds its data any more'],
  ['HelmRelease', 'Helm uninstalls what it brought'],
];

function rank({ kind }: ObjectId): number {
  const at = consequences.findIndex(([one]) => one === kind);
  return at === -1 ? consequences.length : at;
}

function* findings(deleting: FluxKustomization | EntryPoint, ids: readonly ObjectId[]): Iterable<FindingDraft> {
  const sorted = ids.toSorted((a, b) => rank(a) - rank(b));
  const origin =
    deleting.kind === 'kustomization' ? deleting.object.composed.origin(['spec', 'prune']) : deleting.origin;
  if (!origin) return;
  const says = consequences.flatMap(([kind, one]) => (ids.some((id) => id.kind === kind) ? [one] : []));
  const [them, they] = ids.length === 1 ? ['it', 'it is'] : ['them', 'they are'];
  yield {
    at: origin.place,
    subject: objectText(deleting.id),
    message: `does not apply ${listed(sorted.map(objectText))} any more, and Flux deletes ${them} from the cluster${says.length > 0 ? `: ${says.join(', and ')}` : ''}; if ${they} to stay, give ${them} the annotation kustomize.toolkit.fluxcd.io/prune: disabled in a commit before`,
    key: sorted.map(objectText).join(' '),
    ...(says.length === 0 && { severity: 'info' as const }),
  };
}
