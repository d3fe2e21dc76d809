/** Which sources are this repository, and which are another: a path of another is not a missing path. */
import { fieldOf, nonEmpty, valueAt } from '../manifests/fields.js';
import type { Manifest } from '../manifests/manifest.js';
import type { ObjectReference } from './kustomization-spec.js';

export const sourceGroup = 'source.toolkit.fluxcd.io';

export class SourceLinks {
  private readonly own = new Set<string>();
  private readonly ownUrls = new Set<string>();
  /** As written, by kind and name: their namespaces may not be known yet. */
  private readonly declared = new Map<string, Manifest[]>();

  constructor(manifests: readonly Manifest[]) {
    for (const manifest of manifests) {
      const { group, kind, name } = manifest.id;
      if (group !== sourceGroup) continue;
      const key = `${kind}\n${name}`;
      this.declared.set(key, [...(this.declared.get(key) ?? []), manifest]);
    }
  }

  /** What the roots sync from, and every source with the same address. */
  addOwn(reference: ObjectReference, namespace: string, url?: string): void {
    this.own.add(keyOf(reference, namespace));
    for (const known of [url, this.declaredUrl(reference)]) if (known) this.ownUrls.add(normalized(known));
  }

  get hasOwn(): boolean {
    return this.own.size > 0;
  }

  /** Whether the roots sync from the very object of this name: whoever starts them makes it, though no file shows it. */
  isSynced(reference: ObjectReference, namespace: string): boolean {
    return this.own.has(keyOf(reference, namespace));
  }

  /** `undeclared`: no document of the tree has this kind and name. */
  statusOf(reference: ObjectReference | undefined, namespace: string): 'own' | 'other' | 'undeclared' {
    if (!reference || this.isSynced(reference, namespace)) return 'own';
    const url = this.declaredUrl(reference);
    if (url !== undefined && this.ownUrls.has(normalized(url))) return 'own';
    return this.declared.has(`${reference.kind}\n${reference.name}`) ? 'other' : 'undeclared';
  }

  isDeclaredIn(path: string, { kind, name }: ObjectReference): boolean {
    return this.declared.get(`${kind}\n${name}`)?.some(({ file }) => file.path === path) ?? false;
  }

  private declaredUrl({ kind, name }: ObjectReference): string | undefined {
    const [manifest] = this.declared.get(`${kind}\n${name}`) ?? [];
    return manifest && nonEmpty(valueAt(manifest.value, ['spec', 'url']));
  }
}

function keyOf({ kind, name, namespace }: ObjectReference, referrerNamespace: string): string {
  return `${kind}\n${namespace ?? referrerNamespace}\n${name}`;
}

/** Two spellings of one address: with and without `.git`, over HTTPS and SSH. */
function normalized(url: string): string {
  return url
    .toLowerCase()
    .replace(/^[a-z+]+:\/\//, '')
    .replace(/^[\w.-]+@/, '')
    .replace(/:(?!\d)/, '/')
    .replace(/(?:\.git)?\/*$/, '');
}

/** `spec.ref` as texts. */
export function refOf(object: unknown): ReadonlyMap<string, string> {
  const ref = fieldOf(fieldOf(object, 'spec'), 'ref');
  const entries = Object.entries((ref ?? {}) as Record<string, unknown>);
  return new Map(
    entries.flatMap(([key, value]) =>
      typeof value === 'string' || typeof value === 'number' ? [[key, String(value)] as const] : [],
    ),
  );
}
