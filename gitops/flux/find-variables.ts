/** The variables of a Kustomization: its own, and those of the ConfigMaps and Secrets that it reads. */
import type { BuiltObject } from '../kustomize/built-object.js';
import type { Composed } from '../manifests/composed.js';
import { fieldOf, textsOf } from '../manifests/fields.js';
import { isKnown } from '../manifests/object-id.js';
import { isCipherText } from '../manifests/sops.js';
import type { FluxKustomization, RefusedName, Variables, VariableSource } from './flux-kustomization.js';
import type { SubstituteReference } from './kustomization-spec.js';
import type { ObjectIndex } from './object-index.js';
import { externalSecretKeys, externalSecretTarget } from './secret-keys.js';

interface Found {
  readonly status: VariableSource['status'];
  readonly known: ReadonlyMap<string, string>;
  readonly hidden: Iterable<string>;
}

/** `secrets` are what makes a Secret without being one, by namespace and name of the Secret. */
export function findVariables(
  { id, object, spec }: Pick<FluxKustomization, 'id' | 'object' | 'spec'>,
  index: ObjectIndex,
  secrets: ExternalSecrets,
): Variables {
  const known = new Map<string, string>();
  const hidden = new Set<string>();
  const set = (name: string, value: string | undefined) => {
    known.delete(name);
    hidden.delete(name);
    if (value === undefined) hidden.add(name);
    else known.set(name, value.replaceAll('\n', ''));
  };
  const sources = spec.substituteFrom.map((reference): VariableSource => {
    const found = find(reference, id.namespace, index, secrets);
    for (const [name, value] of found.known) set(name, value);
    for (const name of found.hidden) set(name, undefined);
    const origin = object.composed.origin(['spec', 'postBuild', 'substituteFrom', reference.index, 'name']);
    return { ...reference, origin, status: found.status };
  });
  for (const [name, value] of spec.substitute) set(name, value);
  const isOpen = sources.some(({ status, optional }) => status === 'opaque' || (status === 'missing' && !optional));
  return { known, hidden, sources, isOpen };
}

export const noVariables: Variables = { known: new Map(), hidden: new Set(), sources: [], isOpen: false };

function find(
  { kind, name }: SubstituteReference,
  namespace: string,
  index: ObjectIndex,
  secrets: ExternalSecrets,
): Found {
  const object = index.first(kind, namespace, name);
  if (object) return { status: 'read', ...dataOf(object) };
  const external = kind === 'Secret' ? secrets.find(namespace, name) : undefined;
  if (!external) return { status: 'missing', known: new Map(), hidden: [] };
  const { names, isOpen } = external;
  return { status: isOpen ? 'opaque' : 'read', known: new Map(), hidden: names };
}

function dataOf({ composed: { value } }: BuiltObject) {
  const known = new Map<string, string>();
  const hidden: string[] = [];
  for (const [name, text] of [...textsOf(fieldOf(value, 'data')), ...textsOf(fieldOf(value, 'stringData'))]) {
    const isEncoded = fieldOf(value, 'kind') === 'Secret' && textsOf(fieldOf(value, 'data')).has(name);
    const decoded = isCipherText(text) ? undefined : isEncoded ? decodedBase64(text) : text;
    if (decoded === undefined) hidden.push(name);
    else known.set(name, decoded);
  }
  return { known, hidden };
}

function decodedBase64(text: string): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(Buffer.from(text, 'base64'));
  } catch {
    return undefined;
  }
}

/** Flux looks at every name that the Kustomization is given before it puts in the first. */
export function findRefusedNames(
  { id, object, spec }: Pick<FluxKustomization, 'id' | 'object' | 'spec'>,
  index: ObjectIndex,
): readonly RefusedName[] {
  return [
    ...refusedIn(object.composed.at(['spec', 'postBuild', 'substitute'])),
    ...spec.substituteFrom.flatMap(({ kind, name }) => {
      const fields = kind === 'Secret' ? ['data', 'stringData'] : ['data'];
      const source = index.first(kind, id.namespace, name);
      return source ? fields.flatMap((field) => refusedIn(source.composed.at([field]))) : [];
    }),
  ];
}

function refusedIn(variables: Composed): readonly RefusedName[] {
  return [...textsOf(variables.value).keys()]
    .filter((name) => isKnown(name) && !/^[_a-z][_a-z0-9]*$/i.test(name))
    .map((name) => ({ name, origin: variables.origin([name]) }));
}

/** Secrets that External Secrets makes. */
export class ExternalSecrets {
  private readonly keys = new Map<string, ReturnType<typeof externalSecretKeys>>();
  /** Of ClusterExternalSecrets, which may reach any namespace. */
  private readonly clusterWide = new Map<string, ReturnType<typeof externalSecretKeys>>();

  add({ id, composed: { value } }: BuiltObject): void {
    if (id.group !== 'external-secrets.io') return;
    const spec = fieldOf(value, 'spec');
    if (id.kind === 'ExternalSecret') {
      this.keys.set(`${id.namespace}\n${externalSecretTarget(value, id.name)}`, externalSecretKeys(spec));
    } else if (id.kind === 'ClusterExternalSecret') {
      const inner = fieldOf(spec, 'externalSecretSpec');
      const name = fieldOf(spec, 'externalSecretName');
      const target = externalSecretTarget({ spec: inner }, typeof name === 'string' ? name : id.name);
      this.clusterWide.set(target, externalSecretKeys(inner));
    }
  }

  find(namespace: string, name: string) {
    return this.keys.get(`${namespace}\n${name}`) ?? this.clusterWide.get(name);
  }
}
