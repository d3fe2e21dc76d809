/** Flux Kustomizations in effect, what starts them, and the objects that each of them applies. */
import type { BuiltObject } from '../kustomize/built-object.js';
import type { Build } from '../kustomize/build.js';
import type { ObjectId } from '../manifests/object-id.js';
import type { Origin } from '../manifests/origin.js';
import type { KustomizationSpec, SubstituteReference } from './kustomization-spec.js';

/**
 * What applies the first Kustomizations: a FluxInstance's sync, which Flux turns into a Kustomization that stands in
 * no file, or a hand, where the files show nothing (`flux bootstrap`, `kubectl apply`).
 */
export interface EntryPoint {
  readonly kind: 'sync' | 'by-hand';
  /** Of the Kustomization that the sync becomes; for `by-hand` its name is empty. */
  readonly id: ObjectId;
  /** Where the sync's path is written. */
  readonly origin: Origin | undefined;
  readonly build: Build | undefined;
  readonly objects: readonly AppliedObject[];
}

export interface FluxKustomization {
  readonly kind: 'kustomization';
  /** In effect. */
  readonly id: ObjectId;
  /** As its parent applies it; `object.composed.origin(['spec', 'timeout'])` is where that is written. */
  readonly object: AppliedObject;
  readonly spec: KustomizationSpec;
  /** As its own document says, before patches of the parent and substitutions. */
  readonly written: KustomizationSpec;
  readonly source: SourceLink;
  readonly directory: FluxDirectory;
  /** Undefined where the folder is not in the tree or not known. */
  readonly build: Build | undefined;
  readonly variables: Variables;
  /** After namespace, patches, common metadata and substitutions. */
  readonly objects: readonly AppliedObject[];
  /** Expressions that Flux refuses: the whole Kustomization fails. */
  readonly problems: readonly SubstitutionProblem[];
  /** Variables whose names Flux refuses, used or not: the whole Kustomization fails. */
  readonly refusedNames: readonly RefusedName[];
}

export interface SubstitutionProblem {
  readonly message: string;
  readonly origin: Origin;
}

export interface RefusedName {
  readonly name: string;
  /** Of the key: in the Kustomization, or in the ConfigMap or Secret that it reads. */
  readonly origin: Origin;
}

export type Applier = FluxKustomization | EntryPoint;

/** The folder that `spec.path` names. */
export type FluxDirectory =
  | { readonly status: 'here'; readonly path: string }
  /** In this repository, but no folder of it. */
  | { readonly status: 'missing'; readonly path: string }
  /** In another repository, or its name has an unknown variable. */
  | { readonly status: 'unknown'; readonly path: string };

/** A GitRepository, OCIRepository, HelmRepository, Bucket or HelmChart. */
export interface FluxSource {
  readonly id: ObjectId;
  readonly object: AppliedObject;
  readonly url: string | undefined;
  /** `oci` for a HelmRepository that is a registry. */
  readonly type: string | undefined;
  /** What `spec.ref` says: tag, branch, semver, commit, digest. */
  readonly ref: ReadonlyMap<string, string>;
}

export type SourceLink =
  /** The source that the roots sync from: this repository. */
  | { readonly status: 'this-repository'; readonly source: FluxSource | undefined }
  | { readonly status: 'other'; readonly source: FluxSource }
  /** No object of the tree, and no root, has this name. */
  | { readonly status: 'missing'; readonly source: undefined }
  | { readonly status: 'unknown'; readonly source: undefined };

export interface AppliedObject extends BuiltObject {
  readonly owner: Applier;
  /** Every variable of it, in the order of the text. */
  readonly substitutions: readonly Substitution[];
}

export interface Substitution {
  readonly path: readonly (string | number)[];
  readonly variable: string;
  /** `unknown`: it comes from a Secret or something outside; the text still shows it. `empty`: nothing sets it. */
  readonly outcome: 'set' | 'default' | 'empty' | 'unknown';
}

/** What a Kustomization puts in for `${…}`. */
export interface Variables {
  readonly known: ReadonlyMap<string, string>;
  /** Names whose values are secret or otherwise not in the files. */
  readonly hidden: ReadonlySet<string>;
  readonly sources: readonly VariableSource[];
  /** Whether a source may have variables of any name. */
  readonly isOpen: boolean;
}

export interface VariableSource extends SubstituteReference {
  readonly origin: Origin;
  /** `read`: its keys are known. `opaque`: it is produced, with keys that are not in the files. */
  readonly status: 'read' | 'opaque' | 'missing';
}
