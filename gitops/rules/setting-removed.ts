/** Settings of Flux objects and of charts that a change takes away without putting anything in their place. */
import { differencesOf, isEqual } from '../manifests/differences.js';
import { fieldOf, isMap, itemsOf, valueAt } from '../manifests/fields.js';
import type { Origin } from '../manifests/origin.js';
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
    yield* ofKustomizations(before, after);
    yield* ofReleases(before, after);
  },
};

function* ofKustomizations(before: Repository, after: Repository): Iterable<FindingDraft> {
  for (const { id, object } of after.flux.kustomizations) {
    const old = before.flux.kustomization(id.namespace, id.name)?.object.composed;
    if (!old) continue;
    const removed = removedSettings(
      fieldOf(old.value, 'spec'),
      fieldOf(object.composed.value, 'spec'),
      kustomizationSettings,
    );
    yield* findings(
      objectText(id),
      'spec',
      removed,
      (path) => object.composed.origin(['spec', ...path]),
      'warning',
      '',
    );
  }
}

function* ofReleases(before: Repository, after: Repository): Iterable<FindingDraft> {
  for (const { id, object, values, chart, valuesSources } of after.flux.helmReleases) {
    const old = before.flux.helmRelease(id.namespace, id.name);
    if (!old) continue;
    const subject = objectText(id);
    const spec = removedSettings(
      fieldOf(old.object.composed.value, 'spec'),
      fieldOf(object.composed.value, 'spec'),
      releaseSettings,
    );
    yield* findings(subject, 'spec', spec, (path) => object.composed.origin(['spec', ...path]), 'warning', '');
    const isOpaque = [...valuesSources, ...old.valuesSources].some(({ status }) => status !== 'read');
    if (isOpaque || old.chart?.name !== chart?.name) continue;
    const isNewer = old.chart?.version !== chart?.version;
    const why = isNewer ? `, while the chart goes from ${old.chart?.version ?? '?'} to ${chart?.version ?? '?'}` : '';
    const removed = removedPaths(old.values.value, values.value).filter(
      (one) => !isReplaced(one, old.values.value, values.value),
    );
    const resources = removed.filter((path) => path.includes('resources'));
    yield* findings(subject, 'values', resources, (path) => values.origin(path), 'warning', why);
    yield* findings(
      subject,
      'values',
      removed.filter((path) => !resources.includes(path)),
      (path) => values.origin(path),
      'info',
      why,
    );
  }
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

function* findings(
  subject: string,
  of: string,
  removed: readonly YamlPath[],
  originOf: (path: YamlPath) => Origin,
  severity: Severity,
  why: string,
): Iterable<FindingDraft> {
  const [first] = removed;
  if (!first) return;
  const paths = removed.map((path) => [of, ...path].join('.'));
  yield {
    at: originOf(first).place,
    subject,
    message: `loses ${listed(paths)} without anything in ${paths.length === 1 ? 'its' : 'their'} place${why}; keep ${paths.length === 1 ? 'it' : 'them'}, or say in the commit why ${paths.length === 1 ? 'it goes' : 'they go'}`,
    key: paths.join(' '),
    severity,
  };
}
