/** A Kustomization that is Ready as soon as it is applied, whether what it applies works or not. */
import type { FluxKustomization } from '../flux/flux-kustomization.js';
import type { FluxState } from '../flux/flux-state.js';
import type { Rule } from '../lint/rule.js';
import { listed } from '../lint/wording.js';
import { namespaced } from '../lint/probably-meant.js';
import { objectText } from '../manifests/object-id.js';
import { hasHealth, isNeverBound, isSuspended } from '../model/needs-of-readiness.js';
import type { Repository } from '../model/repository.js';
import { reaches, readyOf, waitGraph } from '../model/waits-for.js';

export const missingReadiness: Rule = {
  id: 'missing-readiness',
  severity: 'warning',
  summary: 'A Kustomization neither waits for what it applies nor checks its health.',
  layer: 'policy',
  *check(repository) {
    const { flux } = repository;
    const dependents = dependentsByName(flux);
    const advise = adviser(repository);
    for (const one of flux.kustomizations) {
      const { id, object, spec } = one;
      if (spec.wait === true || spec.healthChecks.length > 0) continue;
      const advice = advise(one);
      if (advice === undefined) continue;
      const waiting = dependents.get(namespaced(id)) ?? [];
      const path = spec.wait === false ? ['spec', 'wait'] : ['spec'];
      yield {
        at: object.composed.origin(path).place,
        subject: objectText(id),
        message: `has neither wait: true nor healthChecks${spec.healthCheckExprs.length > 0 ? ', and healthCheckExprs alone are never evaluated' : ''}: it is Ready as soon as it is applied, whether it works or not${consequence(waiting)}; ${advice}`,
        key: 'readiness',
        // Its own Ready says little; only what waits for it is misled.
        ...(waiting.length === 0 && { severity: 'info' }),
      };
    }
  },
};

/** Says what to do; undefined where nothing of what it applies could be waited for. */
function adviser({ flux, references }: Repository): (one: FluxKustomization) => string | undefined {
  const graph = waitGraph(flux, references);
  return ({ id, objects }) => {
    const judged = objects.filter((object) => hasHealth(object.id));
    const never = judged.filter(
      (object) =>
        isSuspended(object) ||
        reaches(graph, readyOf(object.id), readyOf(id)) ||
        isNeverBound(object, flux, references),
    );
    const [first] = never;
    if (!first) return 'set wait: true, or list what must be healthy in healthChecks';
    if (never.length === judged.length) return undefined;
    const why = isSuspended(first)
      ? 'is suspended, and not ready before it goes on'
      : 'is never ready before this one is';
    return `list what must be healthy in healthChecks, without ${objectText(first.id)}, which ${why}; wait: true would wait for it`;
  };
}

function consequence(waiting: readonly FluxKustomization[]): string {
  if (waiting.length === 0) return '';
  const names = listed(waiting.map(({ id }) => namespaced(id)));
  return `, and ${names}, which ${waiting.length === 1 ? 'depends' : 'depend'} on it, ${waiting.length === 1 ? 'goes' : 'go'} on before it does`;
}

function dependentsByName({ kustomizations }: FluxState): ReadonlyMap<string, readonly FluxKustomization[]> {
  const dependents = new Map<string, FluxKustomization[]>();
  for (const kustomization of kustomizations)
    for (const { namespace = kustomization.id.namespace, name } of kustomization.spec.dependsOn) {
      const key = namespaced({ namespace, name });
      const known = dependents.get(key);
      if (known) known.push(kustomization);
      else dependents.set(key, [kustomization]);
    }
  return dependents;
}
