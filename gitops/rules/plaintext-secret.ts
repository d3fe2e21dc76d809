/** A secret that stands in the repository for everybody to read: told by kind and key, not by how random it looks. */
import { joinPath } from '../kustomize/repository-files.js';
import { isMap, fieldOf, fieldsOf, textOf } from '../manifests/fields.js';
import type { Manifest } from '../manifests/manifest.js';
import { objectText } from '../manifests/object-id.js';
import { oncePer } from '../manifests/once-per.js';
import { isCipherText } from '../manifests/sops.js';
import type { FindingDraft } from '../lint/finding.js';
import { placeOf } from '../lint/place.js';
import type { Rule } from '../lint/rule.js';
import { listed } from '../lint/wording.js';
import type { Repository } from '../model/repository.js';
import { hasPasswordInUrl, isPlaceholder, isSecretItself, namesSecret } from '../schema/secret-values.js';
import {
  isCipherFile,
  secretsInEnvironment,
  secretsInText,
  secretsWithin,
  type TextSecret,
} from '../schema/secrets-in-text.js';
import { textAt } from '../source/file-tree.js';
import { LineIndex } from '../yaml/line-index.js';
import { type YamlDocument, YamlFile, type YamlPath } from '../yaml/yaml-file.js';

export const plaintextSecret: Rule = {
  id: 'plaintext-secret',
  severity: 'error',
  summary: 'A secret stands in the repository in plain text.',
  layer: 'policy',
  *check(repository) {
    const inEffect = new Map(repository.flux.objects.map(({ manifest, id }) => [manifest, id]));
    for (const manifest of repository.manifests) {
      // A name with `<` is no name: such a file is for people to fill in.
      if (manifest.isEncrypted || aboutSecrets.has(manifest.id.kind) || manifest.id.name.includes('<')) continue;
      const subject = objectText(inEffect.get(manifest) ?? manifest.id);
      if (manifest.id.kind === 'Secret' && manifest.id.group === '') yield* secretManifest(manifest, subject);
      else yield* valuesOf(manifest, subject);
    }
    yield* valuesFiles(repository);
    yield* generatedSecrets(repository);
  },
};

/** Kinds that say where secrets are and how they are called, or only describe other kinds. */
const aboutSecrets = new Set([
  'ExternalSecret',
  'ClusterExternalSecret',
  'PushSecret',
  'SecretStore',
  'ClusterSecretStore',
  'CustomResourceDefinition',
]);

function* secretManifest({ value, origin }: Manifest, subject: string): Iterable<FindingDraft> {
  const plain = ['stringData', 'data'].flatMap((field) =>
    Object.entries(fieldsOf(value[field]))
      .filter(([, text]) => isSecretItself(text) && !isCipherText(text))
      .map(([key]) => [field, key]),
  );
  const [first] = plain;
  if (!first) return;
  yield {
    at: origin.at(first).place,
    subject,
    message: `stands in the repository in plain text (${listed(plain.map((path) => path.join('.')))}); ${remedy('encrypt it with SOPS, or let an ExternalSecret make it')}`,
    key: 'Secret',
  };
}

function* valuesOf(manifest: Manifest, subject: string): Iterable<FindingDraft> {
  for (const found of secretsIn(manifest.value)) yield finding(manifest.origin.at(found.path).place, subject, found);
}

/** Files of values that a generator makes a ConfigMap of for a HelmRelease; encrypted ones are no plain text. */
function* valuesFiles({ flux, encrypted }: Repository): Iterable<FindingDraft> {
  const documents = new Map<YamlDocument, string>();
  for (const release of flux.helmReleases)
    for (const source of release.valuesSources)
      for (const document of source.file?.documents ?? [])
        if (!encrypted.includes(document)) documents.set(document, objectText(release.id));
  for (const [document, subject] of documents) {
    if (!isMap(document.value) || document.value['kind'] !== undefined) continue;
    for (const found of secretsIn(document.value)) yield finding(placeOf(document, found.path), subject, found);
  }
}

/** What a `secretGenerator` is given: literals, and files that are not encrypted. */
function* generatedSecrets(repository: Repository): Iterable<FindingDraft> {
  const judged = new Set(
    repository.flux.helmReleases.flatMap(({ valuesSources }) => valuesSources.flatMap(({ file }) => file?.path ?? [])),
  );
  for (const { generators, directory } of repository.kustomize.kustomizations.values())
    for (const { kind, name, literals, envs, files } of generators) {
      if (kind !== 'Secret') continue;
      const subject = `Secret ${name} of ${directory === '' ? '.' : directory}`;
      for (const { key, value, origin } of literals)
        if (isSecretItself(value))
          yield {
            at: origin.place,
            subject,
            message: `has ${key} as a literal in plain text; ${generatorRemedy}`,
            key,
          };
      for (const { path } of envs)
        yield* generatorFile(repository, joinPath(directory, path), subject, secretsInEnvironment);
      for (const { path } of files) {
        const file = joinPath(directory, path);
        if (file !== undefined && !judged.has(file)) yield* generatorFile(repository, file, subject, secretsInText);
      }
    }
}

