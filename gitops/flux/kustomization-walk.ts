/** Reads Kustomizations one after the other, each as its parent applies it, and builds what each of them applies. */
import type { BuiltObject } from '../kustomize/built-object.js';
import { type Changes, readImages } from '../kustomize/kustomization-file.js';
import type { Kustomize } from '../kustomize/kustomize.js';
import { readFluxPatches } from '../kustomize/patch.js';
import { joinPath } from '../kustomize/repository-files.js';
import type { Composed } from '../manifests/composed.js';
import { fieldOf, nonEmpty } from '../manifests/fields.js';
import type { Manifest } from '../manifests/manifest.js';
import { isKnown, type ObjectId } from '../manifests/object-id.js';
import { applyObject } from './apply-object.js';
import type { Sync } from './entry-points.js';
import { ExternalSecrets, findRefusedNames, findVariables, noVariables } from './find-variables.js';
import type {
  Applier,
  AppliedObject,
  EntryPoint,
  FluxDirectory,
  FluxKustomization,
  Variables,
} from './flux-kustomization.js';
import { isKustomization, kustomizeGroup, readKustomizationSpec } from './kustomization-spec.js';
import { ObjectIndex } from './object-index.js';
import type { FindSource } from './read-helm-releases.js';
import type { SourceLinks } from './source-links.js';
import { isDisabled } from './substitute-object.js';

/** While they are read; the model shows them when all is known. */
type Growing<Frozen> = { -readonly [Field in keyof Frozen]: Frozen[Field] };
type GrowingKustomization = Growing<FluxKustomization>;

export class KustomizationWalk {
  readonly entryPoints: Growing<EntryPoint>[] = [];
  readonly kustomizations: GrowingKustomization[] = [];
  readonly secrets = new ExternalSecrets();
  /** Folders that are built, for what lies below them and yet is not. */
  readonly folders = new Set<string>();
  private readonly reached = new Set<Manifest>();
  private readonly index = new ObjectIndex();
  private readonly byName = new Map<string, GrowingKustomization>();
  private readonly builtAs = new Map<GrowingKustomization, BuiltObject>();

  constructor(
    private readonly kustomize: Kustomize,
    private readonly links: SourceLinks,
    /** Of a walk before this one, which knows every object. */
    private readonly before?: KustomizationWalk,
  ) {}

  again(): KustomizationWalk {
    return new KustomizationWalk(this.kustomize, this.links, this);
  }

  /** False for one of another cluster: in one there is one of a name. */
  startSync({ path, kind, name, namespace, url, origin }: Sync): boolean {
    const id = kustomizationId(namespace, name);
    const known = this.entryPoints.find((entry) => entry.id.name === name);
    if (known) return known.build?.directory === path;
    this.links.addOwn({ kind, name, namespace }, namespace, url);
    const build = this.kustomize.build(path);
    const entry: Growing<EntryPoint> = { kind: 'sync', id, origin, build, objects: [] };
    this.entryPoints.push(entry);
    this.folders.add(path);
    this.remember(build.objects);
    this.follow(entry, build.objects);
    return true;
  }

  /** A Kustomization that nothing in the files applies. */
  startByHand(built: BuiltObject): void {
    const entry: Growing<EntryPoint> = {
      kind: 'by-hand',
      id: kustomizationId('', ''),
      origin: undefined,
      build: undefined,
      objects: [],
    };
    this.entryPoints.push(entry);
    const { object } = applyObject(built, entry, undefined, undefined);
    entry.objects = [object];
    this.follow(entry, [built]);
  }

  named(id: ObjectId): FluxKustomization | undefined {
    return this.byName.get(nameOf(id));
  }

  hasReached(manifest: Manifest): boolean {
    return this.reached.has(manifest);
  }

  /** Whether variables are known by now that a Kustomization was read without. */
  isStale(): boolean {
    const parents = new Set(this.kustomizations.map(({ object }) => object.owner));
    return this.kustomizations.some((kustomization) => {
      if (!parents.has(kustomization) || kustomization.spec.substituteFrom.length === 0) return false;
      return !isDeepEqual(kustomization.variables, this.variablesOf(kustomization, this));
    });
  }

