/** A value that is no text where Kubernetes takes only text: the API server refuses the object, and Flux all beside it. */
import { isScalar } from 'yaml';
import type { Composed } from '../manifests/composed.js';
import { fieldsOf, textOf, valueAt } from '../manifests/fields.js';
import type { Manifest } from '../manifests/manifest.js';
import { objectText } from '../manifests/object-id.js';
import { oncePer } from '../manifests/once-per.js';
import type { Origin } from '../manifests/origin.js';
import type { FindingDraft, Fix } from '../lint/finding.js';
import type { Rule } from '../lint/rule.js';
import type { Repository } from '../model/repository.js';
import { isConfidential } from '../schema/secret-values.js';
import { type TextField, textFieldsOf } from '../schema/text-fields.js';
import { plainType } from '../yaml/plain-scalar.js';
import type { YamlPath } from '../yaml/yaml-file.js';

export const valueType: Rule = {
  id: 'value-type',
  severity: 'error',
  summary: 'A value is a number, a boolean or a mapping where Kubernetes takes only text.',
  layer: 'schema',
  *check(repository) {
    const seen = new Set<string>();
    for (const object of objectsOf(repository))
      for (const { field, wrong } of wrongFieldsOf(object.held)) {
        const place = object.origin(field.path).place;
        const key = `${place.file}:${place.line}:${place.column}`;
        if (!seen.has(key)) yield finding(object, field, wrong);
        seen.add(key);
      }
  },
};

interface Looked {
  readonly subject: string;
  readonly held: Composed | Manifest;
  readonly value: unknown;
  readonly origin: (path: YamlPath) => Origin;
}

/** What is applied, patched as it is, and then what else stands in files. */
function* objectsOf({ flux, manifests }: Repository): Iterable<Looked> {
  for (const { id, composed } of flux.objects) yield looked(objectText(id), composed);
  for (const manifest of manifests) yield looked(objectText(manifest.id), manifest);
}

function looked(subject: string, held: Looked['held']): Looked {
  return { subject, held, value: held.value, origin: originIn(held) };
}

function originIn(held: Looked['held']): Looked['origin'] {
  return 'root' in held ? (path) => held.origin(path) : (path) => held.origin.at(path);
}

const wrongFieldsOf = oncePer((held: Looked['held']) =>
  [...textFieldsOf(held.value)].flatMap((field) => {
    const wrong = wrongType(field, originIn(held));
    return wrong ? [{ field, wrong }] : [];
  }),
);

/** What it is instead of text; undefined where it is text. */
function wrongType({ path, value }: TextField, originOf: Looked['origin']): string | undefined {
  if (typeof value === 'string') {
    const origin = originOf(path);
    const type = plainType(value, isOfOperations(origin));
    return type === 'text' || plainSource(origin) !== value ? undefined : named(type);
  }
  if (Array.isArray(value)) return 'a sequence';
  if (value === null || value === undefined) return 'null';
  return typeof value === 'object' ? 'a mapping' : `a ${typeof value}`;
}

/** What a list of operations (JSON patch) brings. */
const isOfOperations = ({ source }: Origin): boolean => Array.isArray(source.document.value);

const named = (type: string): string => (type === 'null' ? type : `a ${type}`);

/** As the document has it, before anything is put in. */
function textAt({ source, path }: Origin): string | undefined {
  return textOf(valueAt(source.document.value, path));
}

/** The text of an unquoted scalar as the file has it; undefined for anything else. */
function plainSource({ source, path }: Origin): string | undefined {
  const node = source.document.locate(path)?.node;
  return isScalar(node) && node.type === 'PLAIN' && node.tag === undefined ? node.source : undefined;
}

function finding({ subject, value, origin }: Looked, field: TextField, type: string): FindingDraft {
  const written = origin(field.path);
  const source = plainSource(written);
  const path = field.path.join('.');
  const kind = String(fieldsOf(value)['kind']);
  const fix = type === 'null' ? undefined : quoted(written, source, path);
  const shown = isConfidential(value, field.path) ? undefined : (textAt(written) ?? source);
  return {
    at: written.place,
    subject,
    message: `${path} is ${type}, and ${where(kind, field.path)} must be strings: ${consequence(type)}; ${remedy(type, textAt(written)?.includes('${') === true, shown)}`,
    key: path,
    ...(type === 'null' && { severity: 'warning' }),
    ...(fix && { fix }),
  };
}

function where(kind: string, path: YamlPath): string {
  if (path.includes('labels') || path.includes('matchLabels')) return 'labels';
  if (path.includes('annotations')) return 'annotations';
  const field = path.findLast((step) => typeof step === 'string' && ['env', 'args', 'command'].includes(step));
  if (field !== undefined) return field === 'env' ? 'values of environment variables' : `items of ${field}`;
  return `${kind} ${path.slice(0, -1).join('.')} values`;
}

function consequence(type: string): string {
  return type === 'null'
    ? 'what the cluster gets is an empty string or nothing'
    : 'the API server refuses it, and Flux applies nothing of its Kustomization';
}

/** `shown` is what the file has there, undefined where nobody may see it. */
function remedy(type: string, isVariable: boolean, shown: string | undefined): string {
  if (isVariable)
    return `kustomize takes the quotes around ${shown ?? 'it'} away before Flux puts the value in, so give the value quotes of its own: '"80"'`;
  if (type === 'null') return 'write "" where it is meant to be empty, or remove the key';
  if (type === 'a mapping' || type === 'a sequence')
    return 'write it as a block scalar (|), or give it a field of its own for each part';
  return shown === undefined ? 'quote it' : `quote it: "${shown}"`;
}

/** Quoting changes nothing else: what stands there is what was meant. */
function quoted(written: Origin, source: string | undefined, path: string): Fix | undefined {
  if (source === undefined || source.includes('${') || written.isEmbedded) return undefined;
  const { document } = written;
  if (document.locate(written.pathInFile)?.via !== 'own') return undefined;
  return {
    summary: `quote ${path}`,
    edits: { [document.file.path]: [{ op: 'set', document: document.index, path: written.pathInFile, value: source }] },
  };
}
