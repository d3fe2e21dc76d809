/** Makes the ConfigMaps and Secrets of a kustomization's generators, each value with the file it stands in. */
import { Composed, noted } from '../manifests/composed.js';
import { textsOf } from '../manifests/fields.js';
import type { ObjectId } from '../manifests/object-id.js';
import { Origin } from '../manifests/origin.js';
import type { Accumulation } from './accumulation.js';
import type { GeneratedFile } from './built-object.js';
import { type Draft, draftKey } from './draft.js';
import type { KustomizationFile } from './kustomization-file.js';
import type { GeneratorFile, GeneratorOptions, ObjectGenerator } from './object-generator.js';
import { isRemote } from './remote.js';
import { joinPath, type RepositoryFiles } from './repository-files.js';

export function generateObjects(
  kustomization: KustomizationFile,
  chain: readonly KustomizationFile[],
  into: Accumulation,
  files: RepositoryFiles,
): void {
  for (const generator of kustomization.generators) {
    const made = generate(generator, kustomization, chain, into, files);
    if (generator.behavior === 'create') into.append(made);
    else combine(made, generator, into);
  }
}

interface Content {
  readonly data: Map<string, string>;
  readonly origins: Map<string, Origin>;
  readonly files: GeneratedFile[];
}

function generate(
  generator: ObjectGenerator,
  { directory, generatorOptions }: KustomizationFile,
  chain: readonly KustomizationFile[],
  into: Accumulation,
  files: RepositoryFiles,
): Draft {
  const content: Content = { data: new Map(), origins: new Map(), files: [] };
  for (const file of generator.files) readFile(file, directory, content, into, files);
  for (const file of generator.envs) readEnvironment(file, directory, content, into, files);
  for (const { key, value, origin } of generator.literals) put(key, value, origin, content, into);
  const options = withGlobal(generator.options, generatorOptions);
  const { kind, name, namespace = '' } = generator;
  const id: ObjectId = { group: '', version: 'v1', kind, namespace, name };
  const metadata = {
    name,
    ...(namespace === '' ? {} : { namespace }),
    ...(options.labels.size > 0 ? { labels: Object.fromEntries(options.labels) } : {}),
    ...(options.annotations.size > 0 ? { annotations: Object.fromEntries(options.annotations) } : {}),
  };
  const data = noted(Object.fromEntries(content.data), content.origins);
  // Secrets stay readable here: what kustomize would write in base64 is in clear in the repository anyway.
  const value = { apiVersion: 'v1', kind, metadata, [kind === 'Secret' ? 'stringData' : 'data']: data };
  return {
    id,
    first: id,
    composed: new Composed(value, generator.origin),
    manifest: undefined,
    generated: { generator, files: content.files, hasHash: options.disableNameSuffixHash !== true },
    chain,
    listedAt: generator.origin,
  };
}

function readFile(
  { key, path, origin }: GeneratorFile,
  directory: string,
  content: Content,
  into: Accumulation,
  files: RepositoryFiles,
): void {
  const found = find(path, origin, directory, into, files);
  // The key is there whatever the file says: only its value is not known.
  put(key, (found === undefined ? undefined : files.text(found)) ?? '', origin, content, into);
  if (found === undefined) return;
  const yaml = /\.ya?ml$/.test(found) ? files.yaml(found) : undefined;
  const document = yaml?.documents[0];
  if (document) content.origins.set(key, new Origin({ document, within: undefined }));
  content.files.push({ key, path: found, yaml });
}

function readEnvironment(
  { path, origin }: GeneratorFile,
  directory: string,
  content: Content,
  into: Accumulation,
  files: RepositoryFiles,
): void {
  const found = find(path, origin, directory, into, files);
  if (found === undefined) return;
  content.files.push({ key: '', path: found, yaml: undefined });
  for (const line of (files.text(found) ?? '').split('\n')) {
    const [, key, value] = /^\s*([^#=\s][^=]*)=(.*?)\r?$/.exec(line) ?? [];
    if (key === undefined || value === undefined) continue;
    put(key, value, origin, content, into);
  }
}

function put(key: string, value: string, origin: Origin, { data, origins }: Content, into: Accumulation): void {
  if (data.has(key)) into.problem('wrong-value', `a generator gives the key ${key} twice`, origin);
  data.set(key, value);
  origins.set(key, origin);
}

/** The file's path in the repository; what is not there is noted. */
function find(
  path: string,
  origin: Origin,
  directory: string,
  into: Accumulation,
  files: RepositoryFiles,
): string | undefined {
  const found = joinPath(directory, path);
  if (found !== undefined && files.hasFile(found)) {
    into.inputs.add(found);
    return found;
  }
  if (isRemote(path)) into.unknowns.add({ code: 'remote', text: path, origin });
  else if (found === undefined) into.problem('outside-repository', `${path} is outside of the repository`, origin);
  else into.problem('missing-file', `${found} is not there`, origin);
  return undefined;
}

/** As kustomize merges them: the kustomization can switch hashes off for all, not on again. */
function withGlobal(own: GeneratorOptions, global: GeneratorOptions): GeneratorOptions {
  return {
    labels: new Map([...global.labels, ...own.labels]),
    annotations: new Map([...global.annotations, ...own.annotations]),
    disableNameSuffixHash: own.disableNameSuffixHash === true || global.disableNameSuffixHash === true,
  };
}

function combine(made: Draft, generator: ObjectGenerator, into: Accumulation): void {
  const key = draftKey(made.id);
  const before = into.find(key) ?? into.drafts.find(({ first }) => draftKey(first) === key);
  if (!before) {
    const message = `${generator.kind} ${generator.name}: nothing of this name is there to ${generator.behavior}`;
    into.problem('generator-without-target', message, generator.origin, { id: made.id });
    return;
  }
  const field = generator.kind === 'Secret' ? 'stringData' : 'data';
  const added = made.composed.at([field]);
  const kept = generator.behavior === 'merge' ? before.composed : before.composed.set([field], {}, added.root);
  const composed = [...textsOf(added.value)].reduce(
    (value, [name, text]) => value.set([field, name], text, added.origin([name])),
    kept,
  );
  const files = [...(before.generated?.files ?? []), ...(made.generated?.files ?? [])];
  const generated = made.generated && { ...made.generated, files };
  into.update((draft) => (draft === before ? { ...before, composed, generated } : draft));
}
