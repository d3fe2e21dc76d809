/** `configMapGenerator` and `secretGenerator`: ConfigMaps and Secrets made of files, literals and environment files. */
import { fieldOf, fieldsOf, itemsOf, nonEmpty, textsOf } from '../manifests/fields.js';
import type { Origin } from '../manifests/origin.js';

export interface ObjectGenerator {
  readonly kind: 'ConfigMap' | 'Secret';
  readonly name: string;
  readonly namespace: string | undefined;
  /** How it meets an object of the same name. */
  readonly behavior: 'create' | 'merge' | 'replace';
  readonly files: readonly GeneratorFile[];
  /** Files of `KEY=value` lines. */
  readonly envs: readonly GeneratorFile[];
  readonly literals: readonly GeneratorLiteral[];
  readonly options: GeneratorOptions;
  readonly origin: Origin;
}

export interface GeneratorFile {
  /** In the object's data; empty for an environment file. */
  readonly key: string;
  /** As written, relative to the kustomization, or a URL. */
  readonly path: string;
  readonly origin: Origin;
}

export interface GeneratorLiteral {
  readonly key: string;
  readonly value: string;
  readonly origin: Origin;
}

export interface GeneratorOptions {
  readonly labels: ReadonlyMap<string, string>;
  readonly annotations: ReadonlyMap<string, string>;
  readonly disableNameSuffixHash: boolean | undefined;
}

export function readGenerators(kustomization: unknown, origin: Origin): readonly ObjectGenerator[] {
  return (['ConfigMap', 'Secret'] as const).flatMap((kind) => {
    const field = kind === 'ConfigMap' ? 'configMapGenerator' : 'secretGenerator';
    return itemsOf(fieldOf(kustomization, field)).flatMap((item, index) =>
      readGenerator(kind, item, origin.at([field, index])),
    );
  });
}

function readGenerator(kind: ObjectGenerator['kind'], item: unknown, origin: Origin): readonly ObjectGenerator[] {
  const name = nonEmpty(fieldOf(item, 'name'));
  if (name === undefined) return [];
  const behavior = fieldOf(item, 'behavior');
  const env = nonEmpty(fieldOf(item, 'env'));
  return [
    {
      kind,
      name,
      namespace: nonEmpty(fieldOf(item, 'namespace')),
      behavior: behavior === 'merge' || behavior === 'replace' ? behavior : 'create',
      files: entries(item, 'files', origin).map(({ text, at }) => fileOf(text, at)),
      envs: [
        ...entries(item, 'envs', origin).map(({ text, at }) => ({ key: '', path: text, origin: at })),
        ...(env === undefined ? [] : [{ key: '', path: env, origin: origin.at(['env']) }]),
      ],
      literals: entries(item, 'literals', origin).flatMap(({ text, at }) => literalOf(text, at)),
      options: generatorOptionsOf(fieldOf(item, 'options')),
      origin,
    },
  ];
}

export function generatorOptionsOf(value: unknown): GeneratorOptions {
  const { labels, annotations, disableNameSuffixHash } = fieldsOf(value);
  return {
    labels: textsOf(labels),
    annotations: textsOf(annotations),
    disableNameSuffixHash: typeof disableNameSuffixHash === 'boolean' ? disableNameSuffixHash : undefined,
  };
}

function entries(item: unknown, field: string, origin: Origin) {
  return itemsOf(fieldOf(item, field)).flatMap((text, index) =>
    typeof text === 'string' && text !== '' ? [{ text, at: origin.at([field, index]) }] : [],
  );
}

/** `key=path`, or a path whose last part is the key. */
function fileOf(text: string, origin: Origin): GeneratorFile {
  const equals = text.indexOf('=');
  if (equals > 0) return { key: text.slice(0, equals), path: text.slice(equals + 1), origin };
  return { key: text.slice(text.lastIndexOf('/') + 1), path: text, origin };
}

function literalOf(text: string, origin: Origin): readonly GeneratorLiteral[] {
  const equals = text.indexOf('=');
  if (equals < 1) return [];
  const value = text.slice(equals + 1);
  const quoted = /^(["'])(.*)\1$/s.exec(value);
  return [{ key: text.slice(0, equals), value: quoted?.[2] ?? value, origin }];
}
