/** What kustomize refuses in a kustomization.yaml before it builds anything: fields, their types, and some values. */
import { isScalar } from 'yaml';
import { type Fields, fieldOf, isMap, itemsOf, nonEmpty, valueAt } from '../manifests/fields.js';
import { oncePer } from '../manifests/once-per.js';
import { plainType } from '../yaml/plain-scalar.js';
import type { YamlDocument, YamlPath } from '../yaml/yaml-file.js';
import type { KustomizationFile } from './kustomization-file.js';
import { type Shape, shapeOf, shapeOfKustomization } from './kustomization-shape.js';

export interface Refusal {
  readonly code: 'unknown-field' | 'wrong-type' | 'wrong-value';
  /** For people; begins with the field. */
  readonly message: string;
  readonly path: YamlPath;
}

export const refusalsOf = oncePer(({ value, origin }: KustomizationFile): readonly Refusal[] => {
  const { document } = origin.source;
  return [...misfits(value, shapeOfKustomization, [], document), ...wrongValues(value)];
});

function* misfits(value: unknown, shape: Shape, path: YamlPath, document: YamlDocument): Generator<Refusal> {
  if (value === null || value === undefined) return;
  const type = typeOf(value, path, document);
  const wanted = wantedBy(shape);
  if (type !== wanted) {
    const found = type === 'an integer' ? 'a number' : type;
    yield { code: 'wrong-type', message: `${path.join('.')} is ${found}, and kustomize takes only ${wanted}`, path };
    return;
  }
  if (isListShape(shape))
    for (const [index, item] of itemsOf(value).entries()) yield* misfits(item, shape[0], [...path, index], document);
  else if (isMap(value) && shape !== 'fields')
    for (const [field, content] of Object.entries(value)) {
      const below = typeof shape === 'string' ? 'text' : shapeOf(shape, field);
      const there = [...path, field];
      if (below !== undefined) yield* misfits(content, below, there, document);
      else yield { code: 'unknown-field', message: `${there.join('.')} is no field of a kustomization`, path: there };
    }
}

function isListShape(shape: Shape): shape is readonly [Shape] {
  return Array.isArray(shape);
}

function wantedBy(shape: Shape): string {
  if (typeof shape === 'string') return wantedByName[shape];
  return isListShape(shape) ? 'a list' : 'a mapping';
}

const wantedByName = {
  text: 'text',
  boolean: 'a boolean',
  integer: 'an integer',
  texts: 'a mapping',
  fields: 'a mapping',
};

/** As kustomize reads its own file, where `yes` is a boolean and `1_000` a number. */
function typeOf(value: unknown, path: YamlPath, document: YamlDocument): string {
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object') return 'a mapping';
  const type = typeof value === 'string' && isPlain(path, document) ? plainType(value, true) : typeof value;
  if (type === 'number') return typeof value === 'string' || Number.isInteger(value) ? 'an integer' : 'a number';
  return type === 'boolean' ? 'a boolean' : 'text';
}

function isPlain(path: YamlPath, document: YamlDocument): boolean {
  const node = document.locate(path)?.node;
  return isScalar(node) && node.type === 'PLAIN' && node.tag === undefined;
}

function* wrongValues(value: Fields): Generator<Refusal> {
  yield* wrongIdentity(value);
  for (const field of listsOfFiles) yield* emptyItems(value, [field]);
  for (const field of ['patches', 'patchesJson6902'])
    for (const [index, patch] of entriesIn(value, field)) {
      const given = ['path', 'patch'].filter((source) => saysSomething(fieldOf(patch, source)));
      if (given.length === 0) yield wrong([field, index], 'has no path and no patch');
      if (given.length === 2) yield wrong([field, index], 'has a path and a patch as well');
    }
  for (const field of ['configMapGenerator', 'secretGenerator'])
    for (const [index, generator] of entriesIn(value, field)) {
      for (const list of ['files', 'envs']) yield* emptyItems(value, [field, index, list]);
      for (const [at, literal] of itemsOf(fieldOf(generator, 'literals')).entries())
        if (literal === null || (typeof literal === 'string' && literal.indexOf('=') < 1))
          yield wrong([field, index, 'literals', at], 'is no key=value');
    }
  for (const field of ['configMapGenerator', 'secretGenerator', 'replicas'])
    for (const [index, item] of entriesIn(value, field))
      if (!saysSomething(fieldOf(item, 'name'))) yield wrong([field, index], 'has no name');
}

/** Without a kind it is a Kustomization, and without a version it has the right one. */
function* wrongIdentity({ kind, apiVersion }: Fields): Generator<Refusal> {
  const version = versions.get(nonEmpty(kind) ?? 'Kustomization');
  if (version === undefined) yield wrong(['kind'], `is ${String(kind)}, and must be Kustomization or Component`);
  else if (typeof apiVersion === 'string' && apiVersion !== '' && apiVersion !== version)
    yield wrong(['apiVersion'], `is ${apiVersion}, and must be ${version}`);
}

const versions = new Map([
  ['Kustomization', 'kustomize.config.k8s.io/v1beta1'],
  ['Component', 'kustomize.config.k8s.io/v1alpha1'],
]);

const listsOfFiles = ['resources', 'components', 'bases', 'crds', 'configurations', 'patchesStrategicMerge'];

function* emptyItems(value: Fields, path: YamlPath): Generator<Refusal> {
  for (const [index, item] of itemsOf(valueAt(value, path)).entries())
    if (!saysSomething(item)) yield wrong([...path, index], 'is empty');
}

/** An entry without content is one with nothing in it; of another type it is refused for that. */
function entriesIn(value: Fields, field: string): readonly (readonly [number, unknown])[] {
  return [...itemsOf(value[field]).entries()].filter(([, item]) => item === null || isMap(item));
}

function saysSomething(value: unknown): boolean {
  return value !== null && value !== undefined && (typeof value !== 'string' || value.trim() !== '');
}

function wrong(path: YamlPath, what: string): Refusal {
  return { code: 'wrong-value', message: `${path.join('.')} ${what}`, path };
}
