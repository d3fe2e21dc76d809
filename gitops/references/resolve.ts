/** Whether a consumer gets what it names; what the files cannot tell is unknown, and never missing. */
import type { Applier } from '../flux/flux-kustomization.js';
import type { FluxState } from '../flux/flux-state.js';
import type { HelmRelease } from '../flux/helm-release.js';
import { fieldOf, itemsOf, nonEmpty, textsOf, valueAt } from '../manifests/fields.js';
import { isKnown, objectText } from '../manifests/object-id.js';
import { chartOutputs } from './chart-outputs.js';
import { connectSecrets } from './connect-secrets.js';
import { isPlatformGroup } from './definitions.js';
import type { Consumer, Producer, Resolution, Target } from './reference.js';
import { remoteOutputs } from './remote-outputs.js';

export class Resolver {
  /** Charts that nobody looked into. */
  private readonly openCharts: readonly string[];
  /** Remote bases and other repositories of which nobody knows what they hold. */
  private readonly openRemotes: readonly Remote[];
  private readonly remotes: readonly Remote[];
  private readonly unparsable: string | undefined;
  /** Kinds and names that something copies into other namespaces. */
  private readonly copied: ReadonlySet<string>;

  constructor(
    private readonly flux: FluxState,
    private readonly producersOf: (target: Target) => readonly Producer[],
  ) {
    this.openCharts = flux.helmReleases.flatMap(({ id, chart, values }) =>
      chart?.name !== undefined && chartOutputs(chart.name, values.value) ? [] : [objectText(id)],
    );
    const appliers: readonly Applier[] = [...flux.entryPoints, ...flux.kustomizations];
    this.remotes = appliers.flatMap(remotesOf);
    this.openRemotes = this.remotes.filter(({ text }) => !remoteOutputs(text));
    this.unparsable = appliers
      .flatMap(({ build }) => build?.problems ?? [])
      .find(({ code }) => code === 'unparsable')?.file;
    this.copied = new Set(flux.objects.flatMap(copiedBy));
  }

  resolve(consumer: Consumer): Resolution {
    const { target, followsHash, owner } = consumer;
    if (!isKnown(target.name) || !isKnown(target.namespace))
      return unknown('its name has a variable that no file gives');
    const producers = this.producersOf(target);
    // Kustomize puts the hashed name only into what it builds together with the generator.
    const found = producers.filter((producer) => !producer.hasHash || (followsHash && producer.owner === owner));
    if (found.length > 0) return { status: 'produced', producers: found };
    if (producers.length > 0) return { status: 'hashed', producers };
    const why = this.whyUnknown(consumer);
    return why === undefined ? { status: 'missing' } : unknown(why);
  }

  private whyUnknown(consumer: Consumer): string | undefined {
    const { kind, name } = consumer.target;
    if (kind === 'Kustomization' || kind === 'HelmRelease') return this.unparsableFile();
    if (kind === 'CustomResourceDefinition') {
      if (isPlatformGroup(name.slice(name.indexOf('.') + 1))) return 'the platform commonly brings it';
    }
    return this.ofCharts(consumer) ?? this.ofRemotes(consumer) ?? this.unparsableFile();
  }

  private ofCharts({ target, release, path }: Consumer): string | undefined {
    const { kind, namespace, name } = target;
    switch (kind) {
      case 'CustomResourceDefinition':
      case 'StorageClass':
      case 'VolumeSnapshotClass': {
        const [chart] = this.openCharts;
        return chart === undefined ? undefined : `the chart of ${chart} may bring it`;
      }
      case 'Secret':
      case 'ConfigMap':
      case 'PersistentVolumeClaim': {
        if (this.copied.has(`${kind}\n${name}`)) return 'it may be copied from another namespace';
        const maker = this.flux.helmReleases.find(
          (other) =>
            other.targetNamespace === namespace &&
            (name === other.releaseName || name.startsWith(`${other.releaseName}-`)) &&
            other.chart?.name !== 'app-template' &&
            mayMake(other, kind, name) &&
            // A Secret that its own values name a release does not make itself; a claim of its own it may mount.
            (other !== release || (kind === 'PersistentVolumeClaim' && path.at(-1) === 'claimName')),
        );
        return maker && `the chart of ${objectText(maker.id)} may make it`;
      }
      default:
        return undefined;
    }
  }

  private ofRemotes({ target }: Consumer): string | undefined {
    // What is known to be in a remote base may still have been patched into another namespace.
    if (target.kind === 'Namespace') return this.remotes[0] && `${this.remotes[0].text} may bring it`;
    const [remote] = this.openRemotes;
    const isLocal = ['Secret', 'ConfigMap', 'PersistentVolumeClaim', 'Issuer', 'SecretStore'].includes(target.kind);
    const found = isLocal ? this.openRemotes.find(({ owner }) => namespaceOf(owner) === target.namespace) : remote;
    return found && `${found.text} may bring it`;
  }

  private unparsableFile(): string | undefined {
    return this.unparsable === undefined ? undefined : `${this.unparsable} does not parse, and may have it`;
  }
}

/** Of most charts nobody knows what they make; of this one it is known. */
function mayMake({ chart, values }: HelmRelease, kind: string, name: string): boolean {
  if (chart?.name !== 'connect' || kind !== 'Secret') return true;
  return connectSecrets(values.value).some((secret) => secret.isMade && secret.name === name);
}

function unknown(why: string): Resolution {
  return { status: 'unknown', why };
}

interface Remote {
  /** An address; of a Kustomization whose source is not known its name. */
  readonly text: string;
  readonly owner: Applier;
}

function remotesOf(owner: Applier): readonly Remote[] {
  const bases = (owner.build?.unknowns ?? []).flatMap(({ code, text, origin }) =>
    // A generator's file is data: it brings no objects.
    code === 'remote' && !origin.path.includes('files') ? [text] : [],
  );
  if (owner.kind === 'kustomization' && owner.directory.status === 'unknown') {
    bases.push(owner.source.source?.url ?? objectText(owner.id));
  }
  return bases.map((text) => ({ text, owner }));
}

function namespaceOf(owner: Applier): string | undefined {
  return owner.kind === 'kustomization' ? (owner.spec.targetNamespace ?? owner.id.namespace) : undefined;
}

/** By annotations of the replicators that are in use, and by policies that generate. */
function copiedBy({
  id,
  composed: { value },
}: {
  readonly id: { readonly kind: string; readonly name: string };
  readonly composed: { readonly value: unknown };
}): readonly string[] {
  if (id.kind === 'ClusterPolicy') {
    return itemsOf(valueAt(value, ['spec', 'rules'])).flatMap((rule) => {
      const [kind, name] = ['kind', 'name'].map((field) => nonEmpty(fieldOf(fieldOf(rule, 'generate'), field)));
      return kind === undefined || name === undefined ? [] : [`${kind}\n${name}`];
    });
  }
  const annotations = [...textsOf(valueAt(value, ['metadata', 'annotations'])).keys()];
  const isCopied = annotations.some((key) =>
    /^(?:reflector\.v1\.k8s\.emberstack\.com|replicator\.v1\.mittwald\.de)\//.test(key),
  );
  return isCopied ? [`${id.kind}\n${id.name}`] : [];
}
