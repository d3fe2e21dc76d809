/** The values that a chart gets: of ConfigMaps and Secrets in their order, then the release's own. */
import type { BuiltObject } from '../kustomize/built-object.js';
import { holdsName, type NameReference } from '../kustomize/name-references.js';
import { Composed, noted, notesOf, originOf } from '../manifests/composed.js';
import { type Fields, fieldOf, isMap } from '../manifests/fields.js';
import { Origin } from '../manifests/origin.js';
import { isCipherText } from '../manifests/sops.js';
import { YamlFile } from '../yaml/yaml-file.js';
import type { ValuesSource } from './helm-release.js';
import { readHelmReleaseSpec, type ValuesReference } from './helm-release-spec.js';
import type { ObjectIndex } from './object-index.js';

export interface MergedValues<Built extends BuiltObject> {
  readonly values: Composed;
  readonly sources: readonly (Omit<ValuesSource, 'producer'> & { readonly producer: Built | undefined })[];
}

/** What is known beyond the objects. */
export interface ValuesContext<Built extends BuiltObject> {
  readonly nameReferences: readonly NameReference[];
  /** Whether kustomize builds it together with the release, and so knows its hashed name there. */
  readonly isOfSameBuild: (producer: Built) => boolean;
  /** Whether something makes a Secret whose content stands in no file. */
  readonly isSecretMade: (namespace: string, name: string) => boolean;
  /** Puts the variables of the producer's owner into the values of a file. */
  readonly substitute: (values: Composed, producer: Built) => Composed;
}

export function mergeValues<Built extends BuiltObject>(
  release: BuiltObject,
  objects: ObjectIndex<Built>,
  context: ValuesContext<Built>,
): MergedValues<Built> {
  const inline = release.composed.at(['spec', 'values']);
  const spec = readHelmReleaseSpec(release.composed.value);
  // Nothing to merge: they stay the object that they are in the release, and all that is remembered of it holds.
  if (spec.valuesFrom.length === 0 && isMap(inline.value)) return { values: inline, sources: [] };
  let values = new Composed({}, inline.root);
  const sources = spec.valuesFrom.map((reference) => {
    const path = ['spec', 'valuesFrom', reference.index, 'name'];
    const origin = release.composed.origin(path);
    const producers = objects.all(reference.kind, release.id.namespace, reference.name);
    const followsHash = holdsName(reference.kind, release.id, path, context.nameReferences);
    const found = producers.find(
      (one) => one.generated?.hasHash !== true || (followsHash && context.isOfSameBuild(one)),
    );
    const producer = found ?? producers[0];
    const isHidden = producer !== undefined && !found;
    if (!producer || isHidden) {
      const isMade = reference.kind === 'Secret' && context.isSecretMade(release.id.namespace, reference.name);
      const status = isHidden ? 'hashed' : isMade ? 'opaque' : 'missing';
      return { ...reference, origin, status, file: undefined, producer } as const;
    }
    const read = readValues(reference, producer, context.substitute);
    if (read.values) values = merged(values, read.values);
    return { ...reference, origin, status: read.status, file: read.file, producer };
  });
  return { values: isMap(inline.value) ? merged(values, inline) : values, sources };
}

interface ReadValues {
  readonly status: ValuesSource['status'];
  readonly values?: Composed;
  readonly file: YamlFile | undefined;
}

function readValues<Built extends BuiltObject>(
  { kind, valuesKey, targetPath }: ValuesReference,
  producer: Built,
  substitute: ValuesContext<Built>['substitute'],
): ReadValues {
  const { composed, generated, manifest } = producer;
  const field =
    kind === 'Secret' && fieldOf(fieldOf(composed.value, 'stringData'), valuesKey) !== undefined
      ? 'stringData'
      : 'data';
  const data = composed.at([field, valuesKey]);
  const yaml = generated?.files.find(({ key }) => key === valuesKey)?.yaml;
  const file = yaml ?? manifest?.file;
  if (typeof data.value !== 'string')
    return { status: generated || manifest?.isEncrypted ? 'opaque' : 'missing', file };
  if (isCipherText(data.value) || (kind === 'Secret' && field === 'data')) return { status: 'opaque', file };
  if (targetPath !== undefined) return { status: 'read', values: atTarget(targetPath, data), file };
  const [document] = yaml?.documents ?? [];
  if (document) {
    if (document.file.problems.length > 0) return { status: 'unparsable', file };
    const written = new Composed(document.value, new Origin({ document, within: undefined }));
    return {
      status: 'read',
      values: document.file.text === data.value ? written : substitute(written, producer),
      file,
    };
  }
  const text = YamlFile.read(data.root.document.file.path, data.value);
  const [inner] = text.documents;
  if (text.problems.length > 0) return { status: 'unparsable', file };
  const values = inner && new Composed(inner.value, new Origin({ document: inner, within: data.root }));
  return { status: 'read', file, ...(values && { values }) };
}

function atTarget(targetPath: string, { value, root }: Composed): Composed {
  const path = targetPath.split(/(?<!\\)\./).map((step) => step.replaceAll(String.raw`\.`, '.'));
  return new Composed({}, root).set(path, value, root);
}

/** Mappings merge, everything else replaces; `null` stays, since it deletes a chart's default. */
function merged(base: Composed, over: Composed): Composed {
  return isMap(over.value) ? new Composed(mergeMaps(base, over), base.root) : base;
}

function mergeMaps(base: Composed, over: Composed): unknown {
  const result: Record<string, unknown> = { ...(base.value as Fields) };
  const origins = new Map(notesOf(base.value));
  for (const [key, value] of Object.entries(over.value as Fields)) {
    const before = Object.hasOwn(result, key) ? result[key] : undefined;
    const origin = originOf(over.value, over.root, key);
    const both = isMap(before) && isMap(value);
    const next = both ? mergeMaps(base.at([key]), new Composed(value, origin)) : value;
    Object.defineProperty(result, key, { value: next, writable: true, enumerable: true, configurable: true });
    if (!both) origins.set(key, origin);
  }
  return noted(result, origins);
}
