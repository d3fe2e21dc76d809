/** A `${VAR}` that was meant for a program, or that nothing sets: Flux puts nothing in its place before anybody sees it. */
import type { AppliedObject, Substitution } from '../flux/flux-kustomization.js';
import { groupBy } from '../manifests/group-by.js';
import { objectText } from '../manifests/object-id.js';
import type { Origin } from '../manifests/origin.js';
import type { FindingDraft, Span } from '../lint/finding.js';
import { probablyMeantName } from '../lint/probably-meant.js';
import type { Rule } from '../lint/rule.js';
import { counted } from '../lint/wording.js';
import { applierText } from '../model/applier-text.js';
import { type FileTree, textAt } from '../source/file-tree.js';
import { LineIndex } from '../yaml/line-index.js';

export const substitutionEatsVariable: Rule = {
  id: 'substitution-eats-variable',
  severity: 'error',
  summary: "Flux's substitution replaces a variable that nothing sets, and leaves nothing in its place.",
  layer: 'reference graph',
  *check({ flux, tree }) {
    const eaten = flux.objects.flatMap((object) =>
      object.substitutions
        .filter(({ outcome }) => outcome === 'empty')
        .map((substitution): Eaten => ({ object, substitution, at: placeOfVariable(object, substitution, tree) })),
    );
    const byPlace = groupBy(
      eaten,
      ({ at, substitution }) => `${at.file}:${at.line}:${at.column} ${substitution.variable}`,
    );
    for (const [first, ...others] of byPlace.values()) yield finding(first!, others);
  },
};

interface Eaten {
  readonly object: AppliedObject;
  readonly substitution: Substitution;
  readonly at: Span;
}

function finding({ object, substitution, at }: Eaten, others: readonly Eaten[]): FindingDraft {
  const { path, variable } = substitution;
  const { owner, id } = object;
  const more = others.length > 0 ? ` and of ${counted(others.length, 'other')}` : '';
  const set = owner.kind === 'kustomization' ? [...owner.variables.known.keys(), ...owner.variables.hidden] : [];
  // `DOMAIN_2` beside `DOMAIN` is another variable, not a slip.
  const candidates = set.filter((one) => !variable.startsWith(one) && !one.startsWith(variable));
  const meant = probablyMeantName(variable, candidates);
  const remedy = forProgram(id.kind, path)
    ? `write $\${${variable}} where the program is to see it, or set it in postBuild`
    : 'set it in postBuild, or give it a default';
  return {
    at,
    subject: objectText(id),
    message: `\${${variable}} in ${path.join('.')} becomes nothing: the substitution of ${applierText(owner)}${more} does not know ${variable}; ${meant === undefined ? '' : `did you mean ${meant}? Else `}${remedy}`,
    key: `${variable} ${path.join('.')}`,
  };
}

/** Fields that programs and shells read. */
const programFields = new Set([
  'command',
  'args',
  'env',
  'extraEnv',
  'config',
  'content',
  'script',
  'configMap',
  'data',
  'stringData',
  'structuredConfig',
]);

function forProgram(kind: string, path: Substitution['path']): boolean {
  if (kind === 'Kustomization') return false;
  return path.some(
    (step) =>
      typeof step === 'string' &&
      (programFields.has(step) || /config|script|\.(?:ya?ml|json|sh|conf|ini|toml)$/i.test(step)),
  );
}

/** In the text itself, and of a generator's file in that file. */
function placeOfVariable(
  { composed, generated }: AppliedObject,
  { path, variable }: Substitution,
  tree: FileTree,
): Span {
  const origin = composed.origin(path);
  const file = generated?.files.find(({ key }) => key === path[1]);
  if (file) {
    const text = file.yaml?.text ?? textAt(tree, file.path) ?? '';
    const offset = text.indexOf(`\${${variable}`);
    if (offset !== -1) return { file: file.path, ...new LineIndex(text).position(offset) };
  }
  return within(origin, variable) ?? origin.place;
}

function within(origin: Origin, variable: string): Span | undefined {
  const { document } = origin;
  const range = document.locate(origin.pathInFile)?.node?.range;
  if (!range) return undefined;
  const offset = document.file.text.indexOf(`\${${variable}`, range[0]);
  return offset === -1 || offset >= range[1]
    ? undefined
    : { file: document.file.path, ...document.file.position(offset) };
}
