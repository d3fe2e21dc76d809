/** An object as its owner applies it: with variables put in, and with the owner's common labels and annotations. */
import type { BuiltObject } from '../kustomize/built-object.js';
import type { Composed } from '../manifests/composed.js';
import { fieldOf, fieldsOf, nonEmpty } from '../manifests/fields.js';
import type { ObjectId } from '../manifests/object-id.js';
import type { Applier, AppliedObject, SubstitutionProblem, Variables } from './flux-kustomization.js';
import { substituteObject } from './substitute-object.js';

export interface Application {
  readonly object: AppliedObject;
  readonly problems: readonly SubstitutionProblem[];
}

/** `kustomization` is the owner's own object, for its `commonMetadata`. */
export function applyObject(
  built: BuiltObject,
  owner: Applier,
  variables: Variables | undefined,
  kustomization: Composed | undefined,
): Application {
  const { problems, ...changes } = changesTo(built, variables, kustomization);
  return { object: { ...built, ...changes, owner }, problems };
}

interface ChangesTo extends Pick<AppliedObject, 'id' | 'composed' | 'substitutions'> {
  readonly problems: readonly SubstitutionProblem[];
}

interface Applied {
  readonly variables: Variables | undefined;
  readonly kustomization: Composed | undefined;
  readonly changes: ChangesTo;
}

/** How an object was applied last: mostly it is applied so again when the repository is read again. */
const lastApplied = new WeakMap<BuiltObject, Applied>();

function changesTo(
  built: BuiltObject,
  variables: Variables | undefined,
  kustomization: Composed | undefined,
): ChangesTo {
  const last = lastApplied.get(built);
  if (last && last.variables === variables && last.kustomization === kustomization) return last.changes;
  const {
    composed: substituted,
    substitutions,
    problems,
  } = variables
    ? substituteObject(built.composed, variables)
    : { composed: built.composed, substitutions: [], problems: [] };
  const composed = kustomization ? withCommonMetadata(substituted, kustomization) : substituted;
  const id = substituted === built.composed ? built.id : renamed(built.id, substituted.value);
  const changes = { id, composed, substitutions, problems };
  lastApplied.set(built, { variables, kustomization, changes });
  return changes;
}

function renamed(id: ObjectId, value: unknown): ObjectId {
  const metadata = fieldOf(value, 'metadata');
  const name = fieldOf(metadata, 'name');
  return {
    ...id,
    // A number is what a name of digits becomes; Flux would send it as one.
    name: typeof name === 'string' || typeof name === 'number' ? String(name) : id.name,
    namespace: id.namespace === '' ? '' : (nonEmpty(fieldOf(metadata, 'namespace')) ?? id.namespace),
  };
}

function withCommonMetadata(object: Composed, kustomization: Composed): Composed {
  let result = object;
  for (const field of ['labels', 'annotations'] as const) {
    const path = ['spec', 'commonMetadata', field];
    const common = kustomization.at(path);
    for (const [key, text] of Object.entries(fieldsOf(common.value))) {
      result = result.set(['metadata', field, key], text, common.origin([key]));
    }
  }
  return result;
}
