/** Who needs what, and who brings it: references between objects that no schema checks. */
import type { Applier, AppliedObject } from '../flux/flux-kustomization.js';
import type { HelmRelease } from '../flux/helm-release.js';
import type { Origin } from '../manifests/origin.js';

export type TargetKind =
  | 'Secret'
  | 'ConfigMap'
  | 'PersistentVolumeClaim'
  | 'StorageClass'
  | 'VolumeSnapshotClass'
  | 'Namespace'
  | 'SecretStore'
  | 'ClusterSecretStore'
  | 'Issuer'
  | 'ClusterIssuer'
  /** Named `<Kind>.<group>`, since objects say their kind, not the definition's plural; a chart's is `*.<group>`. */
  | 'CustomResourceDefinition'
  | 'Kustomization'
  | 'HelmRelease';

export interface Target {
  readonly kind: TargetKind;
  /** Empty for kinds without one. */
  readonly namespace: string;
  readonly name: string;
}

/** How a target comes to be. */
export type ProducerForm =
  /** The object itself stands in a file. */
  | 'manifest'
  | 'encrypted'
  | 'generator'
  | 'external-secret'
  /** An operator makes it for the object: CloudNativePG, Rook, cert-manager. */
  | 'operator'
  /** A chart brings it, by the table of charts. */
  | 'chart'
  /** A remote base brings it, by the table of remote bases. */
  | 'remote'
  /** Kubernetes or Flux brings it. */
  | 'built-in';

export interface Producer {
  readonly target: Target;
  readonly form: ProducerForm;
  /** What makes it; undefined for what is built in, and for a remote base. */
  readonly object: AppliedObject | undefined;
  readonly release: HelmRelease | undefined;
  readonly owner: Applier | undefined;
  readonly origin: Origin | undefined;
  /** The keys of a Secret or ConfigMap, where they are known. */
  readonly keys: ReadonlySet<string> | undefined;
  /** Kustomize adds a hash to its name: only fields that it knows to hold names find it. */
  readonly hasHash: boolean;
}

export interface Consumer {
  readonly target: Target;
  readonly object: AppliedObject;
  readonly owner: Applier;
  /** The release whose values name it; undefined for a field of a manifest. */
  readonly release: HelmRelease | undefined;
  /** Where the name is written. */
  readonly origin: Origin;
  /** In the object, or in the release's values. */
  readonly path: readonly (string | number)[];
  /** The key it reads, if it names one. */
  readonly key: string | undefined;
  /** It does without: `optional: true`. */
  readonly isOptional: boolean;
  /** `exact`: the API defines the field. `guess`: a chart's value that looks like it. */
  readonly certainty: 'exact' | 'guess';
  /** Whether kustomize would put the hashed name of a generated object here, one of the same build. */
  readonly followsHash: boolean;
}

export type Resolution =
  | { readonly status: 'produced'; readonly producers: readonly Producer[] }
  /** Nothing in the tree produces it, and everything that could is known. */
  | { readonly status: 'missing' }
  /** It exists only under a hashed name that this field is not given. */
  | { readonly status: 'hashed'; readonly producers: readonly Producer[] }
  /** The files cannot tell: a variable in the name, a chart or remote base that may bring it. */
  | { readonly status: 'unknown'; readonly why: string };

export interface References {
  readonly producers: readonly Producer[];
  readonly consumers: readonly Consumer[];
  producersOf(target: Target): readonly Producer[];
  consumersOf(target: Target): readonly Consumer[];
  resolve(consumer: Consumer): Resolution;
}
