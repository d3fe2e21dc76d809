/** What Flux may still decrypt that is not in the repository: while it builds that, decryption stays. */
import picomatch from 'picomatch';
import type { Build } from '../../gitops/kustomize/build.js';
import { objectText } from '../../gitops/manifests/object-id.js';
import type { Repository } from '../../gitops/model/repository.js';
import { decryptingPatches } from './decryption.js';
import type { Parameters } from './parameters.js';

/** For people: each Kustomization that decrypts and builds more than the files show, with what. */
export function unseen(repository: Repository, parameters: Parameters): readonly string[] {
  const unknownIn = (build: Build | undefined): readonly string[] =>
    (build?.unknowns ?? []).map(({ text }) => text).filter((text) => !picomatch.isMatch(text, parameters.plainBases));
  return repository.clusters.flatMap(({ flux: { kustomizations, entryPoints } }) => [
    ...kustomizations.flatMap(({ id, spec, source, directory, build }) => {
      if (!spec.decryption) return [];
      if (source.status !== 'this-repository' || directory.status === 'unknown')
        return [`${objectText(id)} (its files are elsewhere)`];
      const unknown = unknownIn(build);
      return unknown.length === 0 ? [] : [`${objectText(id)} (builds ${unknown.join(' and ')})`];
    }),
    // What a sync becomes stands in no file; a patch has it decrypt.
    ...entryPoints.flatMap(({ kind, id, build }) => {
      const unknown = kind === 'sync' && decryptingPatches(repository).length > 0 ? unknownIn(build) : [];
      return unknown.length === 0 ? [] : [`the sync ${id.name} (builds ${unknown.join(' and ')})`];
    }),
  ]);
}
