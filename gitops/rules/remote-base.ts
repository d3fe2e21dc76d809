/** What a kustomization takes from elsewhere: nothing here can tell what it brings. */
import type { FluxState } from '../flux/flux-state.js';
import type { BuildUnknown } from '../kustomize/build.js';
import { byPlace } from '../lint/about-objects.js';
import type { Rule } from '../lint/rule.js';

export const remoteBase: Rule = {
  id: 'remote-base',
  severity: 'info',
  summary: 'A kustomization takes a file or folder from elsewhere, or does what is not read here: it is not judged.',
  layer: 'build',
  *check({ flux }) {
    for (const { at, items } of byPlace(unknownsOf(flux), ({ origin }) => origin.place)) {
      const [{ code, text }] = items;
      yield {
        at,
        subject: at.file,
        message:
          code === 'remote'
            ? `takes ${text} from elsewhere at every build: what it brings is not judged, and a build fails while it cannot be reached; copy it in, to have it judged`
            : `uses ${text}, whose work is not carried out here: what the cluster gets may differ from what is judged`,
        key: text,
      };
    }
  },
};

function unknownsOf({ entryPoints, kustomizations }: FluxState): readonly BuildUnknown[] {
  return [...entryPoints, ...kustomizations].flatMap(({ build }) => build?.unknowns ?? []);
}
