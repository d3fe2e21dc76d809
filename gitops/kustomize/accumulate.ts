/** Gathers what a kustomization lists, folder by folder, and changes it as kustomize does, in the same order. */
import { fieldOf, isMap, nonEmpty } from '../manifests/fields.js';
import { manifestsOfDocument } from '../manifests/manifest.js';
import type { Origin } from '../manifests/origin.js';
import { Accumulation } from './accumulation.js';
import { PatchApplier } from './apply-patches.js';
import { refusalsOf } from './check-kustomization.js';
import { type Draft, draftOf } from './draft.js';
import { generateObjects } from './generate-objects.js';
import type { Changes, Entry, KustomizationFile } from './kustomization-file.js';
import { readNameReferences } from './name-references.js';
import { isRemote } from './remote.js';
import { joinPath, type RepositoryFiles } from './repository-files.js';
import { setAffixes, setAnnotations, setImages, setLabels, setNamespace, setReplicas } from './transform.js';

/** The kustomization file of a folder, or what stands in its place. */
export type FoundKustomization =
  | KustomizationFile
  | { readonly problem: 'missing-kustomization' | 'two-kustomizations' | 'unparsable'; readonly file: string };

export class Accumulator {
  /** By folder; what was cut, by folder and how deep it was gathered: the same whatever was gathered before. */
  private readonly children = new Map<string, Accumulation>();
  /** Folders that are being gathered, from the outermost on. */
  private readonly path: string[] = [];
  private readonly patches: PatchApplier;

  constructor(
    private readonly files: RepositoryFiles,
    private readonly kustomizationIn: (directory: string) => FoundKustomization,
  ) {
    this.patches = new PatchApplier(files);
  }

  /** All that a kustomization gives; `added` is what a Flux Kustomization says beside it. */
  accumulate(kustomization: KustomizationFile, added?: Changes): Accumulation {
    const into = new Accumulation(this.path.length);
    this.enter(kustomization, [kustomization], into, added);
    return into;
  }

  /** What Flux makes of a folder without a kustomization: these files and folders as resources. */
  accumulateListed(directory: string, resources: readonly string[], added: Changes): Accumulation {
    const into = new Accumulation(this.path.length);
    this.path.push(directory);
    for (const path of resources) this.resource(path, path, undefined, [], into);
    for (const entry of added.components) this.component(entry, directory, [], into);
    this.patches.apply(added.patches, directory, into);
    this.change(added, undefined, into);
    this.path.pop();
    return into;
  }

  private enter(
    kustomization: KustomizationFile,
    chain: readonly KustomizationFile[],
    into: Accumulation,
    added?: Changes,
  ): void {
    const { directory, file } = kustomization;
    this.path.push(directory);
    into.inputs.add(file.path);
    this.check(kustomization, added !== undefined, into);
    for (const { text, origin } of kustomization.resources) {
      this.resource(text, joinPath(directory, text), origin, chain, into);
    }
    for (const { text, origin } of kustomization.configurations) this.configuration(text, origin, directory, into);
    generateObjects(kustomization, chain, into, this.files);
    for (const entry of [...kustomization.components, ...(added?.components ?? [])]) {
      this.component(entry, directory, chain, into);
    }
    this.changeAll(kustomization, added, into);
    for (const { text, origin } of kustomization.beyondReading) {
      into.unknowns.add({ code: 'beyond-reading', text, origin });
    }
    this.path.pop();
  }

  /** The order of kustomize's own transformers. */
  private changeAll(kustomization: KustomizationFile, added: Changes | undefined, into: Accumulation): void {
    const { directory } = kustomization;
    const patches = [...kustomization.patches, ...(added?.patches ?? [])];
    for (const form of ['merge', 'any'] as const) {
      const listed = patches.filter((patch) => patch.form === form);
      this.patches.apply(listed, directory, into);
    }
    const changes: Changes = {
      ...kustomization,
      namespace: added?.namespace ?? kustomization.namespace,
      namePrefix: added?.namePrefix ?? kustomization.namePrefix,
      nameSuffix: added?.nameSuffix ?? kustomization.nameSuffix,
      images: [...(added?.images ?? []), ...kustomization.images],
    };
    this.change(changes, kustomization, into, () => {
      const listed = patches.filter((patch) => patch.form === 'json');
      this.patches.apply(listed, directory, into);
    });
  }

