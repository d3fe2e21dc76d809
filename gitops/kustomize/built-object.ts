/** An object as a kustomization builds it, with all it knows of where it comes from. */
import type { Composed } from '../manifests/composed.js';
import type { Manifest } from '../manifests/manifest.js';
import type { ObjectId } from '../manifests/object-id.js';
import type { Origin } from '../manifests/origin.js';
import type { YamlFile } from '../yaml/yaml-file.js';
import type { KustomizationFile } from './kustomization-file.js';
import type { ObjectGenerator } from './object-generator.js';

export interface BuiltObject {
  /** In effect: after every `namespace`, prefix and patch of the chain. Variables stand in it as written. */
  readonly id: ObjectId;
  /** As it would be applied, but for variables; `composed.origin(path)` is where a value is written. */
  readonly composed: Composed;
  /** As written, before anything was changed; undefined for what a generator makes. */
  readonly manifest: Manifest | undefined;
  readonly generated: Generated | undefined;
  /** From the kustomization that is built down to the one that lists the file or has the generator; components too. */
  readonly chain: readonly KustomizationFile[];
  /** The entry that lists it: in `resources` of the last of the chain, or the generator. */
  readonly listedAt: Origin | undefined;
}

export interface Generated {
  readonly generator: ObjectGenerator;
  readonly files: readonly GeneratedFile[];
  /** Whether kustomize adds a hash of the content to the name (`id.name` is without it). */
  readonly hasHash: boolean;
}

export interface GeneratedFile {
  readonly key: string;
  /** In the repository. */
  readonly path: string;
  /** Where it is YAML: so that a value in it can be found and edited. */
  readonly yaml: YamlFile | undefined;
}
