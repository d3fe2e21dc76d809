/** What names a Secret on its way to the cluster, to change it or to read it: without that Secret the build would fail. */
import type { Applier } from '../../gitops/flux/flux-kustomization.js';
import type { BuildUnknown } from '../../gitops/kustomize/build.js';
import type { KustomizationFile } from '../../gitops/kustomize/kustomization-file.js';
import { type Patch, readFluxPatches } from '../../gitops/kustomize/patch.js';
import { joinPath } from '../../gitops/kustomize/repository-files.js';
import { manifestsOf } from '../../gitops/manifests/manifest.js';
import type { Origin } from '../../gitops/manifests/origin.js';
import type { Repository } from '../../gitops/model/repository.js';
import { YamlFile } from '../../gitops/yaml/yaml-file.js';
import type { SopsSecret } from './encrypted-file.js';

/** Where the first of them stands. */
export function namedChange({ name, applied }: SopsSecret, repository: Repository): Origin | undefined {
  for (const owner of new Set(applied.map((object) => object.owner)))
    for (const kustomization of kustomizationsOf(owner, repository)) {
      const found = patchOf(kustomization, name, repository) ?? mergeInto(kustomization, name);
      if (found) return found;
    }
  return undefined;
}

/** The first field of its builds whose work may name it, and is not carried out here. */
export function unreadNaming({ applied }: SopsSecret): BuildUnknown | undefined {
  return applied
    .flatMap(({ owner }) => owner.build?.unknowns ?? [])
    .find(({ code, text }) => code === 'beyond-reading' && mayName.has(text));
}

const mayName = new Set(['replacements', 'vars', 'transformers']);

interface Changing extends Pick<KustomizationFile, 'patches'>, Partial<Pick<KustomizationFile, 'generators'>> {
  readonly directory: string;
}

/** Those that its build reads, and itself. */
function kustomizationsOf(owner: Applier, { kustomize }: Repository): readonly Changing[] {
  const files = [...kustomize.kustomizations.values()].filter(({ file }) => owner.build?.inputs.has(file.path));
  if (owner.kind !== 'kustomization') return files;
  return [...files, { directory: '', patches: readFluxPatches(owner.object.composed.at(['spec'])) }];
}

/** A patch with a target may find nothing; without one it has to. */
function patchOf({ directory, patches }: Changing, name: string, repository: Repository): Origin | undefined {
  return patches.find(
    (patch) =>
      !patch.target &&
      manifestsOf(fileOf(patch, directory, repository)).some(({ id }) => id.kind === 'Secret' && id.name === name),
  )?.origin;
}

function fileOf({ text, path = '', origin }: Patch, directory: string, repository: Repository): YamlFile {
  const file = text === undefined ? repository.file(joinPath(directory, path) ?? '') : undefined;
  return file ?? YamlFile.read(origin.document.file.path, text ?? '');
}

function mergeInto({ generators = [] }: Changing, name: string): Origin | undefined {
  return generators.find((one) => one.kind === 'Secret' && one.behavior !== 'create' && one.name === name)?.origin;
}
