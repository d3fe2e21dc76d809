/** Applies a kustomization's patches to the objects gathered so far. */
import { Composed } from '../manifests/composed.js';
import { fieldOf, isMap } from '../manifests/fields.js';
import { manifestsOfDocument, type Manifest } from '../manifests/manifest.js';
import { type ObjectId, objectText } from '../manifests/object-id.js';
import { Origin, type SourceDocument } from '../manifests/origin.js';
import { YamlFile } from '../yaml/yaml-file.js';
import type { Accumulation } from './accumulation.js';
import { type Draft, draftKey, withComposed } from './draft.js';
import { patchByOperations } from './json-patch.js';
import type { Patch } from './patch.js';
import { isRemote } from './remote.js';
import { joinPath, type RepositoryFiles } from './repository-files.js';
import { selectorOf } from './selector.js';
import { deleted, mergeStrategically } from './strategic-merge.js';

export class PatchApplier {
  /** A root's patch is in the spec of each of its children: its text is parsed once. */
  private readonly parsed = new Map<string, YamlFile>();

  constructor(private readonly files: RepositoryFiles) {}

  apply(patches: readonly Patch[], directory: string, into: Accumulation): void {
    for (const patch of patches) {
      const sources = this.read(patch, directory, into);
      if (!sources) continue;
      const operations = sources.find(({ document }) => Array.isArray(document.value));
      if (operations) this.operate(patch, operations, into);
      else this.merge(patch, sources.flatMap(manifestsOfPatch), into);
    }
  }

  private read(patch: Patch, directory: string, into: Accumulation): readonly SourceDocument[] | undefined {
    const file = patch.text === undefined ? this.fileOf(patch, directory, into) : this.textOf(patch.text, patch.origin);
    if (!file) return undefined;
    const [problem] = file.problems;
    if (problem) {
      into.problem('patch-invalid', `the patch does not parse: ${problem.message}`, patch.origin);
      return undefined;
    }
    const within = patch.text === undefined ? undefined : patch.origin;
    return file.documents.filter(({ value }) => value !== null).map((document) => ({ document, within }));
  }

  private textOf(text: string, { document }: Origin): YamlFile {
    const known = this.parsed.get(text);
    if (known) return known;
    const file = YamlFile.read(document.file.path, text);
    this.parsed.set(text, file);
    return file;
  }

  private fileOf({ path = '', origin }: Patch, directory: string, into: Accumulation): YamlFile | undefined {
    const found = joinPath(directory, path);
    if (found !== undefined && this.files.hasFile(found)) {
      into.inputs.add(found);
      const file = this.files.yaml(found);
      if (!file) into.problem('unparsable', `${found} cannot be read`, origin);
      return file;
    }
    if (isRemote(path)) into.unknowns.add({ code: 'remote', text: path, origin });
    else if (found === undefined) into.problem('outside-repository', `${path} is outside of the repository`, origin);
    else into.problem('missing-file', `${found} is not there`, origin);
    return undefined;
  }

  private operate(patch: Patch, source: SourceDocument, into: Accumulation): void {
    if (!patch.target) {
      into.problem('patch-invalid', 'a list of operations needs a target', patch.origin);
      return;
    }
    const select = selectorOf(patch.target);
    if (typeof select === 'string') {
      into.problem('patch-invalid', select, patch.origin);
      return;
    }
    const operations = new Composed(source.document.value, new Origin(source));
    into.update((draft) => {
      if (!select(draft)) return draft;
      const patched = patchByOperations(draft.composed, operations);
      if (typeof patched !== 'string') return withComposed(draft, patched);
      into.problem('patch-invalid', `${objectText(draft.id)}: ${patched}`, patch.origin, { id: draft.id });
      return draft;
    });
  }

  private merge(patch: Patch, manifests: readonly Manifest[], into: Accumulation): void {
    if (manifests.length === 0) {
      into.problem('patch-invalid', 'the patch is no object and no list of operations', patch.origin);
      return;
    }
    if (!patch.target) {
      for (const manifest of manifests) this.mergeById(patch, manifest, into);
      return;
    }
    const select = selectorOf(patch.target);
    if (typeof select === 'string' || manifests.length > 1) {
      const why = typeof select === 'string' ? select : 'a patch with a target must be one document';
      into.problem('patch-invalid', why, patch.origin);
      return;
    }
    const [manifest] = manifests;
    into.update((draft) => (manifest && select(draft) ? merged(draft, manifest) : draft));
  }

  /** Without a target the patch names the one object that it is for, by a name that it has or had. */
  private mergeById(patch: Patch, manifest: Manifest, into: Accumulation): void {
    const key = draftKey(manifest.id);
    const target = into.find(key) ?? into.drafts.find(({ first }) => draftKey(first) === key);
    if (target) into.update((draft) => (draft === target ? merged(draft, manifest) : draft));
    else {
      const message = `the patch is for ${objectText(manifest.id)}, which is not built here`;
      into.problem('patch-without-target', message, patch.origin, { id: manifest.id });
    }
  }
}

/** A patch whose document has no kind is for a target that has one. */
function manifestsOfPatch(source: SourceDocument): readonly Manifest[] {
  const manifests = manifestsOfDocument(source);
  const { document } = source;
  if (manifests.length > 0 || !isMap(document.value)) return manifests;
  const id: ObjectId = { group: '', version: '', kind: '', namespace: '', name: '' };
  return [
    { id, apiVersion: '', value: document.value, file: document.file, origin: new Origin(source), isEncrypted: false },
  ];
}

/** A patch never renames, whatever its own metadata says. */
function merged(draft: Draft, { value, origin }: Manifest): Draft | undefined {
  const identity = ['apiVersion', 'kind'];
  let patch = new Composed(value, origin);
  for (const field of identity) patch = patch.remove([field]);
  const metadata = fieldOf(value, 'metadata');
  for (const field of ['name', 'namespace']) if (isMap(metadata)) patch = patch.remove(['metadata', field]);
  const result = mergeStrategically(draft.composed, patch, knowsLists(draft.id));
  return result === deleted ? undefined : { ...draft, composed: result };
}

/** Kustomize has the schemas of Kubernetes' own kinds; of custom resources it replaces lists. */
function knowsLists({ group }: ObjectId): boolean {
  return group === '' || group.endsWith('.k8s.io') || ['apps', 'batch', 'autoscaling', 'policy'].includes(group);
}