const generatorRemedy = remedy('take it from a file that SOPS encrypted, or let an ExternalSecret make the Secret');

function* generatorFile(
  { tree }: Repository,
  file: string | undefined,
  subject: string,
  secretsOf: (text: string) => readonly TextSecret[],
): Iterable<FindingDraft> {
  const text = file === undefined ? undefined : textAt(tree, file);
  if (file === undefined || text === undefined || isCipherFile(text)) return;
  const found = secretsOf(text);
  const [first] = found;
  if (!first) return;
  const keys = [...new Set(found.map(({ key }) => key))].filter((key) => key !== '');
  yield {
    at: { file, ...new LineIndex(text).position(first.offset) },
    subject,
    message: `is made of ${file}, which is in plain text${keys.length === 0 ? '' : ` (${listed(keys)})`}; ${generatorRemedy}`,
    key: file,
  };
}

interface Found {
  readonly path: YamlPath;
  readonly value: unknown;
  /** Of a text that holds secrets among other things. */
  readonly held?: readonly TextSecret[];
}

/**
 * Values whose key names a secret, at any depth; of `{name, value}` pairs the name is the key, of `--name=value` the option.
 * And texts of several lines that hold such settings, or a private key.
 */
const secretsIn = oncePer((value: object): readonly Found[] => {
  const found: Found[] = [];
  // One path for the whole walk, copied where something is found: most of a tree is walked for nothing.
  const path: (string | number)[] = [];
  const below = (step: string | number, part: unknown): void => {
    path.push(step);
    visit(part);
    path.pop();
  };
  const visit = (part: unknown): void => {
    if (Array.isArray(part)) {
      for (const [index, item] of part.entries()) {
        if (isNamedSecret(item)) found.push({ path: [...path, index, 'value'], value: fieldOf(item, 'value') });
        else if (typeof item === 'object') below(index, item);
        else if (hasPasswordInUrl(item)) found.push({ path: [...path, index], value: item });
        else if (typeof item === 'string')
          found.push(...secretOption(item, [...path, index]), ...heldIn(item, [...path, index]));
      }
    } else if (isMap(part)) {
      for (const [key, field] of Object.entries(part)) {
        if (typeof field === 'object') below(key, field);
        else if (isSecretField(key, field, part)) found.push({ path: [...path, key], value: field });
        else if (typeof field === 'string') found.push(...heldIn(field, [...path, key]));
      }
    }
  };
  visit(value);
  return found;
});

function isNamedSecret(item: unknown): boolean {
  const name = textOf(fieldOf(item, 'name'));
  return name !== undefined && namesSecret(name) && isSecretItself(fieldOf(item, 'value'));
}

function isSecretField(key: string, value: unknown, siblings: Readonly<Record<string, unknown>>): boolean {
  return (namesSecret(key) && isSecretItself(value) && !isKeyOfSecret(key, siblings)) || hasPasswordInUrl(value);
}

/** Beside the name of a Secret, `secretKey: password` says under which key of it the value is. */
function isKeyOfSecret(key: string, siblings: Readonly<Record<string, unknown>>): boolean {
  return (
    /key$/i.test(key) && Object.keys(siblings).some((one) => one === 'name' || /secret(?:_?name|_?ref)?$/i.test(one))
  );
}

/** An argument: `--password=hunter2`. */
function secretOption(text: string, path: YamlPath): readonly Found[] {
  const [, option = '', value] = /^--?([\w.-]+)=(.*)$/s.exec(text) ?? [];
  return namesSecret(option) && isSecretItself(value) ? [{ path, value }] : [];
}

/** What is YAML is judged as such. */
function heldIn(text: string, path: YamlPath): readonly Found[] {
  if (!/\n|PRIVATE KEY-----/.test(text) || isCipherFile(text)) return [];
  const held = secretsWithin(text);
  if (held.length === 0) return [];
  const { documents, problems } = YamlFile.read('', text);
  const [value] = documents.map((document) => document.value);
  const isYaml = problems.length === 0 && typeof value === 'object' && value !== null;
  return isYaml && secretsIn(value).length === 0 ? [] : [{ path, value: text, held }];
}

function finding(at: FindingDraft['at'], subject: string, { path, value, held }: Found): FindingDraft {
  const key = path.join('.');
  const what = isPlaceholder(value) ? ', if only a placeholder, which is what the program gets' : '';
  return {
    at,
    subject,
    message: `${key} ${held ? heldText(held) : `is a secret in plain text${what}`}; ${remedy('put it into a Secret that SOPS encrypted or an ExternalSecret makes, and refer to that')}`,
    key,
  };
}

function heldText(held: readonly TextSecret[]): string {
  const keys = [...new Set(held.map(({ key }) => key))].filter((key) => key !== '');
  return keys.length === 0 ? 'holds a private key in plain text' : `holds secrets in plain text (${listed(keys)})`;
}

function remedy(how: string): string {
  return `${how}, and change it, since the repository's history keeps the old one`;
}
