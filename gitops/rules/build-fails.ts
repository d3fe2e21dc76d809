/** What else makes `kustomize build` fail, and all that stops with it. */
import type { FluxState } from '../flux/flux-state.js';
import type { BuildProblemCode } from '../kustomize/build.js';
import { placeAt, placeOfFile } from '../lint/place.js';
import { aboutObjects, byPlace } from '../lint/about-objects.js';
import type { FindingDraft } from '../lint/finding.js';
import type { Rule } from '../lint/rule.js';
import { objectText } from '../manifests/object-id.js';
import { type BuildFailure, buildFailures } from '../model/build-failures.js';
import type { Repository } from '../model/repository.js';
import { effectOf, stoppedText } from './build-effect.js';

export const buildFails: Rule = {
  id: 'build-fails',
  severity: 'error',
  summary: 'A folder that Flux applies does not build.',
  layer: 'build',
  *check(repository) {
    const { flux } = repository;
    for (const failure of buildFailures(flux)) {
      const remedy = remedies[failure.problem.code];
      if (remedy !== undefined) yield finding(failure, remedy, repository);
    }
    yield* refusedSubstitutions(flux);
    yield* refusedNames(flux);
  },
};

/** What mends it. The codes that are not here have a rule of their own. */
const remedies: Partial<Readonly<Record<BuildProblemCode, string>>> = {
  'two-kustomizations': 'keep one kustomization file in the folder',
  'empty-kustomization': 'give it something to build, or take it out of the list that names it',
  'unknown-field': 'correct the field',
  'wrong-type': 'write what it takes, a number or a boolean that is meant as text with quotes',
  'wrong-value': 'correct it',
  'outside-repository': 'kustomize and Flux read nothing from there; copy it into the repository',
  'too-large': 'split it',
  unparsable: 'correct the file',
  'not-a-manifest': 'take the file out of the list, or give the document its apiVersion, kind and name',
  'not-a-component': 'list it in resources, or write kind: Component',
  'component-as-resource': 'list it in components',
  'patch-invalid': 'correct the patch',
  'patch-without-target': 'correct what the patch names, or remove it',
  'generator-without-target': 'correct the name, or take the behavior away',
};

function finding(failure: BuildFailure, remedy: string, repository: Repository): FindingDraft {
  const { code, message, origin, file: path } = failure.problem;
  const read = repository.file(path);
  const [first] = code === 'unparsable' ? (read?.problems ?? []) : [];
  return {
    at: origin?.place ?? (read && first ? placeAt(read, first.offset) : placeOfFile(path || '.')),
    subject: stoppedText(failure),
    message: `${message.replace(/\.$/, '')}: ${effectOf(failure, repository.flux)}; ${remedy}`,
    key: `${code} ${path}`,
  };
}

/** After the build Flux puts variables in, and an expression that it refuses fails the Kustomization as a whole. */
function* refusedSubstitutions({ kustomizations }: FluxState): Generator<FindingDraft> {
  for (const { id, problems } of kustomizations)
    for (const { message, origin } of problems)
      yield {
        at: origin.place,
        subject: objectText(id),
        message: `${message}: Flux refuses the expression and applies nothing of this Kustomization; correct it, or write $\${ for a dollar sign that is meant`,
        key: message,
      };
}

/** So does a name that is none, of a variable that nothing need use: one ConfigMap may stop all that read it. */
function* refusedNames({ kustomizations }: FluxState): Generator<FindingDraft> {
  const refused = kustomizations.flatMap(({ id, refusedNames: names }) => names.map((name) => ({ id, ...name })));
  for (const { at, items } of byPlace(refused, ({ origin }) => origin.place))
    for (const name of new Set(items.map((item) => item.name)))
      yield {
        at,
        subject: aboutObjects(items.filter((item) => item.name === name).map(({ id }) => id)),
        message: `${name} is no name of a variable: Flux refuses it, and applies nothing of a Kustomization that is given it; name it with letters, digits and underscores, and no digit first`,
        key: `variable ${name}`,
      };
}
