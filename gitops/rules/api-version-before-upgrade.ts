/** A change uses an apiVersion that only the Flux serves which the same change brings: it is refused, and so is Flux. */
import { aboutObjects, byPlace } from '../lint/about-objects.js';
import type { ChangeRule } from '../lint/rule.js';
import { declaredFlux } from '../model/declared-flux.js';
import { fluxApiUses } from '../model/flux-api-uses.js';
import { type FluxMinor, isServed, type ServedVersion, versionsOf } from '../model/flux-api-versions.js';

export const apiVersionBeforeUpgrade: ChangeRule = {
  id: 'api-version-before-upgrade',
  severity: 'error',
  summary: 'An object of Flux has an apiVersion that is served only once the Flux of the same change runs.',
  layer: 'schema',
  *checkChange(before, after) {
    const [old, raised] = [declaredFlux(before), declaredFlux(after)];
    if (!old || !raised || old.minor === raised.minor) return;
    const tooEarly = fluxApiUses(after.flux.objects).flatMap((use) => {
      const served = versionsOf(use.group, use.kind).find(({ version }) => version === use.version);
      return served && isServed(served, raised.minor) && !isServed(served, old.minor) ? [{ ...use, served }] : [];
    });
    for (const { at, items } of byPlace(tooEarly, ({ origin }) => origin.place)) {
      const { group, version, kind, served } = items[0];
      yield {
        at,
        subject: aboutObjects(items.map(({ object }) => object.id)),
        message: `${group}/${version} ${kind} needs Flux ${served.since}; the tree before this change declares Flux ${old.version} and this one ${raised.version}, so the object is applied before the version that serves it is installed; raise Flux first, and use ${version} once the upgrade is Ready${meanwhile(served, old.minor, raised.minor)}`,
        key: `${group}/${version} ${kind}`,
        related: [{ ...raised.place, message: `declares Flux ${raised.version}` }],
      };
    }
  },
};

function meanwhile({ group, kind }: ServedVersion, ...minors: readonly FluxMinor[]): string {
  const both = versionsOf(group, kind).find((one) => minors.every((minor) => isServed(one, minor)));
  return both ? `: ${both.version} is served by both` : '';
}
