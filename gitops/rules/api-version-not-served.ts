/** An apiVersion of Flux's own kinds that the declared Flux does not serve, or will not for long. */
import { aboutObjects, byPlace } from '../lint/about-objects.js';
import type { FindingDraft } from '../lint/finding.js';
import type { Rule } from '../lint/rule.js';
import { type DeclaredFlux, declaredFlux } from '../model/declared-flux.js';
import { type FluxApiUse, fluxApiUses } from '../model/flux-api-uses.js';
import { compareMinors, isServed, removedIn, type ServedVersion, versionsOf } from '../model/flux-api-versions.js';

export const apiVersionNotServed: Rule = {
  id: 'api-version-not-served',
  severity: 'error',
  summary: "An object of Flux has an apiVersion that the repository's Flux does not serve.",
  layer: 'schema',
  *check(repository) {
    const declared = declaredFlux(repository);
    const found = fluxApiUses(repository.flux.objects).flatMap((use) => {
      const judged = judge(use, declared);
      return judged ? [{ ...use, judged }] : [];
    });
    for (const { at, items } of byPlace(found, ({ origin }) => origin.place)) {
      yield {
        at,
        subject: aboutObjects(items.map(({ object }) => object.id)),
        key: `${items[0].group}/${items[0].version} ${items[0].kind}`,
        ...items[0].judged,
        ...(declared && { related: [{ ...declared.place, message: `declares Flux ${declared.version}` }] }),
      };
    }
  },
};

type Judged = Pick<FindingDraft, 'message' | 'severity'>;

function judge({ group, version, kind }: FluxApiUse, declared: DeclaredFlux | undefined): Judged | undefined {
  const versions = versionsOf(group, kind);
  const served = versions.find((one) => one.version === version);
  const what = `${group}/${version} ${kind}`;
  if (!served) return { message: `${what} is served by no Flux; write ${newest(versions, declared)}` };
  if (!declared) return withoutDeclaration(what, served, versions);
  const { minor } = declared;
  if (compareMinors(minor, served.since) < 0)
    return {
      message: `${what} needs Flux ${served.since}, and this tree declares Flux ${declared.version}: the server knows no such kind, and Flux applies nothing beside it; write ${newest(versions, declared)}, or raise Flux first`,
    };
  if (!isServed(served, minor))
    return {
      message: `${what} was removed in Flux ${removedIn(served)}, and this tree declares Flux ${declared.version}: the server knows no such kind, and Flux applies nothing beside it; write ${newest(versions, declared)}`,
    };
  if (served.deprecatedSince === undefined || compareMinors(minor, served.deprecatedSince) < 0) return undefined;
  return {
    severity: 'info',
    message: `${what} is deprecated since Flux ${served.deprecatedSince}${removal(served)}; write ${newest(versions, declared)}, which the declared Flux ${declared.version} serves`,
  };
}

/** Nobody knows which Flux runs; what newer ones do not serve is worth knowing. */
function withoutDeclaration(
  what: string,
  served: ServedVersion,
  versions: readonly ServedVersion[],
): Judged | undefined {
  if (served.last === undefined) return undefined;
  return {
    severity: 'info',
    message: `${what} was removed in Flux ${removedIn(served)}, and no file says which Flux runs here; write ${newest(versions, undefined)} before it is raised that far`,
  };
}

function removal(served: ServedVersion): string {
  const gone = removedIn(served);
  return gone === undefined ? '' : ` and gone in ${gone}`;
}

/** Of those that the declared Flux serves; of all, where it serves none or is not known. */
function newest(versions: readonly ServedVersion[], declared: DeclaredFlux | undefined): string {
  const served = declared ? versions.filter((one) => isServed(one, declared.minor)) : [];
  const [best] = (served.length > 0 ? served : versions).toSorted((a, b) => compareMinors(b.since, a.since));
  return best ? `${best.group}/${best.version}` : 'one that is';
}
