/** Which objects a patch is for: patterns on group, version, kind, name and namespace, and label selectors. */
import { fieldOf, textsOf, valueAt } from '../manifests/fields.js';
import type { Draft } from './draft.js';
import type { PatchTarget } from './patch.js';

/** A text says why the target can select nothing. */
export function selectorOf(target: PatchTarget): ((draft: Draft) => boolean) | string {
  const labels = requirementsOf(target.labelSelector);
  const annotations = requirementsOf(target.annotationSelector);
  if (!labels) return `${target.labelSelector}: is no label selector`;
  if (!annotations) return `${target.annotationSelector}: is no annotation selector`;
  try {
    const [group, version, kind, name, namespace] = (['group', 'version', 'kind', 'name', 'namespace'] as const).map(
      (field) => patternOf(target[field]),
    );
    return ({ id, first, composed }) =>
      matches(group, id.group) &&
      matches(version, id.version) &&
      matches(kind, id.kind) &&
      (matches(name, id.name) || matches(name, first.name)) &&
      (matches(namespace, effective(id.namespace)) || matches(namespace, effective(first.namespace))) &&
      labels(textsOf(valueAt(composed.value, ['metadata', 'labels']))) &&
      annotations(textsOf(fieldOf(valueAt(composed.value, ['metadata']), 'annotations')));
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    return error.message;
  }
}

/** Kustomize takes no namespace for the namespace `default`. */
function effective(namespace: string): string {
  return namespace === '' ? 'default' : namespace;
}

function matches(pattern: RegExp | undefined, text: string): boolean {
  return pattern === undefined || pattern.test(text);
}

/** Of Go's syntax what JavaScript has as well. */
function patternOf(text: string | undefined): RegExp | undefined {
  return text === undefined ? undefined : new RegExp(`^(?:${text})$`);
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
