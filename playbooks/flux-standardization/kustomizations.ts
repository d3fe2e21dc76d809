/** Kustomizations: interval by criticality, finite patience, and a readiness that says something. */
import type { FluxKustomization } from '../../gitops/flux/flux-kustomization.js';
import { durationMs } from '../../gitops/flux/duration.js';
import type { HelmRelease } from '../../gitops/flux/helm-release.js';
import { helmGroup, readHelmReleaseSpec } from '../../gitops/flux/helm-release-spec.js';
import { isKustomization } from '../../gitops/flux/kustomization-spec.js';
import { sourceGroup } from '../../gitops/flux/source-links.js';
import { objectText } from '../../gitops/manifests/object-id.js';
import { isNeverBound, isSuspended } from '../../gitops/model/needs-of-readiness.js';
import type { Repository } from '../../gitops/model/repository.js';
import { waitIgnoresHealthChecks } from '../../gitops/rules/wait-ignores-health-checks.js';
import type { PlaybookStep, StageWork } from '../playbook.js';
import { fieldSetting, joinWork, type Setting, settingSteps } from '../set-value.js';
import { classOf, type Parameters } from './parameters.js';
import { timeLimitOf } from './releases.js';
import type { Waits } from '../waits.js';

export function standardKustomizations(
  { flux, references }: Repository,
  parameters: Parameters,
  waits: Waits,
): StageWork {
  const settings: Setting[] = [];
  const notes: string[] = [];
  for (const one of flux.kustomizations) {
    const { id, object, objects, spec } = one;
    let waitsForAll = spec.wait === true;
    if (isParent(one))
      notes.push(
        `${objectText(id)}: applies other Kustomizations, which say themselves when they are ready; its interval and readiness are left`,
      );
    // healthCheckExprs alone are never evaluated.
    else if (spec.wait !== true && spec.healthChecks.length === 0) {
      const unbound = objects.find((applied) => isNeverBound(applied, flux, references));
      const suspended = objects.find(isSuspended);
      if (unbound)
        notes.push(
          `${objectText(id)}: ${objectText(unbound.id)} is bound only once a Pod mounts it, and nothing here does, so it cannot wait for that; its readiness is left`,
        );
      else if (suspended)
        notes.push(
          `${objectText(id)}: ${objectText(suspended.id)} is suspended, and not ready before it goes on, so it cannot wait for that; its readiness is left until it is resumed`,
        );
      else if (
        waits.awaitHealth(
          id,
          objects.map((applied) => applied.id),
        )
      ) {
        settings.push(fieldSetting(id, object.composed, ['spec', 'wait'], true, { after: 'prune' }));
        waitsForAll = true;
      } else
        notes.push(
          `${objectText(id)}: what it applies depends on what waits for it, so it cannot wait for that; its readiness is left`,
        );
    }
    const releases = flux.helmReleases.filter((release) => waitsForAll && release.object.owner === one);
    settings.push(...timingOf(one, parameters, releases));
  }
  return joinWork([settingSteps(settings), { steps: [], notes }]);
}

/** `awaited` are the releases that it waits for: it gives up no sooner than they do. */
function timingOf(one: FluxKustomization, parameters: Parameters, awaited: readonly HelmRelease[]): readonly Setting[] {
  const { id, object, spec } = one;
  const setting = (key: string, value: string): Setting =>
    fieldSetting(id, object.composed, ['spec', key], value, { after: 'interval' });
  const { intervals, timeout } = classOf(parameters, targetOf(one));
  const enough = longest([spec.timeout ?? timeout, ...awaited.map((release) => timeLimitOf(release, parameters))]);
  return [
    ...(!isParent(one) && !intervals.includes(spec.interval ?? '') ? [setting('interval', intervals[0]!)] : []),
    ...(spec.retryInterval === undefined ? [setting('retryInterval', parameters.retryInterval)] : []),
    ...(enough === spec.timeout ? [] : [setting('timeout', enough)]),
  ];
}

/** The first of the longest; what is no duration is none. */
function longest(durations: readonly string[]): string {
  return durations.reduce((one, other) => ((durationMs(other) ?? 0) > (durationMs(one) ?? 0) ? other : one));
}

/** Health checks that `wait` makes Flux ignore go where it waits for all of them anyway; others a person has to judge. */
export function ignoredHealthChecks(repository: Repository): StageWork {
  const steps: PlaybookStep[] = [];
  const notes: string[] = [];
  for (const { subject, message, fix } of waitIgnoresHealthChecks.check(repository)) {
    if (fix)
      for (const [file, edits] of Object.entries(fix.edits))
        steps.push({ what: `${subject}: ${fix.summary}`, file, isOptional: true, change: { kind: 'edit', edits } });
    else notes.push(`${subject}: ${message}`);
  }
  return { steps, notes };
}

/** Those with an interval that is none of their class; a line each. */
export function unlikeTheirClass(
  kustomizations: readonly FluxKustomization[],
  parameters: Parameters,
): readonly string[] {
  const lines = kustomizations
    .filter((one) => !isParent(one) && !classOf(parameters, targetOf(one)).intervals.includes(one.spec.interval ?? ''))
    .map((one) => {
      const { id, object, spec } = one;
      const { name, intervals } = classOf(parameters, targetOf(one));
      const { file, line, column } = object.composed.origin(['spec', 'interval']).place;
      return `${file}:${line}:${column} ${objectText(id)}: interval ${spec.interval ?? 'none'} is not of class ${name}, which has ${intervals.join(' or ')}`;
    });
  // Several clusters may read one.
  return [...new Set(lines)];
}

/**
 * The namespace that most of its objects go to, those of a release where it installs, decides how critical it is; of
 * several with as many the first. What goes to none, and sources, which others use from anywhere, do not count.
 */
export function targetOf({ id, spec, objects }: FluxKustomization): string {
  const counts = new Map<string, number>();
  for (const { id: applied, composed } of objects) {
    const releaseSpec = applied.group === helmGroup ? readHelmReleaseSpec(composed.value) : undefined;
    const namespace = releaseSpec?.targetNamespace ?? applied.namespace;
    if (namespace !== '' && applied.group !== sourceGroup) counts.set(namespace, (counts.get(namespace) ?? 0) + 1);
  }
  const most = Math.max(...counts.values());
  const [target] = [...counts].find(([, count]) => count === most) ?? [];
  return target ?? spec.targetNamespace ?? id.namespace;
}

/** One that waits for its children would hold back every change of itself until the last of them is ready. */
export function isParent({ objects }: FluxKustomization): boolean {
  return objects.some(({ id }) => isKustomization(id));
}
