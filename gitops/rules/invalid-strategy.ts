/** A strategy whose parts exclude each other: the API server refuses the workload. */
import { type ChartDeployment, deploymentsOf } from '../charts/rolling-volumes.js';
import { isInRange } from '../charts/version-range.js';
import type { AppliedObject } from '../flux/flux-kustomization.js';
import type { HelmRelease } from '../flux/helm-release.js';
import { fieldOf, isMap, valueAt } from '../manifests/fields.js';
import { objectText } from '../manifests/object-id.js';
import type { FindingDraft } from '../lint/finding.js';
import type { Rule } from '../lint/rule.js';
import { patchesOfStrategy } from '../model/post-renderers.js';

export const invalidStrategy: Rule = {
  id: 'invalid-strategy',
  severity: 'error',
  summary: 'A workload has a strategy whose parts exclude each other.',
  layer: 'render',
  *check({ flux }) {
    for (const object of flux.objects) yield* ofWorkload(object);
    for (const release of flux.helmReleases)
      for (const deployment of deploymentsOf(release.chart?.name, release.chart?.version))
        yield* ofChart(release, deployment);
  },
};

/** What may not have `rollingUpdate` beside it. */
const strategies: ReadonlyMap<string, { readonly field: string; readonly type: string }> = new Map([
  ['Deployment', { field: 'strategy', type: 'Recreate' }],
  ['StatefulSet', { field: 'updateStrategy', type: 'OnDelete' }],
]);

function* ofWorkload({ id, composed }: AppliedObject): Iterable<FindingDraft> {
  const wrong = id.group === 'apps' ? strategies.get(id.kind) : undefined;
  if (!wrong) return;
  const path = ['spec', wrong.field];
  const strategy = valueAt(composed.value, path);
  if (fieldOf(strategy, 'type') !== wrong.type || !isMap(fieldOf(strategy, 'rollingUpdate'))) return;
  yield {
    at: composed.origin([...path, 'rollingUpdate']).place,
    subject: objectText(id),
    message: `has ${path.join('.')}.rollingUpdate beside type: ${wrong.type}, a pair that the API server refuses; remove rollingUpdate`,
  };
}

function* ofChart(release: HelmRelease, { strategy: path, recreate, name }: ChartDeployment): Iterable<FindingDraft> {
  const { chart, values, releaseName, targetNamespace, object } = release;
  if (!recreate || !isInRange(recreate.versions, chart?.version)) return;
  const strategy = valueAt(values.value, path);
  const deployment = name(releaseName);
  if (fieldOf(strategy, 'type') !== 'Recreate' || recreate.hasRemedy(strategy)) return;
  if (patchesOfStrategy(object.composed.value, deployment)) return;
  yield {
    at: values.origin([...path, 'type']).place,
    subject: `Deployment ${targetNamespace}/${deployment}`,
    message: `values.${path.join('.')}.type: Recreate in chart ${chart?.name} ${chart?.version} ${recreate.why}, and the API server refuses the pair; ${recreate.remedy}`,
  };
}