  /** With every object known: variables, and what each applies. */
  applyAll(): void {
    for (const entry of this.entryPoints) if (entry.build) this.apply(entry, entry.build.objects);
    for (const kustomization of this.kustomizations) {
      kustomization.variables = this.variablesOf(kustomization, this);
      const built = kustomization.build?.objects ?? [];
      this.apply(kustomization, built);
      // Flux looks at the names when it comes to an object that it puts variables into.
      const isSubstituted = built.some(({ composed }) => !isDisabled(composed.value));
      kustomization.refusedNames = isSubstituted ? findRefusedNames(kustomization, this.index) : [];
    }
  }

  linkSources(find: FindSource): void {
    for (const kustomization of this.kustomizations) {
      const { id, spec } = kustomization;
      const { kind, name, namespace = id.namespace } = spec.sourceRef ?? { kind: '', name: '' };
      const source = find(kind, namespace, name);
      const status = this.links.statusOf(spec.sourceRef, id.namespace);
      if (status === 'own') kustomization.source = { status: 'this-repository', source };
      else if (source) kustomization.source = { status: 'other', source };
      else if (!isKnown(`${namespace}${name}`)) kustomization.source = { status: 'unknown', source: undefined };
      else kustomization.source = { status: 'missing', source: undefined };
    }
  }

  private apply(owner: Growing<EntryPoint> | GrowingKustomization, built: readonly BuiltObject[]): void {
    const objects: AppliedObject[] = [];
    const problems: FluxKustomization['problems'][number][] = [];
    const isKustomized = owner.kind === 'kustomization';
    const variables = isKustomized && owner.spec.hasPostBuild ? owner.variables : undefined;
    for (const item of built) {
      const applied = applyObject(item, owner, variables, isKustomized ? owner.object.composed : undefined);
      objects.push(applied.object);
      problems.push(...applied.problems);
      if (!isKustomization(item.id)) continue;
      const child = this.byName.get(nameOf(applied.object.id));
      if (child && this.builtAs.get(child) === item) child.object = applied.object;
    }
    owner.objects = objects;
    if (isKustomized) owner.problems = problems;
  }

  private follow(owner: Applier, built: readonly BuiltObject[]): void {
    const pending = this.childrenOf(owner, built);
    // The list grows while it is gone through.
    for (const next of pending) {
      const kustomization = this.visit(next.built, next.owner);
      if (kustomization?.build) pending.push(...this.childrenOf(kustomization, kustomization.build.objects));
    }
  }

  private childrenOf(owner: Applier, built: readonly BuiltObject[]) {
    return built.filter(({ id }) => isKustomization(id)).map((item) => ({ built: item, owner }));
  }

  private visit(built: BuiltObject, owner: Applier): GrowingKustomization | undefined {
    const parent = owner.kind === 'kustomization' ? owner : undefined;
    const variables = parent?.spec.hasPostBuild ? parent.variables : undefined;
    const { object } = applyObject(built, owner, variables, parent?.object.composed);
    const known = this.byName.get(nameOf(object.id));
    if (known) {
      this.adopt(known, object, built);
      return undefined;
    }
    const spec = readKustomizationSpec(object.composed.value);
    const directory = this.directoryOf(spec.path, object, owner);
    const kustomization: GrowingKustomization = {
      kind: 'kustomization',
      id: object.id,
      object,
      spec,
      written: built.manifest ? readKustomizationSpec(built.manifest.value) : spec,
      source: { status: 'unknown', source: undefined },
      directory,
      build: undefined,
      variables: noVariables,
      objects: [],
      problems: [],
      refusedNames: [],
    };
    this.kustomizations.push(kustomization);
    if (built.manifest) this.reached.add(built.manifest);
    this.byName.set(nameOf(object.id), kustomization);
    this.builtAs.set(kustomization, built);
    if (directory.status === 'here') {
      this.folders.add(directory.path);
      kustomization.build = this.kustomize.buildWith(directory.path, object.composed, () =>
        changesOf(kustomization, this.kustomize),
      );
      this.remember(kustomization.build.objects);
    }
    kustomization.variables = this.variablesOf(kustomization, this.before ?? this);
    return kustomization;
  }

