/** Which objects a patch is for: patterns on group, version, kind, name and namespace, and label selectors. */
import { fieldOf, textsOf, valueAt } from '../manifests/fields.js';
import type { Draft } from './draft.js';
import { type GoPattern, wholeGoPattern } from './go-pattern.js';
import type { PatchTarget } from './patch.js';

/** A text says why the target can select nothing. */
export function selectorOf(target: PatchTarget): ((draft: Draft) => boolean) | string {
  const labels = requirementsOf(target.labelSelector);
  const annotations = requirementsOf(target.annotationSelector);
  if (!labels) return `${target.labelSelector}: is no label selector`;
  if (!annotations) return `${target.annotationSelector}: is no annotation selector`;
  const patterns: Partial<Record<PatternField, GoPattern>> = {};
  for (const field of patternFields) {
    const text = target[field];
    if (text === undefined) continue;
    const pattern = wholeGoPattern(text);
    if (typeof pattern === 'string') return `${field} ${text}: ${pattern}`;
    patterns[field] = pattern;
  }
  const { group = anything, version = anything, kind = anything, name = anything, namespace = anything } = patterns;
  return ({ id, first, composed }) =>
    group(id.group) &&
    version(id.version) &&
    kind(id.kind) &&
    (name(id.name) || name(first.name)) &&
    (namespace(effective(id.namespace)) || namespace(effective(first.namespace))) &&
    labels(textsOf(valueAt(composed.value, ['metadata', 'labels']))) &&
    annotations(textsOf(fieldOf(valueAt(composed.value, ['metadata']), 'annotations')));
}

const patternFields = ['group', 'version', 'kind', 'name', 'namespace'] as const;
type PatternField = (typeof patternFields)[number];

const anything: GoPattern = () => true;

/** Kustomize takes no namespace for the namespace `default`. */
function effective(namespace: string): string {
  return namespace === '' ? 'default' : namespace;
}

type Requirement = (labels: ReadonlyMap<string, string>) => boolean;

/** `app=web, tier in (a, b), !legacy`; undefined for what is no selector. */
function requirementsOf(selector: string | undefined): Requirement | undefined {
  if (selector === undefined || selector.trim() === '') return () => true;
  const requirements = selector.split(/,(?![^(]*\))/).map((part) => requirementOf(part.trim()));
  if (requirements.includes(undefined)) return undefined;
  return (labels) => requirements.every((requirement) => requirement?.(labels));
}

function requirementOf(text: string): Requirement | undefined {
  const set = /^([^\s!=]+)\s+(in|notin)\s+\(([^)]*)\)$/.exec(text);
  if (set) {
    const [, key = '', operator, list = ''] = set;
    const values = new Set(list.split(',').map((value) => value.trim()));
    return (labels) => values.has(labels.get(key) ?? '\0') === (operator === 'in');
  }
  const equality = /^([^\s!=]+)\s*(==|=|!=)\s*(\S*)$/.exec(text);
  if (equality) {
    const [, key = '', operator, value] = equality;
    return (labels) => (labels.get(key) === value) === (operator !== '!=');
  }
  const exists = /^(!?)\s*([^\s!=()]+)$/.exec(text);
  return exists ? (labels) => labels.has(exists[2] ?? '') === (exists[1] === '') : undefined;
}