  private change(
    { namespace, namePrefix, nameSuffix, images }: Changes,
    kustomization: KustomizationFile | undefined,
    into: Accumulation,
    patch: () => void = () => undefined,
  ): void {
    if (namespace) into.transform((draft) => setNamespace(draft, namespace));
    if (namePrefix ?? nameSuffix) into.update((draft) => setAffixes(draft, namePrefix, nameSuffix));
    for (const rule of kustomization?.labels ?? []) into.update((draft) => setLabels(draft, rule));
    if (kustomization && kustomization.annotations.size > 0) {
      into.update((draft) => setAnnotations(draft, kustomization));
    }
    patch();
    const replicas = kustomization?.replicas ?? [];
    if (replicas.length > 0) into.update((draft) => setReplicas(draft, replicas));
    if (images.length > 0) into.update((draft) => setImages(draft, images));
  }

  private resource(
    text: string,
    path: string | undefined,
    origin: Origin | undefined,
    chain: readonly KustomizationFile[],
    into: Accumulation,
  ): void {
    if (path !== undefined && this.files.hasFile(path)) this.file(path, origin, chain, into);
    else if (path !== undefined && this.files.hasFolder(path)) this.folder(path, origin, chain, into);
    else if (isRemote(text) && origin) into.unknowns.add({ code: 'remote', text, origin });
    else if (path === undefined) {
      into.problem('outside-repository', `${text} is outside of the repository`, origin ?? text);
    } else into.problem('missing-resource', `${path} is not there`, origin ?? path);
  }

  private file(
    path: string,
    origin: Origin | undefined,
    chain: readonly KustomizationFile[],
    into: Accumulation,
  ): void {
    into.inputs.add(path);
    const file = this.files.yaml(path);
    const [problem] = file?.problems ?? [];
    if (!file || problem) {
      into.problem('unparsable', `${path} ${file ? `does not parse: ${problem?.message}` : 'cannot be read'}`, path);
    }
    for (const document of file?.documents ?? []) {
      if (document.value === null || document.value === undefined) continue;
      const manifests = manifestsOfDocument({ document, within: undefined });
      if (manifests.length === 0 && !isEmptyList(document.value) && !problem) {
        into.problem('not-a-manifest', `a document of ${path} has no apiVersion or no kind`, path);
      }
      for (const manifest of manifests) {
        if (manifest.id.name === '')
          into.problem('not-a-manifest', `an object of ${path} has no name`, manifest.origin);
        into.append(draftOf(manifest, origin, chain));
      }
    }
  }

  private folder(
    directory: string,
    origin: Origin | undefined,
    chain: readonly KustomizationFile[],
    into: Accumulation,
  ): void {
    const found = this.open(directory, origin, into);
    if (!found) return;
    if (found.kind === 'Component') {
      into.problem('component-as-resource', `${directory} is a Component: list it in components`, origin ?? directory);
      return;
    }
    const child = this.child(found);
    const drafts = chain.length === 0 ? child.drafts : child.drafts.map((draft) => below(chain, draft));
    into.merge(child, drafts);
    this.reach(child.height, into);
  }

  /** Gathered once, and once for each depth at which not all of it fits. */
  private child(kustomization: KustomizationFile): Accumulation {
    const { directory } = kustomization;
    const depth = this.path.length;
    const whole = this.children.get(directory);
    if (whole && depth + whole.height <= maxDepth) return whole;
    // No folder begins with a slash.
    const keyOfCut = `/${depth}/${directory}`;
    const child = this.children.get(keyOfCut) ?? this.accumulate(kustomization);
    this.children.set(child.isCut ? keyOfCut : directory, child);
    return child;
  }

  /** `height` more folders are below the one that is being gathered. */
  private reach(height: number, into: Accumulation): void {
    into.height = Math.max(into.height, this.path.length - into.depth + height);
  }

