/** Why folders do not build, each reason once, with all that stops because of it. */
import type { Applier, FluxKustomization } from '../flux/flux-kustomization.js';
import type { FluxState } from '../flux/flux-state.js';
import type { BuildProblem } from '../kustomize/build.js';

export interface BuildFailure {
  readonly problem: BuildProblem;
  /** Folders whose `kustomize build` fails for it; the first is the one to show. */
  readonly directories: readonly string[];
  /** What builds these folders. */
  readonly stopped: readonly Applier[];
}

/** Only of what the cluster builds: a folder that nothing reaches fails nobody. */
export function buildFailures(flux: FluxState): readonly BuildFailure[] {
  const failures = new Map<string, BuildFailure & { directories: string[]; stopped: Applier[] }>();
  for (const applier of [...flux.entryPoints, ...flux.kustomizations]) {
    const { build } = applier;
    for (const problem of build?.problems ?? []) {
      const { code, file, origin, message } = problem;
      const key = [code, file, origin?.offset, message].join('\n');
      const failure = failures.get(key) ?? { problem, directories: [], stopped: [] };
      failures.set(key, failure);
      failure.stopped.push(applier);
      if (build && !failure.directories.includes(build.directory)) failure.directories.push(build.directory);
    }
  }
  return [...failures.values()];
}

/** Kustomizations that do not go on while these do not: what they apply, what depends on them, and so on. */
export function heldBackBy(stopped: readonly Applier[], flux: FluxState): readonly FluxKustomization[] {
  const held = new Set<Applier>(stopped);
  const ids = new Set(stopped.map(({ id }) => idText(id)));
  for (let before = -1; before !== held.size;) {
    before = held.size;
    for (const one of flux.kustomizations) {
      if (held.has(one) || !isHeld(one, held, ids)) continue;
      held.add(one);
      ids.add(idText(one.id));
    }
  }
  return flux.kustomizations.filter((one) => held.has(one) && !stopped.includes(one));
}

function isHeld(
  { id, object, spec }: FluxKustomization,
  held: ReadonlySet<Applier>,
  ids: ReadonlySet<string>,
): boolean {
  return (
    held.has(object.owner) ||
    spec.dependsOn.some(({ namespace = id.namespace, name }) => ids.has(idText({ namespace, name })))
  );
}

function idText({ namespace, name }: { readonly namespace: string; readonly name: string }): string {
  return `${namespace}/${name}`;
}
