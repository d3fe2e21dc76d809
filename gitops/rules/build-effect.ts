/** What a failing build comes to, in words: who does not go on. */
import type { FluxState } from '../flux/flux-state.js';
import { counted, listed } from '../lint/wording.js';
import { objectText } from '../manifests/object-id.js';
import { applierText } from '../model/applier-text.js';
import { type BuildFailure, heldBackBy } from '../model/build-failures.js';

/** `kustomize build of kubernetes/apps fails, and Kustomization flux-system/cluster-apps, with the 30 …, stays as it is`. */
export function effectOf({ directories, stopped }: BuildFailure, flux: FluxState): string {
  const held = heldBackBy(stopped, flux);
  const names = [...new Set(stopped.map(applierText))];
  const below =
    held.length === 0
      ? ''
      : held.length === 1
        ? `, and with it ${objectText(held[0]!.id)}, which it applies or holds back`
        : `, and with it ${held.length} Kustomizations that it applies or holds back`;
  const folder = directories.length > 1 ? `${directories.length} folders` : directories[0] || 'the root folder';
  return `kustomize build of ${folder} fails, which stops ${listed(names)}${below}`;
}

/** For `subject`: the first that stops, and how many more. */
export function stoppedText({ stopped }: BuildFailure): string {
  const [first, ...others] = [...new Set(stopped.map(applierText))];
  return others.length === 0 ? first! : `${first!} and ${counted(others.length, 'other')}`;
}
