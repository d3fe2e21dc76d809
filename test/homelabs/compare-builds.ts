/** What the model says that folders build, beside what the real kustomize builds of them. */
import { spawnSync } from 'node:child_process';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse, parseAllDocuments } from 'yaml';
import type { Applier, FluxKustomization } from '../../gitops/flux/flux-kustomization.js';
import type { Build } from '../../gitops/kustomize/build.js';
import type { BuiltObject } from '../../gitops/kustomize/built-object.js';
import { fieldOf, fieldsOf, isMap, itemsOf } from '../../gitops/manifests/fields.js';
import { readRepository } from '../../gitops/model/read-repository.js';
import type { FileTree } from '../../gitops/source/file-tree.js';
import { buildableCopy } from './buildable-copy.js';
import { missingData } from './homelab-trees.js';

const program = 'kustomize';

/** For a test's name: empty where data and kustomize are there, else what is not. */
export const missing =
  missingData || (spawnSync(program, ['version']).error ? ` (not run: ${program} is not on PATH)` : '');

/** Every Flux path of a tree, and where model and kustomize do not say the same of it. */
export function compareAll(tree: FileTree) {
  const { flux } = readRepository(tree);
  const appliers = [...flux.entryPoints, ...flux.kustomizations].filter(({ build }) => build !== undefined);
  const copy = buildableCopy(
    tree,
    appliers.flatMap(({ build }) => build ?? []),
  );
  try {
    return { appliers: appliers.length, differences: appliers.flatMap((applier) => compare(applier, copy)) };
  } finally {
    rmSync(copy, { recursive: true, force: true });
  }
}

function compare(applier: Applier, copy: string): readonly string[] {
  const { build } = applier;
  if (!build) return [];
  const file = join(copy, build.kustomization?.file.path ?? join(build.directory, 'kustomization.yaml'));
  const before = readFileSync(file, 'utf8');
  if (applier.kind === 'kustomization') writeFileSync(file, withFluxFields(before, applier));
  const { stdout, stderr, status } = spawnSync(
    program,
    ['build', '--load-restrictor=LoadRestrictionsNone', build.directory],
    { cwd: copy, encoding: 'utf8', maxBuffer: 1 << 28 },
  );
  writeFileSync(file, before);
  // Files that are missing only from the data are there in the copy.
  const problems = build.problems.filter(({ code }) => code !== 'missing-file');
  if (status !== 0) return problems.length > 0 ? [] : [`${build.directory}: builds, though ${stderr}`];
  if (problems.length > 0) return problems.map(({ message }) => `${build.directory}: builds, though ${message}`);
  const output = parseAllDocuments(stdout).map((document): unknown => document.toJS());
  return differencesOf(build, output);
}

/** What the controller writes into the file before it builds. */
function withFluxFields(text: string, { object, spec }: FluxKustomization): string {
  const file = fieldsOf(parse(text));
  const namespace = spec.targetNamespace ?? file['namespace'];
  const components = [...itemsOf(file['components']), ...spec.components];
  const patches = [...itemsOf(file['patches']), ...itemsOf(object.composed.at(['spec', 'patches']).value)];
  return JSON.stringify({
    ...file,
    ...(namespace !== undefined && { namespace }),
    ...(components.length > 0 && { components }),
    ...(patches.length > 0 && { patches }),
  });
}

function differencesOf(build: Build, output: readonly unknown[]): readonly string[] {
  const hashed = build.objects.filter(({ generated }) => generated?.hasHash === true).map(({ id }) => id.name);
  const found = new Map(output.map((value) => [identity(value, hashed), unhashed(value, hashed)]));
  const built = new Map(build.objects.map((object) => [identity(object.composed.value, []), object]));
  const all = [...new Set([...built.keys(), ...found.keys()])];
  return all.flatMap((key) => {
    const object = built.get(key);
    if (!object) return [`${build.directory}: is not built: ${key}`];
    if (!found.has(key)) return [`${build.directory}: is built though kustomize does not: ${key}`];
    const [one, other] = [comparable(encoded(object)), comparable(found.get(key))];
    const at = one.split('').findIndex((character, index) => character !== other[index]);
    const [ours, theirs] = [one, other].map((text) => text.slice(Math.max(0, at - 60), at + 60));
    return one === other ? [] : [`${build.directory}: ${key}: ${ours} is ${theirs}`];
  });
}

function identity(value: unknown, hashed: readonly string[]): string {
  const metadata = fieldOf(unhashed(value, hashed), 'metadata');
  const namespace = fieldOf(metadata, 'namespace');
  return [fieldOf(value, 'apiVersion'), fieldOf(value, 'kind'), namespace ?? '', fieldOf(metadata, 'name')].join(' ');
}

/** Names of generated objects without their hashes, in the objects and wherever they are referred to. */
function unhashed(value: unknown, hashed: readonly string[]): unknown {
  if (typeof value === 'string') {
    const base = value.replace(/-[a-z0-9]{10}$/, '');
    return hashed.includes(base) ? base : value;
  }
  if (Array.isArray(value)) return value.map((item) => unhashed(item, hashed));
  if (!isMap(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, unhashed(item, hashed)]));
}

/** Kustomize writes the data of generated Secrets in base64. */
function encoded({ composed, generated }: BuiltObject): unknown {
  const value = fieldsOf(composed.value);
  if (!generated || value['kind'] !== 'Secret') return value;
  const { stringData, ...rest } = value;
  const data = Object.entries(fieldsOf(stringData)).map(([key, text]) => [
    key,
    Buffer.from(String(text)).toString('base64'),
  ]);
  return { ...rest, type: 'Opaque', data: Object.fromEntries(data) };
}

/**
 * With keys in order, and without what is written in two ways: no data, fields without a value, numbers that YAML 1.1
 * reads as octal (`0775`), the last line break of a file without one, and blank lines in folded texts, which
 * kustomize's own writer doubles.
 */
function comparable(value: unknown): string {
  return JSON.stringify(value, (key, part: unknown) => {
    if (key === 'defaultMode' && Number(part) > 0o777) return Number.parseInt(String(part), 8);
    if (typeof part === 'string') return part.replaceAll(/\n+/g, '\n').trimEnd();
    if (part === null) return undefined;
    if (!isMap(part)) return part;
    if (key === 'data' && Object.keys(part).length === 0) return undefined;
    return Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1)));
  });
}
