/** Who applies objects, as messages name it, and in which cluster. */
import type { Applier } from '../flux/flux-kustomization.js';
import { objectText } from '../manifests/object-id.js';

/** `Kustomization flux-system/apps`; where no file says who, that it is done by hand. */
export function applierText({ kind, id }: Applier): string {
  return kind === 'by-hand' ? 'whoever bootstraps the cluster' : objectText(id);
}

/** Parents of a Kustomization, from the nearest to what it all starts from; one that applies itself ends them. */
export function parentsOf(applier: Applier): readonly Applier[] {
  const parents = new Set<Applier>();
  for (let one = applier; one.kind === 'kustomization' && !parents.has(one.object.owner);) {
    one = one.object.owner;
    parents.add(one);
  }
  return [...parents];
}

/** Whether objects of both meet in one cluster. */
export function meet(a: Applier, b: Applier): boolean {
  return startOf(a) === startOf(b) && clusterOf(a) === clusterOf(b);
}

/** One for each cluster: what it syncs, or the folder whose Kustomizations somebody applied by hand. */
function startOf(applier: Applier): Applier | string {
  const start = parentsOf(applier).at(-1) ?? applier;
  const [first] = start.kind === 'by-hand' ? start.objects : [];
  const file = first?.composed.root.document.file.path;
  return file === undefined ? start : file.slice(0, file.lastIndexOf('/') + 1);
}

/** A Kustomization with a kubeConfig applies to another cluster than the one that it is in. */
function clusterOf(applier: Applier): string {
  return applier.kind === 'kustomization' ? (applier.spec.kubeConfigSecret ?? '') : '';
}
