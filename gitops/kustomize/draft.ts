/** An object while it is being built: each step makes a new draft of it. */
import { Composed } from '../manifests/composed.js';
import { fieldOf, nonEmpty } from '../manifests/fields.js';
import type { Manifest } from '../manifests/manifest.js';
import type { ObjectId } from '../manifests/object-id.js';
import type { Origin } from '../manifests/origin.js';
import { kustomizeLeavesNamespace } from '../manifests/scope.js';
import type { Generated } from './built-object.js';
import type { KustomizationFile } from './kustomization-file.js';

export interface Draft {
  /** As kustomize sees it by now: a cluster-wide custom resource has a namespace too, if it was given one. */
  readonly id: ObjectId;
  /** As it was before any change. */
  readonly first: ObjectId;
  readonly composed: Composed;
  readonly manifest: Manifest | undefined;
  readonly generated: Generated | undefined;
  readonly chain: readonly KustomizationFile[];
  readonly listedAt: Origin | undefined;
}

export function draftOf(manifest: Manifest, listedAt: Origin | undefined, chain: readonly KustomizationFile[]): Draft {
  const { id, value, origin } = manifest;
  return { id, first: id, composed: new Composed(value, origin), manifest, generated: undefined, chain, listedAt };
}

/** With another value, and the name and namespace that stand in it. */
export function withComposed(draft: Draft, composed: Composed): Draft {
  const metadata = fieldOf(composed.value, 'metadata');
  const id = {
    ...draft.id,
    namespace: nonEmpty(fieldOf(metadata, 'namespace')) ?? '',
    name: nonEmpty(fieldOf(metadata, 'name')) ?? '',
  };
  return { ...draft, id, composed };
}

/** Equal for what kustomize takes for the same object. */
export function draftKey({ group, version, kind, namespace, name }: ObjectId): string {
  const place = kustomizeLeavesNamespace(group, kind) ? '' : namespace === '' ? 'default' : namespace;
  return `${group}\n${version}\n${kind}\n${place}\n${name}`;
}
