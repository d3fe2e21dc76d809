/** What a repository has to monitor with: the release of kube-prometheus-stack, and where things beside it go. */
import { isInRange } from '../../gitops/charts/version-range.js';
import type { FluxKustomization } from '../../gitops/flux/flux-kustomization.js';
import type { FluxState } from '../../gitops/flux/flux-state.js';
import type { HelmRelease } from '../../gitops/flux/helm-release.js';
import { fieldsOf, textsOf, valueAt } from '../../gitops/manifests/fields.js';
import type { Kustomize } from '../../gitops/kustomize/kustomize.js';
import { objectText } from '../../gitops/manifests/object-id.js';
import type { Repository } from '../../gitops/model/repository.js';
import type { YamlPath } from '../../gitops/yaml/yaml-file.js';
import { Waits } from '../waits.js';
import type { Parameters } from './parameters.js';

export interface Stack {
  readonly release: HelmRelease;
  /** The Kustomization that applies the release, and with it the definitions of alerts and monitors. */
  readonly owner: FluxKustomization;
  /** Of what is written beside it: `<release>-config`. */
  readonly name: string;
  /** It, where it is there already. */
  readonly existing: FluxKustomization | undefined;
  readonly folder: string;
  /** Without which its Prometheus does not load a rule, or a monitor. */
  readonly labels: { readonly rule: Labels; readonly podMonitor: Labels };
}

export type Labels = Readonly<Record<string, string>>;

export type FoundStack =
  { readonly status: 'found'; readonly stack: Stack } | { readonly status: 'none'; readonly why: string };

/** `rule` of `ruleSelector` and `ruleSelectorNilUsesHelmValues`. */
const selectors = ['rule', 'serviceMonitor', 'podMonitor', 'probe', 'scrapeConfig'] as const;

export const chartName = 'kube-prometheus-stack';

export function findStack(repository: Repository, parameters: Parameters): FoundStack {
  const { helmReleases } = repository.flux;
  const all = helmReleases.filter(({ chart }) => chart?.name === chartName);
  const named = all.filter(
    ({ id }) => parameters.release === undefined || `${id.namespace}/${id.name}` === parameters.release,
  );
  const [release] = named;
  if (!release)
    return none(
      parameters.release === undefined
        ? `no release of ${chartName}: nothing would load alerts, so none are written; bring the chart first`
        : `HelmRelease ${parameters.release}: is no release of ${chartName}; name one in parameter release`,
    );
  const subject = objectText(release.id);
  const names = named.map(({ id }) => `${id.namespace}/${id.name}`);
  if (named.length > 1)
    return none(
      `${chartName} is released ${named.length} times, as ${names.join(', ')}; name one in parameter release`,
    );
  if (valueAt(release.values.value, ['prometheus', 'enabled']) === false)
    return none(`${subject}: has its Prometheus off, so nothing would load alerts, and none are written`);
  const { owner } = release.object;
  if (owner.kind !== 'kustomization' || owner.object.owner === owner)
    return none(
      `${subject}: is applied by the root itself, on which nothing can wait; give it a Kustomization of its own`,
    );
  return placed(repository, parameters, release, owner);
}

function placed(
  { flux, kustomize, clusters }: Repository,
  parameters: Parameters,
  release: HelmRelease,
  owner: FluxKustomization,
): FoundStack {
  const name = `${release.id.name}-config`;
  const existing = flux.kustomization(owner.id.namespace, name);
  if (owner.directory.status !== 'here' || owner.object.composed.root.isEmbedded)
    return none(`${objectText(owner.id)}: is not written as a document of its own here, so none can be put beside it`);
  const stopping = stoppingOf(flux, owner);
  if (!existing && stopping)
    return none(
      `${objectText(stopping.id)}: is suspended, and ${name}, which has to depend on ${stopping === owner ? 'it' : 'what waits for it'}, would never start; resume it and run this again`,
    );
  const alone = flux.helmReleases.filter(({ object }) => object.owner === owner).length === 1;
  const beside = owner.directory.path.split('/').slice(0, -1);
  const folder =
    parameters.folder ??
    (existing?.directory.status === 'here' ? existing.directory.path : [...beside, alone ? 'config' : name].join('/'));
  // What takes it whole on another cluster would apply there what is meant for this one.
  const scanned = clusters
    .flatMap(({ flux: { entryPoints, kustomizations } }) => [...entryPoints, ...kustomizations])
    .filter((one) => one !== existing)
    .find(({ build }) => build && !build.kustomization && isScanned(build.directory, folder, kustomize));
  if (scanned)
    return none(
      `${folder}: everything in it is applied by ${objectText(scanned.id)} already; name another parameter folder`,
    );
  if (!existing && kustomize.hasFolder(folder))
    return none(`${folder}: is there already, and not of ${name}; name another parameter folder`);
  return { status: 'found', stack: { release, owner, name, existing, folder, labels: labelsOf(release) } };
}

/** What is suspended never applies the revision that Flux asks of what others depend on, and who waits for it neither. */
function stoppingOf(flux: FluxState, owner: FluxKustomization): FluxKustomization | undefined {
  if (owner.spec.suspend === true) return owner;
  const waits = new Waits(flux);
  return flux.kustomizations.find(({ id, spec }) => spec.suspend === true && waits.waitsFor(owner.id, id));
}

/** Without a kustomization of its own Flux takes all below a folder, down to the folders that have one, and those. */
function isScanned(directory: string, folder: string, { kustomizations }: Kustomize): boolean {
  const prefix = directory === '' ? '' : `${directory}/`;
  if (!folder.startsWith(prefix)) return false;
  const between = folder.slice(prefix.length).split('/').slice(0, -1);
  return !between.some((_, index) => kustomizations.has(`${prefix}${between.slice(0, index + 1).join('/')}`));
}

/** The chart's own label, and what a selector of the values asks for. */
function labelsOf({ releaseName, values }: HelmRelease): Stack['labels'] {
  const asked = (kind: string): Labels =>
    Object.fromEntries(
      textsOf(valueAt(values.value, ['prometheus', 'prometheusSpec', `${kind}Selector`, 'matchLabels'])),
    );
  return {
    rule: { release: releaseName, ...asked('rule') },
    podMonitor: { release: releaseName, ...asked('podMonitor') },
  };
}

/** The switches that let Prometheus load a kind whatever its labels, but for those that the values select themselves. */
export function switchesOf({ chart, values }: HelmRelease): readonly YamlPath[] {
  const spec = ['prometheus', 'prometheusSpec'];
  return selectors
    .filter((kind) => kind !== 'scrapeConfig' || !isInRange({ before: '46.0.0' }, chart?.version))
    .filter((kind) => Object.keys(fieldsOf(valueAt(values.value, [...spec, `${kind}Selector`]))).length === 0)
    .map((kind) => [...spec, `${kind}SelectorNilUsesHelmValues`]);
}

function none(why: string): FoundStack {
  return { status: 'none', why };
}
