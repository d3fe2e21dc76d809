/** HelmReleases in effect: the chart and its source, and the values that the chart gets, each with its place. */
import type { Composed } from '../manifests/composed.js';
import type { ObjectId } from '../manifests/object-id.js';
import type { Origin } from '../manifests/origin.js';
import type { YamlFile } from '../yaml/yaml-file.js';
import type { AppliedObject, FluxSource } from './flux-kustomization.js';
import type { HelmReleaseSpec, ValuesReference } from './helm-release-spec.js';

export interface HelmRelease {
  /** In effect. */
  readonly id: ObjectId;
  readonly object: AppliedObject;
  readonly spec: HelmReleaseSpec;
  /** As its own document says, before patches and substitutions. */
  readonly written: HelmReleaseSpec;
  /** Where its chart's objects go: `targetNamespace`, or its own. */
  readonly targetNamespace: string;
  readonly releaseName: string;
  readonly chart: HelmChart | undefined;
  /** What the chart gets: `valuesFrom` in order, then `values`. Their chart's defaults are not among them. */
  readonly values: Composed;
  readonly valuesSources: readonly ValuesSource[];
}

export interface HelmChart {
  /** `kube-prometheus-stack`; of an OCI source the last part of its URL. Undefined where that is not known. */
  readonly name: string | undefined;
  readonly version: string | undefined;
  /** Where the version is written: in the release, or in the source that it refers to. */
  readonly versionOrigin: Origin | undefined;
  /** `missing`: no object of the tree has this name, and no root syncs from it. */
  readonly status: 'resolved' | 'missing' | 'unknown';
  readonly source: FluxSource | undefined;
  /** In effect: an omitted namespace is the release's. */
  readonly sourceId: ObjectId;
  readonly origin: Origin;
}

export interface ValuesSource extends ValuesReference {
  readonly origin: Origin;
  /** `read`: merged. `opaque`: produced, but its content is not in the files. `missing`: nothing produces it, or not the key. `hashed`: it is generated, with a hash in its name that this release is not given. */
  readonly status: 'read' | 'opaque' | 'missing' | 'hashed' | 'unparsable';
  /** The file that the values stand in: a generator's, or that of the ConfigMap. */
  readonly file: YamlFile | undefined;
  readonly producer: AppliedObject | undefined;
}
