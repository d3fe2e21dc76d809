/** `wait: true` beside healthChecks: Flux ignores the checks, whatever they were meant for. */
import type { FluxKustomization } from '../flux/flux-kustomization.js';
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
        yield finding(kustomization, waitsForAll);
  },
};

function finding(kustomization: FluxKustomization, waitsForAll: boolean): FindingDraft {
  const { id, object, spec, build } = kustomization;
  const unwatched = spec.healthChecks.filter(
    (check) => !applies(kustomization, check) && !isWaitedForByHelm(kustomization, check, waitsForAll),
  );
  // What a remote base brings is waited for, too, and may be what they are about.
  const isKnown = build?.unknowns.length === 0;
  const names = unwatched.map((check) => objectText({ ...check, namespace: check.namespace ?? id.namespace }));
  const origin = object.composed.origin(['spec', 'healthChecks']);
  return {
    at: origin.place,
    subject: objectText(id),
    message:
      unwatched.length > 0 && isKnown
        ? `wait: true makes Flux ignore spec.healthChecks, and nothing waits for ${listed(names)}, which this Kustomization does not apply itself; set wait: false, or have a Kustomization of its own check it`
        : 'wait: true makes Flux ignore spec.healthChecks, and waits for all that they list anyway; remove spec.healthChecks',
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
function isWaitedForByHelm({ id, objects }: FluxKustomization, check: HealthCheck, waitsForAll: boolean): boolean {
  const { kind, namespace = id.namespace } = check;
  return (
    (waitsForAll || waitedForByHelm.has(kind)) &&
    objects.some(({ id: release, composed }) => {
      if (release.kind !== 'HelmRelease') return false;
      const { targetNamespace, install, upgrade } = readHelmReleaseSpec(composed.value);
      return (
        install.disableWait !== true &&
        upgrade.disableWait !== true &&
        (kind === 'CustomResourceDefinition' || namespace === (targetNamespace ?? release.namespace))
      );
    })
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
