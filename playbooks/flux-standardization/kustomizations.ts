/** Kustomizations: interval by criticality, finite patience, and a readiness that says something. */
import type { FluxKustomization } from '../../gitops/flux/flux-kustomization.js';
import { isKustomization } from '../../gitops/flux/kustomization-spec.js';
import { objectText } from '../../gitops/manifests/object-id.js';
import type { StageWork } from '../playbook.js';
import { fieldSetting, joinWork, type Setting, settingSteps } from '../set-value.js';
import { classOf, type Parameters } from './parameters.js';

export function standardKustomizations(
  kustomizations: readonly FluxKustomization[],
  parameters: Parameters,
): StageWork {
  const settings = kustomizations.flatMap((one) => settingsOf(one, parameters));
  const notes = kustomizations
    .filter(isParent)
    .map(
      ({ id }) =>
        `${objectText(id)}: applies other Kustomizations, which say themselves when they are ready; its interval and readiness are left`,
    );
  return joinWork([settingSteps(settings), { steps: [], notes }]);
}

function settingsOf(one: FluxKustomization, parameters: Parameters): readonly Setting[] {
  const { id, object, spec } = one;
  const setting = (key: string, value: string | boolean, after = 'interval'): Setting =>
    fieldSetting(id, object.composed, ['spec', key], value, { after });
  const { intervals, timeout } = classOf(parameters, targetOf(one));
  const parent = isParent(one);
  return [
    ...(!parent && !intervals.includes(spec.interval ?? '') ? [setting('interval', intervals[0]!)] : []),
    ...(spec.retryInterval === undefined ? [setting('retryInterval', parameters.retryInterval)] : []),
    ...(spec.timeout === undefined ? [setting('timeout', timeout)] : []),
    ...(!parent && !isWaiting(one) ? [setting('wait', true, 'prune')] : []),
  ];
}

/** Those without a readiness, or with an interval that is none of their class; a line each. */
export function unlikeOthers(kustomizations: readonly FluxKustomization[], parameters: Parameters): readonly string[] {
  return kustomizations
    .filter((one) => !isParent(one))
    .flatMap((one) => {
      const { id, object, spec } = one;
      const { name, intervals } = classOf(parameters, targetOf(one));
      const { file, line, column } = object.composed.origin(['spec']).place;
      const said = (what: string): string => `${file}:${line}:${column} ${objectText(id)}: ${what}`;
      return [
        ...(intervals.includes(spec.interval ?? '')
          ? []
          : [said(`interval ${spec.interval ?? 'none'} is not of class ${name}, which has ${intervals.join(' or ')}`)]),
        ...(isWaiting(one) ? [] : [said('has neither wait: true nor health checks')]),
      ];
    });
}

function isWaiting({ spec }: FluxKustomization): boolean {
  return spec.wait === true || spec.healthChecks.length > 0 || spec.healthCheckExprs.length > 0;
}

/** Where its objects go decides how critical it is. */
export function targetOf({ id, spec }: FluxKustomization): string {
  return spec.targetNamespace ?? id.namespace;
}

/** One that waits for its children would hold back every change of itself until the last of them is ready. */
export function isParent({ objects }: FluxKustomization): boolean {
  return objects.some(({ id }) => isKustomization(id));
}
