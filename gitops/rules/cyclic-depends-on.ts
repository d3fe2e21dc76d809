/** Kustomizations or HelmReleases that wait for themselves: none of them ever goes on. */
import type { FindingDraft } from '../lint/finding.js';
import type { Rule } from '../lint/rule.js';
import { objectText } from '../manifests/object-id.js';
import { cyclesOfWaiting, type Wait } from '../model/waits-for.js';

export const cyclicDependsOn: Rule = {
  id: 'cyclic-depends-on',
  severity: 'error',
  summary: 'Kustomizations or HelmReleases wait for each other in a circle.',
  layer: 'reference graph',
  *check({ flux }) {
    for (const waits of cyclesOfWaiting(flux)) yield finding(waits);
  },
};

/** Begins with a dependency: that is what can be taken away. */
function finding(waits: readonly Wait[]): FindingDraft {
  const begin = Math.max(
    0,
    waits.findIndex(({ because }) => because === 'depends on'),
  );
  const [first, ...others] = [...waits.slice(begin), ...waits.slice(0, begin)];
  const chain = [first!, ...others].map(({ because, to }) => `${because} ${objectText(to)}`);
  return {
    at: first!.origin.place,
    subject: objectText(first!.from),
    message: `waits for itself and never goes on: it ${chain.join(', which ')}; take one of these away`,
    key: waits
      .map(({ from }) => objectText(from))
      .sort()
      .join(', '),
    related: others.map(({ from, because, to, origin }) => ({
      ...origin.place,
      message: `${objectText(from)} ${because} ${objectText(to)}`,
    })),
  };
}
