/** A kustomization lists a file or folder that is not there: all that builds it fails. */
import type { BuildProblem, BuildProblemCode } from '../kustomize/build.js';
import { nearest } from '../lint/nearest.js';
import { placeOfFile } from '../lint/place.js';
import type { Rule } from '../lint/rule.js';
import { textOf, valueAt } from '../manifests/fields.js';
import { buildFailures } from '../model/build-failures.js';
import { effectOf, stoppedText } from './build-effect.js';

const codes: ReadonlySet<BuildProblemCode> = new Set(['missing-resource', 'missing-file', 'missing-kustomization']);

export const missingResource: Rule = {
  id: 'missing-resource',
  severity: 'error',
  summary: 'A kustomization lists a file or folder that is not there.',
  layer: 'build',
  *check({ flux, tree }) {
    for (const failure of buildFailures(flux)) {
      const { problem } = failure;
      // The folder of a Flux Kustomization itself: Flux makes the kustomization.yaml that it lacks.
      if (!codes.has(problem.code)) continue;
      const entry = entryOf(problem);
      yield {
        at: problem.origin?.place ?? placeOfFile(problem.file),
        subject: stoppedText(failure),
        message: `${entry.field} lists ${entry.text}, ${lack(problem)}: ${effectOf(failure, flux)}; ${remedy(entry.text, problem, tree.paths)}`,
        key: `${entry.field} ${entry.text}`,
      };
    }
  },
};

/** As it is written: `resources` and `./schedules.yaml`. */
function entryOf({ origin, message }: BuildProblem): { readonly field: string; readonly text: string } {
  const field = origin?.path.find((step) => typeof step === 'string') ?? 'resources';
  const text = origin && textOf(valueAt(origin.source.document.value, origin.path));
  return { field, text: text ?? message.replace(/ is not there$/, '') };
}

function lack({ code }: BuildProblem): string {
  return code === 'missing-kustomization' ? 'a folder without a kustomization.yaml' : 'which is not there';
}

function remedy(text: string, { code, message }: BuildProblem, paths: readonly string[]): string {
  if (code === 'missing-kustomization') return 'add one, or list the files of the folder';
  const path = message.replace(/ is not there$/, '');
  const folder = path.slice(0, path.lastIndexOf('/') + 1);
  const name = path.slice(folder.length);
  const beside = paths.flatMap((one) =>
    one.startsWith(folder) && !one.includes('/', folder.length) ? [one.slice(folder.length)] : [],
  );
  const renamed = beside.find((one) => one.startsWith(`${name}.`) || name.startsWith(`${one}.`));
  const meant = renamed ?? nearest(name, beside);
  const hint = meant === undefined ? '' : `; did you mean ${meant}`;
  return `add the file, or take ${text} out of the list${hint}`;
}
