/** Finds the Kustomizations that somebody must have applied by hand, since nothing in the files does. */
import type { BuiltObject } from '../kustomize/built-object.js';
import type { Kustomize } from '../kustomize/kustomize.js';
import { folderOf, joinPath } from '../kustomize/repository-files.js';
import { Composed } from '../manifests/composed.js';
import type { Manifest } from '../manifests/manifest.js';
import type { KustomizationWalk } from './kustomization-walk.js';
import { readKustomizationSpec } from './kustomization-spec.js';
import type { SourceLinks } from './source-links.js';

interface Candidate {
  readonly manifest: Manifest;
  readonly folder: string;
  /** The Kustomizations that its folder builds, itself maybe among them. */
  readonly builds: ReadonlySet<Manifest>;
}

/**
 * Roots are Kustomizations whose path is a folder of the tree and that no other builds, or that build themselves; and
 * those whose path is none, where it shows that they are meant as roots. One that lies below a folder that Flux builds,
 * and is yet not built, is left out on purpose: it is no root. One whose name a root before it has is in another
 * cluster, and so is what lies below it; whether there is any is returned.
 */
export function startByHand(
  declared: readonly Manifest[],
  kustomize: Kustomize,
  links: SourceLinks,
  walk: KustomizationWalk,
): boolean {
  const ofOtherClusters = new Set<string>();
  const ofRoots = new Set<string>();
  const open = declared.filter((manifest) => !walk.hasReached(manifest) && !isPatch(manifest, kustomize));
  if (!links.hasOwn) addLikelySource(open, kustomize, links);
  const candidates = open.flatMap((manifest) => candidateOf(manifest, kustomize, links));
  const ofOthers = new Set(
    candidates.flatMap(({ manifest, builds }) => [...builds].filter((built) => built !== manifest)),
  );
  const selfBuilt = candidates.filter(({ manifest, builds }) => builds.has(manifest));
  const unbuilt = candidates.filter(({ manifest, builds }) => !builds.has(manifest) && !ofOthers.has(manifest));
  const start = (manifest: Manifest, folder: string): void => {
    if (isBelow(manifest, walk.folders) || isBelow(manifest, ofOtherClusters) || walk.hasReached(manifest)) return;
    const built = builtFrom(manifest, kustomize);
    const known = walk.named(built.id);
    const own = folderOf(manifest.file.path);
    if (known) {
      // Two of one name in one folder are a mistake, and no second cluster.
      if (own !== folderOf(known.object.composed.root.document.file.path))
        for (const taken of [folder, own]) ofOtherClusters.add(taken);
      return;
    }
    const { sourceRef } = readKustomizationSpec(manifest.value);
    if (sourceRef) links.addOwn(sourceRef, manifest.id.namespace);
    ofRoots.add(own);
    walk.startByHand(built);
  };
  // In a ring of Kustomizations that build each other, somebody applied one of them.
  for (const { manifest, folder } of [...inOrder(selfBuilt), ...inOrder(unbuilt), ...inOrder(candidates)])
    start(manifest, folder);
  // Where a sync starts everything, a root that leads nowhere is left over from before it.
  for (const manifest of walk.entryPoints.some(({ kind }) => kind === 'sync') ? [] : open) {
    const folder = mistypedFolder(manifest, kustomize, links);
    const isRoot = ofRoots.has(folderOf(manifest.file.path)) || isBesideSource(manifest, links);
    if (folder !== undefined && isRoot) start(manifest, folder);
  }
  return ofOtherClusters.size > 0;
}

/**
 * Without a sync this repository is the source under which most of the paths are folders of the tree. Where none is,
 * it is the one that `flux bootstrap` writes down together with the root.
 */
