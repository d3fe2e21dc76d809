/** A HelmRelease that names no chart, or names it both ways: the API server refuses it, and Flux all beside it. */
import type { AppliedObject } from '../flux/flux-kustomization.js';
import { helmGroup } from '../flux/helm-release-spec.js';
import { aboutObjects, byPlace } from '../lint/about-objects.js';
import type { Rule } from '../lint/rule.js';
import { fieldOf, textsOf, valueAt } from '../manifests/fields.js';

export const chartNotGiven: Rule = {
  id: 'chart-not-given',
  severity: 'error',
  summary: 'A HelmRelease names no chart, or names it in both of the places of which it may have one.',
  layer: 'schema',
  *check({ flux }) {
    const releases = flux.objects.filter(({ id }) => id.group === helmGroup && id.kind === 'HelmRelease');
    const wrong = releases.filter((object) => !isPartial(object)).flatMap((object) => wrongOf(object));
    for (const { at, items } of byPlace(wrong, ({ object, path }) => object.composed.origin(path).place)) {
      const [{ what, remedy }] = items;
      yield {
        at,
        subject: aboutObjects(items.map(({ object }) => object.id)),
        message: `has ${what}: the API server refuses it, and Flux then applies nothing of the Kustomization; ${remedy}`,
        key: 'chart',
      };
    }
  },
};

/** With this annotation Flux adds its fields to those that somebody else gives the object, or leaves it alone. */
function isPartial({ composed }: AppliedObject): boolean {
  return textsOf(valueAt(composed.value, ['metadata', 'annotations'])).has('kustomize.toolkit.fluxcd.io/ssa');
}

interface Wrong {
  readonly object: AppliedObject;
  readonly path: readonly string[];
  readonly what: string;
  readonly remedy: string;
}

function wrongOf(object: AppliedObject): readonly Wrong[] {
  const { id, composed, owner } = object;
  const [hasChart, hasReference] = ['chart', 'chartRef'].map((field) => isGiven(composed.value, field));
  // The versions before v2 ask for a chart from the first, and learnt of chartRef only late.
  if (hasChart && hasReference && id.version === 'v2')
    return [
      {
        object,
        path: ['spec', 'chartRef'],
        what: 'spec.chart and spec.chartRef, of which it may have one',
        remedy: 'remove the one that is not meant',
      },
    ];
  // What is not read here may patch a chart in.
  const isWhole = !owner.build || (owner.build.unknowns.length === 0 && owner.build.problems.length === 0);
  if (hasChart || hasReference || !isWhole) return [];
  const what = 'neither spec.chart nor spec.chartRef';
  return [{ object, path: ['spec'], what, remedy: 'name its chart in one of them' }];
}

function isGiven(object: unknown, field: string): boolean {
  const value = fieldOf(fieldOf(object, 'spec'), field);
  return value !== undefined && value !== null;
}
