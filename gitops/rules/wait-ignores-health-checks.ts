/** `wait: true` beside healthChecks: Flux ignores the checks, whatever they were meant for. */
import type { FluxKustomization } from '../flux/flux-kustomization.js';
import type { FluxState } from '../flux/flux-state.js';
import type { FindingDraft, Fix } from '../lint/finding.js';
import type { Rule } from '../lint/rule.js';
import { listed } from '../lint/wording.js';
import { objectText } from '../manifests/object-id.js';
import { declaredFlux } from '../model/declared-flux.js';
import { compareMinors } from '../model/flux-api-versions.js';
import { readHelmReleaseSpec } from '../flux/helm-release-spec.js';
import type { HealthCheck } from '../flux/kustomization-spec.js';

export const waitIgnoresHealthChecks: Rule = {
  id: 'wait-ignores-health-checks',
  severity: 'warning',
  summary: 'A Kustomization has healthChecks that its wait: true makes Flux ignore.',
  layer: 'policy',
  *check(repository) {
    const declared = declaredFlux(repository);
    const waitsForAll = declared !== undefined && compareMinors(declared.minor, '2.8') >= 0;
    for (const kustomization of repository.flux.kustomizations)
      if (kustomization.spec.wait === true && kustomization.spec.healthChecks.length > 0)
        yield finding(kustomization, unwatchedBy(kustomization, repository.flux, waitsForAll));
  },
};

/** What Flux does not look at, nor Helm for it. */
function unwatchedBy(kustomization: FluxKustomization, flux: FluxState, waitsForAll: boolean): readonly HealthCheck[] {
  return kustomization.spec.healthChecks.filter(
    (check) => !applies(kustomization, check) && !isWaitedForByHelm(kustomization, check, flux, waitsForAll),
  );
}

function finding({ id, object, build }: FluxKustomization, unwatched: readonly HealthCheck[]): FindingDraft {
  // What a remote base brings is waited for, too, and may be what they are about.
  const isKnown = build?.unknowns.length === 0;
  const names = listed(unwatched.map((check) => objectText({ ...check, namespace: check.namespace ?? id.namespace })));
  const origin = object.composed.origin(['spec', 'healthChecks']);
  const rest =
    unwatched.length === 0
      ? ', and waits for all that they list anyway; remove spec.healthChecks'
      : isKnown
        ? `, and nothing waits for ${names}, which this Kustomization does not apply itself; set wait: false, or have a Kustomization of its own check it`
        : `; whether it waits for ${names} anyway no file shows, since what a remote base brings is not read: if that has it by this name, remove spec.healthChecks; else correct the name and set wait: false, or remove it`;
  return {
    at: origin.place,
    subject: objectText(id),
    message: `wait: true makes Flux ignore spec.healthChecks${rest}`,
    key: 'healthChecks',
    ...((unwatched.length === 0 || !isKnown) && { severity: 'info' }),
    ...(unwatched.length === 0 && fixOf(origin)),
  };
}

function applies({ id, objects }: FluxKustomization, { kind, name, namespace = id.namespace }: HealthCheck): boolean {
  return objects.some(
    (object) => object.id.kind === kind && object.id.name === name && ['', namespace].includes(object.id.namespace),
  );
}

/** A release is ready when Helm has waited for its workloads; from Flux 2.8 it waits for custom resources, too. */
function isWaitedForByHelm(
  { id, objects }: FluxKustomization,
  check: HealthCheck,
  { helmReleases }: FluxState,
  waitsForAll: boolean,
): boolean {
  const { kind, namespace = id.namespace } = check;
  return (
    (waitsForAll || waitedForByHelm.has(kind)) &&
    objects.some((object) => {
      if (object.id.kind !== 'HelmRelease') return false;
      const { targetNamespace, install, upgrade } = readHelmReleaseSpec(object.composed.value);
      const chart = helmReleases.find((release) => release.object === object)?.chart?.name;
      return (
        install.disableWait !== true &&
        upgrade.disableWait !== true &&
        (kind === 'CustomResourceDefinition' || namespace === (targetNamespace ?? object.id.namespace)) &&
        (waitsForAll || !isMadeByOperator(check, chart))
      );
    })
  );
}

/** Not by the chart, but of a custom resource of it: Helm knows nothing of them. */
function isMadeByOperator({ kind, name }: HealthCheck, chart: string | undefined): boolean {
  return (
    chart === 'kube-prometheus-stack' &&
    kind === 'StatefulSet' &&
    /^(?:prometheus|alertmanager|thanos-ruler)-/.test(name)
  );
}

const waitedForByHelm = new Set([
  'Deployment',
  'StatefulSet',
  'DaemonSet',
  'ReplicaSet',
  'Job',
  'Pod',
  'PersistentVolumeClaim',
  'Service',
  'CustomResourceDefinition',
]);

/** Only where nothing else was meant by them. */
function fixOf(origin: FluxKustomization['object']['composed']['root']): { readonly fix?: Fix } {
  if (origin.isEmbedded) return {};
  const { document, pathInFile } = origin;
  return {
    fix: {
      summary: 'remove spec.healthChecks, which wait: true ignores',
      edits: { [document.file.path]: [{ op: 'remove', document: document.index, path: pathInFile }] },
    },
  };
}
