/** One build gives an object twice: kustomize refuses the whole of it. */
import type { BuildProblem } from '../kustomize/build.js';
import type { Kustomize } from '../kustomize/kustomize.js';
import type { FindingDraft } from '../lint/finding.js';
import { placeOfFile } from '../lint/place.js';
import type { Rule } from '../lint/rule.js';
import { listed } from '../lint/wording.js';
import { fieldOf, nonEmpty, textsOf, valueAt } from '../manifests/fields.js';
import { objectText } from '../manifests/object-id.js';
import type { Origin } from '../manifests/origin.js';
import { type BuildFailure, buildFailures } from '../model/build-failures.js';
import type { Repository } from '../model/repository.js';
import { effectOf } from './build-effect.js';

export const duplicateObject: Rule = {
  id: 'duplicate-object',
  severity: 'error',
  summary: 'One build gives the same object twice.',
  layer: 'build',
  *check(repository) {
    for (const failure of buildFailures(repository.flux))
      if (failure.problem.code === 'duplicate-object') yield finding(failure, repository);
  },
};

function finding(failure: BuildFailure, { flux, kustomize }: Repository): FindingDraft {
  const { problem } = failure;
  const id = problem.id!;
  const [at, ...others] = declarations(problem);
  const origins = [at, ...others].filter((origin) => origin !== undefined);
  const folder = innermost(problem, at, kustomize) ?? failure.directories[0] ?? '';
  const isListedTwice = origins.every((origin) => nameAt(origin) === undefined);
  const how = isListedTwice
    ? 'lists its file twice'
    : `builds it twice: ${listed(origins.map((origin) => declaredAt(origin, id.name)))}`;
  return {
    at: at?.place ?? placeOfFile(problem.file),
    subject: objectText(id),
    message: `${folder || 'the root folder'} ${how}; ${effectOf(failure, flux)}; ${isListedTwice ? 'keep one of the entries' : remedy(origins)}`,
    key: folder,
    related: others.map((origin) => ({ ...origin.place, message: `${objectText(id)} is declared here too` })),
  };
}

/** The folder nearest to the declaration that has both: a root's build has it only through that one. */
function innermost({ id }: BuildProblem, at: Origin | undefined, kustomize: Kustomize): string | undefined {
  const path = at?.document.file.path ?? '';
  for (let slash = path.lastIndexOf('/'); slash > 0; slash = path.lastIndexOf('/', slash - 1)) {
    const folder = path.slice(0, slash);
    if (!kustomize.kustomizations.has(folder)) continue;
    const { problems } = kustomize.build(folder);
    if (
      problems.some((one) => one.code === 'duplicate-object' && one.id?.kind === id?.kind && one.id?.name === id?.name)
    )
      return folder;
  }
  return undefined;
}

/** First the one that stands in no component: a component is there for others, too. */
function declarations({ origin, related }: BuildProblem): readonly Origin[] {
  const all = [origin, ...related].filter((one) => one !== undefined);
  return all.toSorted((a, b) => Number(isRenamed(a)) - Number(isRenamed(b)));
}

/** Written under a name that stands for whatever namespace includes it. */
function isRenamed(origin: Origin): boolean {
  return nameAt(origin) === 'not-used' || origin.document.file.path.includes('/components/');
}

function nameAt({ source, path }: Origin): string | undefined {
  return nonEmpty(valueAt(source.document.value, [...path, 'metadata', 'name']));
}

/** `components/common/namespace.yaml, whose name "not-used" the namespace transformer rewrites`. */
function declaredAt(origin: Origin, name: string): string {
  const written = nameAt(origin);
  const renamed =
    written === undefined || written === name ? '' : `, whose name "${written}" the namespace transformer rewrites`;
  return `${origin.place.file}${renamed}`;
}

/** The one that goes may be the only one with the labels of Pod Security. */
function remedy(origins: readonly Origin[]): string {
  const labels = origins.map((origin) => new Set(textsOf(labelsAt(origin)).keys()));
  const lost = origins.flatMap((origin, index) => {
    const only = [...labels[index]!].filter((label) => labels.some((others) => !others.has(label)));
    return only.length > 0 ? [`${origin.place.file} alone has ${listed(only.map((label) => `label ${label}`))}`] : [];
  });
  return `keep one of them${lost.length > 0 ? `, and with it what the other brings: ${lost.join('; ')}` : ''}`;
}

function labelsAt({ source, path }: Origin): unknown {
  return fieldOf(valueAt(source.document.value, [...path, 'metadata']), 'labels');
}