  /** A root that was started by hand and turns out to apply itself is from then on what it makes of itself. */
  private adopt(known: GrowingKustomization, object: AppliedObject, built: BuiltObject): void {
    const { owner, manifest } = known.object;
    if (owner.kind !== 'by-hand' || manifest !== object.manifest) return;
    known.object = object;
    known.spec = readKustomizationSpec(object.composed.value);
    this.builtAs.set(known, built);
    this.entryPoints.splice(this.entryPoints.indexOf(owner), 1);
  }

  private directoryOf(path: string, { id, composed }: AppliedObject, owner: Applier): FluxDirectory {
    const { sourceRef } = readKustomizationSpec(composed.value);
    const folder = joinPath('', path);
    const isHere = folder !== undefined && isKnown(folder) && this.kustomize.hasFolder(folder);
    let status = this.links.statusOf(sourceRef, id.namespace);
    // What an entry point applies syncs from where the entry point does, unless the files say otherwise.
    if (status === 'undeclared' && owner.kind !== 'kustomization' && sourceRef && isHere) {
      this.links.addOwn(sourceRef, id.namespace);
      status = 'own';
    }
    if (status === 'other' || !isKnown(path)) return { status: 'unknown', path };
    if (isHere) return { status: 'here', path: folder };
    return { status: status === 'own' ? 'missing' : 'unknown', path };
  }

  private remember(objects: readonly BuiltObject[]): void {
    for (const object of objects) {
      this.index.add(object);
      this.secrets.add(object);
    }
  }

  private variablesOf(kustomization: GrowingKustomization, known: KustomizationWalk) {
    if (!kustomization.spec.hasPostBuild) return noVariables;
    return sameAsBefore(kustomization.object.composed, findVariables(kustomization, known.index, known.secrets));
  }
}

function kustomizationId(namespace: string, name: string): ObjectId {
  return { group: kustomizeGroup, version: 'v1', kind: 'Kustomization', namespace, name };
}

function nameOf({ namespace, name }: ObjectId): string {
  return `${namespace}/${name}`;
}

/** What the controller writes into the kustomization.yaml before it builds the folder. */
function changesOf({ object, spec, directory }: FluxKustomization, kustomize: Kustomize): Changes {
  const written = object.composed.at(['spec']);
  const entry = (field: string) => {
    const text = nonEmpty(fieldOf(written.value, field));
    return text === undefined ? undefined : { text, origin: written.origin([field]) };
  };
  const isIgnored = (component: string) =>
    fieldOf(written.value, 'ignoreMissingComponents') === true &&
    !kustomize.hasFolder(joinPath(directory.path, component) ?? component);
  return {
    namespace: entry('targetNamespace'),
    namePrefix: entry('namePrefix'),
    nameSuffix: entry('nameSuffix'),
    components: spec.components.flatMap((text, index) =>
      isIgnored(text) ? [] : [{ text, origin: written.origin(['components', index]) }],
    ),
    patches: readFluxPatches(written),
    images: readImages(written.value, written.root),
  };
}

function isDeepEqual(one: Variables, other: Variables): boolean {
  const text = ({ known, hidden, sources, isOpen }: Variables) =>
    JSON.stringify([[...known], [...hidden], sources.map(({ status }) => status), isOpen]);
  return text(one) === text(other);
}

/** By the Kustomization that has them. */
const lastVariables = new WeakMap<Composed, Variables>();

/** The very same object where nothing is different, for what is remembered of objects that they were put into. */
function sameAsBefore(kustomization: Composed, found: Variables): Variables {
  const last = lastVariables.get(kustomization);
  if (last && isDeepEqual(last, found)) return last;
  lastVariables.set(kustomization, found);
  return found;
}
