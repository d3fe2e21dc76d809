/** `resources` at a key that the chart does not read: the values look right, and the pods run without. */
import type { UnusedKey } from '../charts/chart-resources.js';
import { chartResources } from '../charts/resource-keys.js';
import { fieldOf, isMap, valueAt } from '../manifests/fields.js';
import { objectText } from '../manifests/object-id.js';
import type { Rule } from '../lint/rule.js';

export const resourcesMisplaced: Rule = {
  id: 'resources-misplaced',
  severity: 'warning',
  summary: 'Values set resources at a key that the chart does not read.',
  layer: 'policy',
  *check({ flux }) {
    for (const { id, chart, values } of flux.helmReleases) {
      const entry = chartResources(chart?.name, chart?.version);
      for (const unused of entry?.unused ?? []) {
        const value = valueAt(values.value, unused.path);
        if (!isUnread(value, unused)) continue;
        const key = unused.path.join('.');
        const how = unused.readsText ? ' as a list' : '';
        yield {
          at: values.origin(unused.path).place,
          subject: objectText(id),
          message:
            `values.${key} has no effect: chart ${chart?.name} ${chart?.version ?? ''}`.trimEnd() +
            ` does not read it${how}; write ${unused.instead}`,
          key,
        };
      }
    }
  },
};

function isUnread(value: unknown, { readsText }: UnusedKey): boolean {
  if (readsText) return Array.isArray(value) || isMap(value);
  return typeof value === 'string'
    ? value !== ''
    : Array.isArray(value) || isMap(fieldOf(value, 'requests')) || isMap(fieldOf(value, 'limits'));
}