  private component(
    { text, origin }: Entry,
    directory: string,
    chain: readonly KustomizationFile[],
    into: Accumulation,
  ): void {
    const path = joinPath(directory, text);
    if (path === undefined) into.problem('outside-repository', `${text} is outside of the repository`, origin);
    else if (!this.files.hasFolder(path)) {
      if (isRemote(text)) into.unknowns.add({ code: 'remote', text, origin });
      else into.problem('missing-resource', `${path} is not there`, origin);
    } else {
      const found = this.open(path, origin, into);
      if (!found) return;
      if (found.kind !== 'Component') into.problem('not-a-component', `${path} is no Component`, origin);
      else this.enter(found, [...chain, found], into);
    }
  }

  /** The folder's kustomization, unless there is none or it is being gathered already. */
  private open(directory: string, origin: Origin | undefined, into: Accumulation): KustomizationFile | undefined {
    if (this.path.includes(directory)) {
      const cycle = [...this.path.slice(this.path.indexOf(directory)), directory].map((step) => step || '.');
      into.problem('cycle', `kustomizations include each other: ${cycle.join(' -> ')}`, origin ?? directory);
      return undefined;
    }
    this.reach(1, into);
    if (this.path.length >= maxDepth) {
      into.isCut = true;
      into.problem('too-large', `kustomizations are nested more than ${maxDepth} deep`, origin ?? directory);
      return undefined;
    }
    const found = this.kustomizationIn(directory);
    if (!('problem' in found)) return found;
    if (found.problem !== 'missing-kustomization') into.inputs.add(found.file);
    into.problem(found.problem, problemText[found.problem](directory), origin ?? found.file);
    return undefined;
  }

  private configuration(text: string, origin: Origin, directory: string, into: Accumulation): void {
    const path = joinPath(directory, text);
    const file = path === undefined || !this.files.hasFile(path) ? undefined : this.files.yaml(path);
    if (!file || path === undefined) {
      if (isRemote(text)) into.unknowns.add({ code: 'remote', text, origin });
      else into.problem('missing-file', `${path ?? text} is not there`, origin);
      return;
    }
    into.inputs.add(path);
    for (const reference of readNameReferences(file)) into.nameReferences.add(reference);
  }

  private check(kustomization: KustomizationFile, isFluxRoot: boolean, into: Accumulation): void {
    const { value, origin, file } = kustomization;
    // Of a key that is given twice kustomize takes the last, in a file of its own.
    const problem = file.problems.find(({ code }) => code !== 'DUPLICATE_KEY');
    if (problem) into.problem('unparsable', `${file.path} does not parse: ${problem.message}`, file.path);
    const fields = Object.entries(value).filter(([field]) => !['apiVersion', 'kind', 'metadata'].includes(field));
    // Flux makes the one that it builds itself not empty.
    if (!isFluxRoot && !fields.some(([, content]) => hasContent(content))) {
      into.problem('empty-kustomization', `${file.path} is empty`, origin);
    }
    for (const { code, message, path } of refusalsOf(kustomization)) into.problem(code, message, origin.at(path));
  }
}

/** Deeper than anything that is meant; a stack ends somewhere. */
const maxDepth = 200;

function below(chain: readonly KustomizationFile[], draft: Draft): Draft {
  return { ...draft, chain: [...chain, ...draft.chain] };
}

const problemText = {
  'missing-kustomization': (directory: string) => `${directory || '.'} has no kustomization.yaml`,
  'two-kustomizations': (directory: string) => `${directory || '.'} has more than one kustomization file`,
  unparsable: (directory: string) => `the kustomization file of ${directory || '.'} does not parse`,
};

function isEmptyList(value: unknown): boolean {
  return isMap(value) && nonEmpty(fieldOf(value, 'kind'))?.endsWith('List') === true;
}

/** An empty list is content to kustomize, a field without a value is none. */
function hasContent(value: unknown): boolean {
  return value !== null && value !== undefined && value !== '' && value !== false;
}
