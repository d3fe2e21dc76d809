/** What a quarantine keeps as a file and would lose in the cluster: nothing would bring it there any more, and Flux would prune it. */
import { posix } from 'node:path';
import { changesBetween } from './commit.js';
import type { Mirror } from './mirror.js';
import { readObjects } from './read-objects.js';
import { documentsIn } from './yaml-documents.js';

/** The files (a kustomization.yaml, one with Flux Kustomizations) that lead to more of what is kept in the tree `before` than in `after`. */
export async function orphaning(
  mirror: Mirror,
  { before, after }: { readonly before: string; readonly after: string },
  kept: ReadonlySet<string>,
): Promise<readonly string[]> {
  if (kept.size === 0) return [];
  const changed = (await changesBetween(mirror, before, after)).map(({ path }) => path).filter(isManifest);
  const [was, is] = [await readLeads(mirror, before, changed), await readLeads(mirror, after, changed)];
  return changed.filter((path) => {
    const still = keptBehind(path, is, kept);
    return [...keptBehind(path, was, kept)].some((one) => !still.has(one));
  });
}

/** By file: the files and folders that it names, from the root. */
type Leads = ReadonlyMap<string, readonly string[]>;

/** Of `starts` and of all that they lead to. */
async function readLeads(mirror: Mirror, tree: string, starts: readonly string[]): Promise<Leads> {
  const leads = new Map<string, readonly string[]>();
  let open = starts;
  while (open.length > 0) {
    const files = await readObjects(
      mirror,
      open.map((path) => `${tree}:${path}`),
    );
    open.forEach((path, at) => leads.set(path, namedIn(path, files[at]?.text ?? '')));
    open = [...new Set(open.flatMap((path) => leads.get(path)!.flatMap(filesOf)))].filter((path) => !leads.has(path));
  }
  return leads;
}

/** What is kept of all that `start` leads to; of a folder whatever is in it, since a folder without a list is taken whole. */
function keptBehind(start: string, leads: Leads, kept: ReadonlySet<string>): ReadonlySet<string> {
  const seen = new Set([start]);
  const found = new Set<string>();
  // A set that grows is gone through to its end.
  for (const path of seen) {
    for (const named of leads.get(path) ?? []) {
      for (const one of kept) if (isWithin(one, named)) found.add(one);
      filesOf(named).forEach((file) => seen.add(file));
    }
  }
  return found;
}

function isWithin(path: string, named: string): boolean {
  return named === '.' || path === named || path.startsWith(`${named}/`);
}

const listNames = ['kustomization.yaml', 'kustomization.yml', 'Kustomization'];

function isManifest(path: string): boolean {
  return /\.(ya?ml|json)$/.test(path) || posix.basename(path) === 'Kustomization';
}

/** What kustomize reads where a file or folder is named. */
function filesOf(named: string): readonly string[] {
  return isManifest(named) ? [named] : listNames.map((name) => posix.join(named, name));
}

/** What a kustomization.yaml lists, or where the Flux Kustomizations of another file lead; nothing where it does not parse. */
function namedIn(path: string, text: string): readonly string[] {
  const documents = documentsIn(text).flatMap((document): Manifest[] => {
    try {
      return [(document.toJS() ?? {}) as Manifest];
    } catch {
      return [];
    }
  });
  const isList = listNames.includes(posix.basename(path));
  return (
    documents
      .flatMap((manifest) => (isList ? listedIn(manifest, posix.dirname(path)) : builtBy(manifest)))
      .map((name) => name.replace(/\/$/, ''))
      // git takes no such names: they end the process that reads many.
      .filter((name) => !/^\.\.(\/|$)|\0/.test(name))
  );
}

type Manifest = Readonly<Record<string, unknown>>;

function listedIn({ resources, components, bases }: Manifest, dir: string): readonly string[] {
  return [resources, components, bases]
    .flatMap((list): unknown[] => (Array.isArray(list) ? list : []))
    .filter((entry): entry is string => typeof entry === 'string')
    .map((entry) => posix.join(dir, entry));
}

/** The folder of a Flux Kustomization that takes everything with it when it is deleted. */
function builtBy({ apiVersion, kind, spec }: Manifest): readonly string[] {
  if (kind !== 'Kustomization' || !String(apiVersion).startsWith('kustomize.toolkit.fluxcd.io/')) return [];
  const { path = '.', prune, deletionPolicy = 'MirrorPrune' } = (spec ?? {}) as Manifest;
  const deletes = deletionPolicy === 'MirrorPrune' ? prune === true : deletionPolicy !== 'Orphan';
  return deletes ? [posix.join('.', String(path).replace(/^\/+/, ''))] : [];
}
