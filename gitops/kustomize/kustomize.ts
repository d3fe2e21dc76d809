/** The kustomize graph of a repository: its kustomization files, and builds of its folders. */
import type { Composed } from '../manifests/composed.js';
import { fieldOf, textsOf, valueAt } from '../manifests/fields.js';
import { oncePer } from '../manifests/once-per.js';
import type { Scope } from '../manifests/scope.js';
import type { Accumulation } from './accumulation.js';
import { Accumulator, type FoundKustomization } from './accumulate.js';
import type { Build } from './build.js';
import type { BuiltObject } from './built-object.js';
import type { Draft } from './draft.js';
import { scanForManifests } from './flux-scan.js';
import { KeptBuilds } from './kept-builds.js';
import {
  type Changes,
  isKustomizationFile,
  type KustomizationFile,
  readKustomizationFile,
} from './kustomization-file.js';
import { followRenames } from './name-references.js';
import { folderOf, joinPath, type RepositoryFiles } from './repository-files.js';
import type { YamlFile } from '../yaml/yaml-file.js';

export interface Kustomize {
  /** By folder. */
  readonly kustomizations: ReadonlyMap<string, KustomizationFile>;
  /** Of a folder relative to the repository, as Flux builds it: without a kustomization.yaml, of all manifests below. */
  build(directory: string): Build;
  /** The same with what a Flux Kustomization adds, all of which stands in `by`. */
  buildWith(directory: string, by: Composed, added: () => Changes): Build;
  hasFolder(directory: string): boolean;
  /** Files that some kustomization lists as a resource, reached or not. */
  readonly resourceFiles: ReadonlySet<string>;
  /** Files that some kustomization lists as a patch. */
  readonly patchFiles: ReadonlySet<string>;
  /** For the next reading. */
  readonly kept: KeptBuilds;
}

const nothingAdded: Changes = {
  namespace: undefined,
  namePrefix: undefined,
  nameSuffix: undefined,
  components: [],
  patches: [],
  images: [],
};

/** `previous` is that of the reading before: a build of which nothing has changed is taken from it. */
export function kustomizeOf(
  files: RepositoryFiles,
  paths: readonly string[],
  scope: Scope,
  previous?: Kustomize,
): Kustomize {
  const found = findKustomizations(files, paths);
  const kustomizationIn = (directory: string): FoundKustomization =>
    found.get(directory) ?? { problem: 'missing-kustomization', file: directory };
  const accumulator = new Accumulator(files, kustomizationIn);
  const kept = new KeptBuilds(files, scope, previous?.kept);

  const gather = (directory: string, added: Changes): Accumulation => {
    const kustomization = kustomizationIn(directory);
    if (!('problem' in kustomization)) return accumulator.accumulate(kustomization, added);
    const hasOwn = (folder: string) => found.has(folder);
    const listed =
      found.has(directory) || !files.hasFolder(directory) ? [] : scanForManifests(directory, files, hasOwn);
    const gathered = accumulator.accumulateListed(directory, listed, added);
    if (found.has(directory)) {
      gathered.inputs.add(kustomization.file);
      gathered.problem(kustomization.problem, `${kustomization.file} cannot be used`, kustomization.file);
    } else if (!files.hasFolder(directory))
      gathered.problem('not-a-folder', `${directory || '.'} is no folder`, directory);
    return gathered;
  };
  const make = (directory: string, added: Changes): Build => {
    const kustomization = kustomizationIn(directory);
    const { drafts, problems, unknowns, inputs, nameReferences: references } = gather(directory, added);
    const nameReferences = [...references];
    return {
      directory,
      kustomization: 'problem' in kustomization ? undefined : kustomization,
      objects: followRenames(drafts, nameReferences)
        .filter(isNotLocal)
        .map((draft) => finished(draft, scope)),
      problems: [...problems],
      unknowns: [...unknowns],
      inputs,
      nameReferences,
    };
  };
  const kustomizations = new Map<string, KustomizationFile>();
  for (const [directory, file] of found) if (!('problem' in file)) kustomizations.set(directory, file);
  const used = usedFiles([...kustomizations.values()]);
  return {
    kustomizations,
    build: (directory) => kept.get(directory, directory, () => make(directory, nothingAdded)),
    buildWith: (directory, by, added) => kept.get(by, directory, () => make(directory, added())),
    hasFolder: (directory) => files.hasFolder(directory),
    kept,
    ...used,
  };
}

function findKustomizations(files: RepositoryFiles, paths: readonly string[]): ReadonlyMap<string, FoundKustomization> {
  const found = new Map<string, FoundKustomization>();
  for (const path of paths) {
    if (!isKustomizationFile(path)) continue;
    const directory = folderOf(path);
    if (found.has(directory)) {
      found.set(directory, { problem: 'two-kustomizations', file: path });
      continue;
    }
    const file = files.yaml(path);
    const read = file && kustomizationOf(file);
    found.set(directory, read ?? { problem: 'unparsable', file: path });
  }
  return found;
}

const kustomizationOf = oncePer((file: YamlFile) => readKustomizationFile(folderOf(file.path), file));

function finished({ id, composed, manifest, generated, chain, listedAt }: Draft, scope: Scope): BuiltObject {
  const isClusterWide = scope.isClusterWide(id.group, id.kind);
  return { id: isClusterWide ? { ...id, namespace: '' } : id, composed, manifest, generated, chain, listedAt };
}

function isNotLocal({ composed }: Draft): boolean {
  const annotations = textsOf(fieldOf(valueAt(composed.value, ['metadata']), 'annotations'));
  return annotations.get('config.kubernetes.io/local-config') !== 'true';
}

function usedFiles(kustomizations: readonly KustomizationFile[]) {
  const resourceFiles = new Set<string>();
  const patchFiles = new Set<string>();
  for (const { directory, resources, patches } of kustomizations) {
    for (const { text } of resources) resourceFiles.add(joinPath(directory, text) ?? text);
    for (const { path } of patches) if (path !== undefined) patchFiles.add(joinPath(directory, path) ?? path);
  }
  return { resourceFiles, patchFiles };
}
