/** Times that Flux' own objects do not take: a day, a number without a unit. */
import type { AppliedObject } from '../flux/flux-kustomization.js';
import { valueAt } from '../manifests/fields.js';
import { oncePer } from '../manifests/once-per.js';
import type { Origin } from '../manifests/origin.js';
import { aboutObjects, byPlace } from '../lint/about-objects.js';
import type { Rule } from '../lint/rule.js';

export const invalidDuration: Rule = {
  id: 'invalid-duration',
  severity: 'error',
  summary: 'A time of a Flux object is no duration, so that the API server refuses the object.',
  layer: 'schema',
  *check({ flux }) {
    const wrong = flux.objects.flatMap((object) => wrongIn(object).map((one) => ({ object, ...one })));
    for (const { at, items } of byPlace(wrong, ({ origin }) => origin.place)) {
      const [{ path, text }] = items;
      yield {
        at,
        subject: aboutObjects(items.map(({ object }) => object.id)),
        message: `${path.join('.')} is ${text}, which is no duration of Flux: the API server refuses it, and Flux applies nothing beside it; ${remedy(text)}`,
        key: path.join('.'),
      };
    }
  },
};

interface Wrong {
  readonly path: readonly string[];
  readonly text: string;
  readonly origin: Origin;
}

/** As the definitions of Flux' groups say, from Flux 2.0 to 2.7. */
const duration = /^([0-9]+(\.[0-9]+)?(ms|s|m|h))+$/;

/** Whatever of these a kind has is such a time. */
const fields = [
  'interval',
  'retryInterval',
  'timeout',
  'install.timeout',
  'install.strategy.retryInterval',
  'upgrade.timeout',
  'upgrade.strategy.retryInterval',
  'rollback.timeout',
  'uninstall.timeout',
  'test.timeout',
  'chart.spec.interval',
].map((field) => ['spec', ...field.split('.')]);

const wrongIn = oncePer(({ id, composed }: AppliedObject): readonly Wrong[] => {
  if (!id.group.endsWith('.toolkit.fluxcd.io')) return [];
  return fields.flatMap((path) => {
    const value = valueAt(composed.value, path);
    const isText = typeof value === 'string';
    if (!isText && typeof value !== 'number') return [];
    // A variable that is not known may be anything.
    if (isText && (duration.test(value) || value.includes('${'))) return [];
    return [{ path, text: String(value), origin: composed.origin(path) }];
  });
});

function remedy(text: string): string {
  const days = /^(\d+)d$/.exec(text)?.[1];
  if (days !== undefined) return `write ${Number(days) * 24}h`;
  return 'write hours, minutes, seconds or milliseconds with their unit, such as 10m or 1h30m';
}
