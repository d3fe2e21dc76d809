/** What is fetched without a fixed version: it changes without a commit, and a rollback in git does not bring it back. */
import type { FluxSource } from '../flux/flux-kustomization.js';
import type { FluxState } from '../flux/flux-state.js';
import type { HelmRelease } from '../flux/helm-release.js';
import { aboutObjects, byPlace } from '../lint/about-objects.js';
import type { Rule } from '../lint/rule.js';
import { isKnown, type ObjectId } from '../manifests/object-id.js';
import type { Origin } from '../manifests/origin.js';
import { imagesOf } from '../model/images.js';

export const unpinnedVersion: Rule = {
  id: 'unpinned-version',
  severity: 'warning',
  summary: 'A chart, image or source is taken without a fixed version.',
  layer: 'policy',
  *check({ flux }) {
    for (const { at, items } of byPlace(unpinned(flux), ({ origin }) => origin.place)) {
      const [{ what, remedy }] = items;
      yield {
        at,
        subject: aboutObjects(items.map(({ id }) => id)),
        message: `${what}: it changes without a commit, and a revert does not bring the old one back; ${remedy}`,
        key: what,
      };
    }
  },
};

interface Unpinned {
  readonly id: ObjectId;
  readonly origin: Origin;
  readonly what: string;
  readonly remedy: string;
}

function unpinned(flux: FluxState): readonly Unpinned[] {
  const own = new Set(
    flux.kustomizations.flatMap(({ source }) => (source.status === 'this-repository' ? source.source : [])),
  );
  return [
    ...flux.helmReleases.flatMap(ofRelease),
    ...flux.sources.filter((source) => !own.has(source)).flatMap(ofSource),
    ...imagesOf(flux).flatMap(({ id, image, origin }) =>
      isLoose(image)
        ? [{ id, origin, what: `image ${image} names no version`, remedy: 'name a tag, and a digest where it matters' }]
        : [],
    ),
    ...[...flux.entryPoints, ...flux.kustomizations].flatMap(({ id, build }) =>
      (build?.unknowns ?? []).flatMap(({ code, text, origin }) =>
        code === 'remote' && isMovingRemote(text)
          ? [{ id, origin, what: `${text} follows a branch`, remedy: 'name a tag or a commit' }]
          : [],
      ),
    ),
  ];
}

/** Of a chart from git or a bucket its source says which one it is. */
function ofRelease({ id, object, spec, chart }: HelmRelease): readonly Unpinned[] {
  if (spec.chart?.chart === undefined || chart?.sourceId.kind !== 'HelmRepository') return [];
  const { version, path, chart: name } = spec.chart;
  if (version !== undefined && (!isKnown(version) || isExact(version))) return [];
  return [
    {
      id,
      origin: object.composed.origin([...path, 'version']),
      what: version === undefined ? `chart ${name} has no version` : `chart ${name} takes any version of ${version}`,
      remedy: 'name one version, and let a bot raise it by commits',
    },
  ];
}

function ofSource({ id, object, ref, url }: FluxSource): readonly Unpinned[] {
  const follows = followed(id.kind, ref);
  if (follows === undefined || url === undefined) return [];
  const [field] = ref.keys();
  return [
    {
      id,
      origin: object.composed.origin(['spec', 'ref', ...(field === undefined ? [] : [field])]),
      what: `${url} is taken at ${follows}`,
      remedy: id.kind === 'GitRepository' ? 'name a tag or a commit' : 'name a tag or a digest',
    },
  ];
}

/** What it follows instead of one version; undefined where it is one, and of kinds that have none. */
function followed(kind: string, ref: ReadonlyMap<string, string>): string | undefined {
  if (kind !== 'OCIRepository' && kind !== 'GitRepository') return undefined;
  const exact = kind === 'OCIRepository' ? ['digest'] : ['commit'];
  if (exact.some((field) => ref.has(field)) || ![...ref.values()].every(isKnown)) return undefined;
  const semver = ref.get('semver');
  if (semver !== undefined) return isExact(semver) ? undefined : `any version of ${semver}`;
  const tag = ref.get('tag');
  if (tag !== undefined) return tag === 'latest' ? 'tag latest' : undefined;
  const name = ref.get('name');
  if (name !== undefined) return name.startsWith('refs/tags/') ? undefined : name;
  if (kind === 'OCIRepository') return 'tag latest, the default';
  return `branch ${ref.get('branch') ?? 'master, the default'}`;
}

/** One version, as semver has it: `1.2` is every 1.2.x. */
function isExact(version: string): boolean {
  return /^=?\s*v?\d+\.\d+\.\d+(?:[-+].*)?$/.test(version.trim());
}

function isLoose(image: string): boolean {
  if (!isKnown(image) || image.includes('@')) return false;
  const tag = /:([^:/]+)$/.exec(image)?.[1];
  return tag === undefined || tag === 'latest';
}

/** `?ref=main`, a raw file of a branch, a release called latest; of git without a ref the default branch. */
function isMovingRemote(url: string): boolean {
  if (/\/releases\/latest\//.test(url)) return true;
  const raw = /raw\.githubusercontent\.com\/[^/]+\/[^/]+\/(?:refs\/heads\/)?([^/]+)\//.exec(url)?.[1];
  if (raw !== undefined) return url.includes('/refs/heads/') || branches.has(raw);
  if (/\/releases\/download\//.test(url) || /^https?:.*\.ya?ml$/.test(url)) return false;
  const ref = /[?&](?:ref|version)=([^&]+)/.exec(url)?.[1];
  return ref === undefined ? /github\.com|\.git(?:\/|$|\?)/.test(url) : branches.has(ref);
}

const branches = new Set(['main', 'master', 'HEAD', 'develop', 'dev']);