function addLikelySource(declared: readonly Manifest[], kustomize: Kustomize, links: SourceLinks): void {
  const votes = new Map<string, { readonly manifest: Manifest; count: number }>();
  for (const manifest of declared) {
    const { path, sourceRef } = readKustomizationSpec(manifest.value);
    const folder = joinPath('', path);
    if (!sourceRef || folder === undefined || !kustomize.hasFolder(folder)) continue;
    const key = `${sourceRef.kind}\n${sourceRef.name}`;
    const vote = votes.get(key) ?? { manifest, count: 0 };
    // Every repository has a root: a path of `./` says little.
    vote.count += folder === '' ? 0.001 : 1;
    votes.set(key, vote);
  }
  const [best] = [...votes.values()].sort((a, b) => b.count - a.count);
  const likely = best?.manifest ?? declared.find((manifest) => isBootstrap(manifest, links));
  const { sourceRef } = readKustomizationSpec(likely?.value);
  if (likely && sourceRef) links.addOwn(sourceRef, likely.id.namespace);
}

/** `flux bootstrap` calls the root and its source so, and keeps them in one file, in a folder of the one that is built. */
function isBootstrap(manifest: Manifest, links: SourceLinks): boolean {
  const { path, sourceRef } = readKustomizationSpec(manifest.value);
  const [folder, above] = [joinPath('', path), folderOf(folderOf(manifest.file.path))];
  // Where they agree but for what is above, these files are only a part of a repository.
  const isPart = above === '' || folder === undefined || `/${folder}`.endsWith(`/${above}`);
  const isNamedSo = manifest.id.name === 'flux-system' && sourceRef?.name === 'flux-system';
  return isNamedSo && !isPart && isBesideSource(manifest, links);
}

/** A root is mostly kept in one file with what it syncs from. */
function isBesideSource({ value, file }: Manifest, links: SourceLinks): boolean {
  const { sourceRef } = readKustomizationSpec(value);
  return sourceRef !== undefined && links.isDeclaredIn(file.path, sourceRef);
}

function candidateOf(manifest: Manifest, kustomize: Kustomize, links: SourceLinks): readonly Candidate[] {
  const { path, sourceRef } = readKustomizationSpec(manifest.value);
  const folder = joinPath('', path);
  if (folder === undefined || !kustomize.hasFolder(folder)) return [];
  if (links.statusOf(sourceRef, manifest.id.namespace) === 'other') return [];
  const built = kustomize.build(folder).objects.map((object) => object.manifest);
  return [{ manifest, folder, builds: new Set(built.filter((one) => one !== undefined)) }];
}

/** Its path, where that is no folder of this repository and yet none of a template, which is filled in elsewhere. */
function mistypedFolder({ id, value }: Manifest, kustomize: Kustomize, links: SourceLinks): string | undefined {
  const { path, sourceRef } = readKustomizationSpec(value);
  const folder = joinPath('', path);
  if (folder === undefined || kustomize.hasFolder(folder) || !/^[\w./-]+$/.test(`${id.name}${path}`)) return undefined;
  return sourceRef && links.statusOf(sourceRef, id.namespace) === 'own' ? folder : undefined;
}

/** Those whose file lies in no other one's folder come first: what is above reaches what is below, or left it out. */
function inOrder(candidates: readonly Candidate[]): readonly Candidate[] {
  const folders = new Set(candidates.map(({ folder }) => folder));
  const isInside = ({ manifest, folder }: Candidate) =>
    foldersAbove(manifest.file.path).some((above) => above !== folder && folders.has(above));
  return [...candidates.filter((one) => !isInside(one)), ...candidates.filter(isInside)];
}

function isBelow({ file }: Manifest, folders: ReadonlySet<string>): boolean {
  return foldersAbove(file.path).some((folder) => folders.has(folder));
}

function foldersAbove(path: string): readonly string[] {
  const above: string[] = [];
  for (let folder = folderOf(path); ; folder = folderOf(folder)) {
    above.push(folder);
    if (folder === '') return above;
  }
}

function isPatch({ file }: Manifest, { patchFiles, resourceFiles }: Kustomize): boolean {
  return patchFiles.has(file.path) && !resourceFiles.has(file.path);
}

/** As the kustomization of its own folder makes it, which is what is applied by hand; else as it is written. */
function builtFrom(manifest: Manifest, kustomize: Kustomize): BuiltObject {
  const { objects } = kustomize.build(folderOf(manifest.file.path));
  const built = objects.find((object) => object.manifest === manifest);
  const composed = new Composed(manifest.value, manifest.origin);
  return built ?? { id: manifest.id, composed, manifest, generated: undefined, chain: [], listedAt: undefined };
}
