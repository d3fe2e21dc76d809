/** What a failing build comes to, in words: who does not go on. */
import type { FluxState } from '../flux/flux-state.js';
import { folderOf } from '../kustomize/repository-files.js';
import { counted, listed } from '../lint/wording.js';
import { objectText } from '../manifests/object-id.js';
import { applierText } from '../model/applier-text.js';
import { type BuildFailure, heldBackBy } from '../model/build-failures.js';

/** `kustomize build of kubernetes/apps fails, and Kustomization flux-system/cluster-apps, with the 30 …, stays as it is`. */
export function effectOf(failure: BuildFailure, flux: FluxState): string {
  if (isLeftOut(failure))
    return "kustomize refuses the file, and Flux, which reads that at a Kustomization's own path less strictly, leaves out what stands there";
  const { directories, stopped } = failure;
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

/**
 * A field that nobody knows fails kustomize; Flux reads the kustomization.yaml at its path itself, and hands on to
 * kustomize what it knows of it (`WriteFile` in fluxcd/pkg/kustomize). Of the files that this one names it does not.
 */
function isLeftOut({ problem, directories, stopped }: BuildFailure): boolean {
  const folder = folderOf(problem.file);
  return (
    problem.code === 'unknown-field' &&
    directories.every((directory) => directory === folder) &&
    stopped.every(({ kind }) => kind !== 'by-hand')
  );
}

/** For `subject`: the first that stops, and how many more. */
export function stoppedText({ stopped }: BuildFailure): string {
  const [first, ...others] = [...new Set(stopped.map(applierText))];
  return others.length === 0 ? first! : `${first!} and ${counted(others.length, 'other')}`;
}
