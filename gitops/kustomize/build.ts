/** What `kustomize build` of a folder gives, and what stands in its way. */
import type { ObjectId } from '../manifests/object-id.js';
import type { Origin } from '../manifests/origin.js';
import type { BuiltObject } from './built-object.js';
import type { KustomizationFile } from './kustomization-file.js';
import type { NameReference } from './name-references.js';

export interface Build {
  /** Relative to the repository; empty for its root. */
  readonly directory: string;
  /** Undefined where Flux generates one, of all manifests below the folder. */
  readonly kustomization: KustomizationFile | undefined;
  /** In the order of the build; with problems, what could be built beside them. */
  readonly objects: readonly BuiltObject[];
  /** Any of them makes `kustomize build` fail as a whole, and with it every Flux Kustomization that builds the folder. */
  readonly problems: readonly BuildProblem[];
  /** Why there may be objects, or changes of objects, that nobody can know from the files. */
  readonly unknowns: readonly BuildUnknown[];
  /** Every file that the build reads, kustomizations and generators' files included. */
  readonly inputs: ReadonlySet<string>;
  /** Fields that hold names, beside those that kustomize knows. */
  readonly nameReferences: readonly NameReference[];
}

export type BuildProblemCode =
  | 'not-a-folder'
  | 'missing-resource'
  | 'missing-file'
  | 'missing-kustomization'
  | 'two-kustomizations'
  | 'empty-kustomization'
  | 'unknown-field'
  | 'wrong-type'
  | 'wrong-value'
  | 'outside-repository'
  | 'cycle'
  | 'too-large'
  | 'unparsable'
  | 'not-a-manifest'
  | 'not-a-component'
  | 'component-as-resource'
  | 'duplicate-object'
  | 'patch-invalid'
  | 'patch-without-target'
  | 'generator-without-target';

export interface BuildProblem {
  readonly code: BuildProblemCode;
  /** For people; names the file or object. */
  readonly message: string;
  readonly origin: Origin | undefined;
  /** Where there is no document to point to: a file that does not parse, a folder. */
  readonly file: string;
  /** The other declaration of a `duplicate-object`, the entries of a `cycle`. */
  readonly related: readonly Origin[];
  /** What a `duplicate-object` or a `patch-without-target` is about; in effect at the time. */
  readonly id: ObjectId | undefined;
}

export interface BuildUnknown {
  /** A remote base or file, or a field whose work is not carried out here. */
  readonly code: 'remote' | 'beyond-reading';
  /** The URL, or the field. */
  readonly text: string;
  readonly origin: Origin;
}
