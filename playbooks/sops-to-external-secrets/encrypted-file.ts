/** A file that SOPS encrypted, with the Secrets in it and what lists it. Only names are read: a value is never looked at. */
import type { AppliedObject, FluxKustomization } from '../../gitops/flux/flux-kustomization.js';
import type { Entry, KustomizationFile } from '../../gitops/kustomize/kustomization-file.js';
import { joinPath } from '../../gitops/kustomize/repository-files.js';
import { fieldsOf, textsOf, valueAt } from '../../gitops/manifests/fields.js';
import { type Manifest, manifestsOf } from '../../gitops/manifests/manifest.js';
import type { Repository } from '../../gitops/model/repository.js';
import type { YamlFile } from '../../gitops/yaml/yaml-file.js';
import { pruneAnnotation } from './retirement.js';

export interface EncryptedFile {
  readonly path: string;
  readonly secrets: readonly SopsSecret[];
  readonly listings: readonly Listing[];
}

export interface SopsSecret {
  readonly manifest: Manifest;
  readonly name: string;
  /** Names, in the order of the file. */
  readonly keys: readonly string[];
  /** Every application of it. */
  readonly applied: readonly AppliedObject[];
  readonly namespaces: readonly string[];
  /** In 1Password. */
  readonly item: string;
}

/** A kustomization that lists a file among its resources. */
export interface Listing {
  readonly kustomization: KustomizationFile;
  readonly entry: Entry;
}

/** `names` are those of all encrypted objects, for items that would have one title. */
export function secretsOf(file: YamlFile, { flux }: Repository, names: readonly string[]): readonly SopsSecret[] {
  return manifestsOf(file).flatMap((manifest) => {
    const { id, value } = manifest;
    if (id.kind !== 'Secret' || id.group !== '') return [];
    const applied = flux.objects.filter((object) => object.manifest === manifest);
    const namespaces = [...new Set(applied.map((object) => object.id.namespace))].toSorted();
    const keys = ['data', 'stringData'].flatMap((field) => Object.keys(fieldsOf(value[field])));
    const isUnique = names.filter((name) => name === id.name).length === 1;
    const item = isUnique ? id.name : `${namespaces[0] ?? 'none'}-${id.name}`;
    return [{ manifest, name: id.name, keys, applied, namespaces, item }];
  });
}

export function listingsOf(path: string, { kustomize }: Repository): readonly Listing[] {
  return [...kustomize.kustomizations.values()].flatMap((kustomization) =>
    kustomization.resources.flatMap((entry) =>
      joinPath(kustomization.directory, entry.text) === path ? [{ kustomization, entry }] : [],
    ),
  );
}

/** The labels or annotations that it is to keep. */
export function metadataOf({ value }: Manifest, field: 'labels' | 'annotations'): Readonly<Record<string, string>> {
  const texts = textsOf(valueAt(value, ['metadata', field]));
  return Object.fromEntries([...texts].filter(([key]) => key !== pruneAnnotation));
}

/** The Kustomizations that apply it, each once. */
export function ownersOf({ secrets }: EncryptedFile): readonly FluxKustomization[] {
  const owners = secrets.flatMap(({ applied }) => applied.map(({ owner }) => owner));
  return [...new Set(owners)].flatMap((owner) => (owner.kind === 'kustomization' ? [owner] : []));
}
