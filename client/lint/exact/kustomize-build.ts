/** The build layer: `kustomize build` of every folder that a Flux Kustomization applies, as Flux would call it. */
import { realpath } from 'node:fs/promises';
import type { Applier } from '../../../gitops/flux/flux-kustomization.js';
import type { Build } from '../../../gitops/kustomize/build.js';
import { type Finding, findingOf } from '../../../gitops/lint/finding.js';
import { objectText } from '../../../gitops/manifests/object-id.js';
import type { Repository } from '../../../gitops/model/repository.js';
import { counted } from '../../../plan/counted.js';
import { gistOfBuildError, placeOfBuildError } from './build-error.js';
import { kustomizeBuild } from './rules.js';
import { ask, each, type LayerResult, missing, notRun } from './tool.js';

/** Where the model sees a problem, its rules say it better: the tool then says what they miss, unless they are left out. */
export async function runKustomizeBuild(
  repository: Repository,
  root: string,
  only: ReadonlySet<string> | undefined,
): Promise<LayerResult> {
  const why = missing('kustomize');
  if (why !== undefined) return notRun(kustomizeBuild.id, why);
  const targets = buildTargets(repository);
  const leftOut = targets.flatMap(({ build }) => reasonToLeaveOut(build) ?? []);
  const wanted = targets.filter(({ build }) => reasonToLeaveOut(build) === undefined);
  const answers = await each(wanted, ({ build }) =>
    ask('kustomize', ['build', '--load-restrictor', 'LoadRestrictionsNone', `${root}/${build.directory}`]),
  );
  const realRoot = await realpath(root);
  const findings: Finding[] = [];
  for (const [index, answer] of answers.entries()) {
    const target = wanted[index]!;
    if (typeof answer === 'string') leftOut.push(`${target.build.directory} (${answer})`);
    else if (answer.exitCode !== 0 && (only !== undefined || target.build.problems.length === 0))
      findings.push(failed(repository, realRoot, target, answer.stderr));
  }
  return { run: { layer: kustomizeBuild.id, status: 'ran', checked: wanted.length, leftOut }, findings };
}

interface BuildTarget {
  readonly build: Build;
  readonly appliers: readonly Applier[];
}

/** Each folder once, however many apply it. */
function buildTargets({ clusters }: Repository): readonly BuildTarget[] {
  const targets = new Map<string, { build: Build; appliers: Applier[] }>();
  for (const applier of clusters.flatMap(({ flux }) => [...flux.entryPoints, ...flux.kustomizations])) {
    const { build } = applier;
    if (!build) continue;
    const target = targets.get(build.directory);
    if (target) target.appliers.push(applier);
    else targets.set(build.directory, { build, appliers: [applier] });
  }
  return [...targets.values()];
}

function reasonToLeaveOut({ directory, kustomization, unknowns }: Build): string | undefined {
  // What is remote would be fetched: a linter asks the network nothing.
  if (unknowns.some(({ code }) => code === 'remote')) return `${directory} (has a remote base)`;
  return kustomization ? undefined : `${directory} (has no kustomization.yaml; Flux makes one)`;
}

function failed(repository: Repository, root: string, { build, appliers }: BuildTarget, stderr: string): Finding {
  const [first, ...others] = appliers;
  const also = others.length === 0 ? '' : ` and ${counted(others.length, 'other')}`;
  const gist = gistOfBuildError(stderr, root);
  return findingOf(kustomizeBuild, {
    at: placeOfBuildError(repository, root, build, stderr),
    subject: objectText(first!.id),
    message: `kustomize cannot build ${build.directory || '.'} for it${also}: ${gist}; nothing of it is applied until that is mended`,
    key: gist,
  });
}
