/** Which Flux the files declare: what the cluster runs once they are applied. */
import type { AppliedObject } from '../flux/flux-kustomization.js';
import { fieldOf, nonEmpty, valueAt } from '../manifests/fields.js';
import { isKnown } from '../manifests/object-id.js';
import type { Place } from '../manifests/origin.js';
import { type FluxMinor, minorOf } from './flux-api-versions.js';
import type { Repository } from './repository.js';

export interface DeclaredFlux {
  /** As written, without a leading `v`: `2.6.1`, `2.6.x`. */
  readonly version: string;
  readonly minor: FluxMinor;
  readonly place: Place;
}

/** Undefined where no file says it, where it is left open (`2.x`), or where two files say different minors. */
export function declaredFlux(repository: Repository): DeclaredFlux | undefined {
  const declared = [...declarations(repository)].flatMap(({ version, place }) => {
    const minor = isKnown(version) ? minorOf(version) : undefined;
    return minor ? [{ version: version.replace(/^v/, ''), minor, place }] : [];
  });
  const minors = new Set(declared.map(({ minor }) => minor));
  return minors.size === 1 ? declared[0] : undefined;
}

interface Declaration {
  readonly version: string;
  readonly place: Place;
}

function* declarations(repository: Repository): Generator<Declaration> {
  const { flux } = repository;
  for (const object of flux.objects) {
    if (object.id.kind === 'FluxInstance') yield* textAt(object, ['spec', 'distribution', 'version']);
    yield* componentVersion(object);
  }
  for (const { chart, values } of flux.helmReleases) {
    const version = valueAt(values.value, chartVersionPath);
    if (chart?.name === 'flux-instance' && typeof version === 'string')
      yield { version, place: values.origin(chartVersionPath).place };
  }
  for (const { url, ref, object } of flux.sources) {
    const tag = ref.get('tag');
    if (tag !== undefined && url !== undefined && installsFlux.test(url))
      yield { version: tag, place: object.composed.origin(['spec', 'ref', 'tag']).place };
  }
  for (const { build } of flux.kustomizations) yield* remoteInstalls(build?.unknowns ?? []);
  for (const { build } of flux.entryPoints) yield* remoteInstalls(build?.unknowns ?? []);
}

/** Of the chart that makes a FluxInstance. */
const chartVersionPath = ['instance', 'distribution', 'version'];

/** The address of the install manifests as a source of their own: the repository of Flux, or their artifact. */
export const installsFlux = /(?:github\.com[/:]fluxcd\/flux2|\/fluxcd\/flux-manifests)(?:\.git)?\/?$/;

function* textAt(object: AppliedObject, path: readonly string[]): Generator<Declaration> {
  const version = nonEmpty(valueAt(object.composed.value, path));
  if (version !== undefined) yield { version, place: object.composed.origin(path).place };
}

/** What `flux bootstrap` writes (`gotk-components.yaml`) says its version in the labels of each object. */
function* componentVersion(object: AppliedObject): Generator<Declaration> {
  const labels = valueAt(object.composed.value, ['metadata', 'labels']);
  if (fieldOf(labels, 'app.kubernetes.io/part-of') !== 'flux') return;
  if (object.id.kind === 'Deployment') yield* textAt(object, ['metadata', 'labels', 'app.kubernetes.io/version']);
}

/** `github.com/fluxcd/flux2/manifests/install?ref=v2.6.1`, or a release's `install.yaml`. */
function* remoteInstalls(
  unknowns: readonly { readonly text: string; readonly origin: { readonly place: Place } }[],
): Generator<Declaration> {
  for (const { text, origin } of unknowns) {
    const [, version] =
      /github\.com\/fluxcd\/flux2\/(?:manifests\/.*\?ref=|releases\/download\/)(v[\d.]+)/.exec(text) ?? [];
    if (version !== undefined) yield { version, place: origin.place };
  }
}
