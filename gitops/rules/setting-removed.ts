/** Settings of Flux objects and of charts that a change takes away without putting anything in their place. */
import { differencesOf, isEqual } from '../manifests/differences.js';
import { fieldOf, isMap, itemsOf, valueAt } from '../manifests/fields.js';
import type { Composed } from '../manifests/composed.js';
import type { Place } from '../manifests/origin.js';
import { groupBy } from '../manifests/group-by.js';
import { objectText } from '../manifests/object-id.js';
import type { FindingDraft, Severity } from '../lint/finding.js';
import type { ChangeRule } from '../lint/rule.js';
import { listed } from '../lint/wording.js';
import type { Repository } from '../model/repository.js';
import type { YamlPath } from '../yaml/yaml-file.js';

export const settingRemoved: ChangeRule = {
  id: 'setting-removed',
  severity: 'warning',
  summary:
    'A change removes a setting of a Kustomization or HelmRelease that was in effect, and puts none in its place.',
  layer: 'policy',
  *checkChange(before, after) {
    const losses = [...ofKustomizations(before, after), ...ofReleases(before, after)];
    // A patch that goes takes its setting from all that had it: one edit, one finding.
    for (const [first, ...others] of groupBy(losses, sharedKey).values()) yield draftOf(first!, others);
  },
};

/** What one object lost: at least one path, in its spec or in its values. */
interface Loss {
  readonly subject: string;
  readonly of: 'spec' | 'values';
  readonly paths: readonly YamlPath[];
  /** Where the first of them was given before, and where its object is now. */
  readonly from: Place;
  readonly at: Place;
  readonly severity: Severity;
  readonly why: string;
}

function* ofKustomizations(before: Repository, after: Repository): Iterable<Loss> {
  for (const { id, object } of after.flux.kustomizations) {
    const old = before.flux.kustomization(id.namespace, id.name)?.object;
    if (old) yield* ofSpec(objectText(id), old.composed, object.composed, kustomizationSettings);
  }
}

function* ofReleases(before: Repository, after: Repository): Iterable<Loss> {
  for (const { id, object, values, chart, valuesSources } of after.flux.helmReleases) {
    const old = before.flux.helmRelease(id.namespace, id.name);
    if (!old) continue;
    const subject = objectText(id);
    yield* ofSpec(subject, old.object.composed, object.composed, releaseSettings);
    const isOpaque = [...valuesSources, ...old.valuesSources].some(({ status }) => status !== 'read');
    if (isOpaque || old.chart?.name !== chart?.name) continue;
    const isNewer = old.chart?.version !== chart?.version;
    const why = isNewer ? `, while the chart goes from ${old.chart?.version ?? '?'} to ${chart?.version ?? '?'}` : '';
    const removed = removedPaths(old.values.value, values.value).filter(
      (one) => !isReplaced(one, old.values.value, values.value),
    );
    const resources = removed.filter((path) => path.includes('resources'));
    const others = removed.filter((path) => !resources.includes(path));
    for (const [paths, severity] of [
      [resources, 'warning'],
      [others, 'info'],
    ] as const) {
      const [first] = paths;
      if (!first) continue;
      const places = { from: old.values.origin(first).place, at: values.origin(first).place };
      yield { subject, of: 'values', paths, severity, why, ...places };
    }
  }
}

function* ofSpec(subject: string, old: Composed, current: Composed, settings: readonly string[]): Iterable<Loss> {
  const paths = removedSettings(fieldOf(old.value, 'spec'), fieldOf(current.value, 'spec'), settings);
  const [first] = paths;
  if (!first) return;
  const places = { from: old.origin(['spec', ...first]).place, at: current.origin(['spec', ...first]).place };
  yield { subject, of: 'spec', paths, severity: 'warning', why: '', ...places };
}

/** The same for objects that lost the same with the same lines. */
function sharedKey({ of, paths, from, severity, why }: Loss): string {
  return JSON.stringify([of, paths, from, severity, why]);
}

function draftOf({ subject, of, paths, from, at, severity, why }: Loss, others: readonly Loss[]): FindingDraft {
  const names = paths.map((path) => [of, ...path].join('.'));
  const [its, it, goes] = names.length === 1 ? ['its', 'it', 'it goes'] : ['their', 'them', 'they go'];
  const alike =
    others.length === 0
      ? ''
      : `, like ${listed(others.map((other) => other.subject))}, which had ${it} from ${from.file}:${from.line} too,`;
  return {
    at,
    subject,
    message: `loses ${listed(names)}${alike} without anything in ${its} place${why}; keep ${it}, or say in the commit why ${goes}`,
    key: names.join(' '),
    severity,
  };
}

/** Lists of dependencies have a rule of their own; the others of these specs must be there, or say that all is well. */
const kustomizationSettings = [
  'timeout',
  'retryInterval',
  'wait',
  'healthChecks',
  'healthCheckExprs',
  'prune',
  'deletionPolicy',
  'targetNamespace',
  'decryption',
  'postBuild',
  'commonMetadata',
  'patches',
  'serviceAccountName',
];
const releaseSettings = [
  'timeout',
  'install',
  'upgrade',
  'rollback',
  'uninstall',
  'driftDetection',
  'test',
  'maxHistory',
  'targetNamespace',
  'postRenderers',
  'valuesFrom',
  'serviceAccountName',
];

/** One setting in another's place: readiness by `wait` or by health checks, retries by a strategy. */
const replacements: readonly (readonly [RegExp, YamlPath])[] = [
  [/^healthChecks?$|^healthCheckExprs$/, ['wait']],
  [/^wait$/, ['healthChecks']],
  [/^install\.remediation/, ['install', 'strategy']],
  [/^upgrade\.remediation/, ['upgrade', 'strategy']],
];

function removedSettings(before: unknown, after: unknown, settings: readonly string[]): readonly YamlPath[] {
  return settings
    .flatMap((setting) => removedPaths(fieldOf(before, setting), fieldOf(after, setting), [setting]))
    .filter((path) => !saysNothing(valueAt(before, path)))
    .filter(
      (path) => !replacements.some(([pattern, other]) => pattern.test(path.join('.')) && isOn(valueAt(after, other))),
    );
}

/** Written-down defaults, and what is switched off. */
function saysNothing(value: unknown): boolean {
  return value === false || value === null || value === '' || (Array.isArray(value) && value.length === 0);
}

function isOn(value: unknown): boolean {
  return value === true || itemsOf(value).length > 0 || isMap(value);
}

/** What was there and is not any more, at the highest place; a sequence is gone when nothing is left in it. */
function removedPaths(before: unknown, after: unknown, path: YamlPath = []): readonly YamlPath[] {
  return differencesOf(before, after, path)
    .filter(
      (one) =>
        one.before !== undefined &&
        (one.after === undefined || (itemsOf(one.before).length > 0 && isEqual(one.after, []))),
    )
    .map((one) => one.path);
}

/** Moved or renamed, or of a part that is switched off now. */
function isReplaced(path: YamlPath, before: unknown, after: unknown): boolean {
  const added = differencesOf(before, after).filter((one) => one.before === undefined);
  const removed = valueAt(before, path);
  return (
    saysNothing(removed) ||
    added.some((one) => isEqual(one.after, removed) || one.path.at(-1) === path.at(-1) || isBeside(one.path, path)) ||
    path.some((_, length) => valueAt(after, [...path.slice(0, length), 'enabled']) === false)
  );
}

function isBeside(a: YamlPath, b: YamlPath): boolean {
  return a.length === b.length && isEqual(a.slice(0, -1), b.slice(0, -1));
}
