/** A file of which many lines change although what they say stays: reformatting, which hides the change that matters. */
import { differencesOf, isEqual } from '../manifests/differences.js';
import { valueAt } from '../manifests/fields.js';
import type { FindingDraft } from '../lint/finding.js';
import type { ChangeRule } from '../lint/rule.js';
import { counted } from '../lint/wording.js';
import { changedLines } from '../source/changed-lines.js';
import type { YamlDocument, YamlFile, YamlPath } from '../yaml/yaml-file.js';

export const unrelatedLinesRewritten: ChangeRule = {
  id: 'unrelated-lines-rewritten',
  severity: 'info',
  summary: 'A change rewrites lines of a file that say the same as before.',
  layer: 'policy',
  *checkChange(before, after) {
    for (const file of after.files) {
      const old = before.file(file.path);
      if (old && old.text !== file.text && old.problems.length + file.problems.length === 0)
        yield* rewritten(old, file);
    }
  },
};

/** A key that was moved or an anchor that was added is no reformatting. */
const linesAtLeast = 5;

function* rewritten(old: YamlFile, file: YamlFile): Iterable<FindingDraft> {
  const texts = { before: old.text.split('\n'), after: file.text.split('\n') };
  const changed = changedLines(texts.before, texts.after);
  const asked = askedLines(old, file);
  const unrelated = [...changed.after].filter((line) => !asked.after.has(line) && saysSomething(texts.after[line]!));
  const lost = [...changed.before].filter((line) => !asked.before.has(line) && saysSomething(texts.before[line]!));
  if (unrelated.length < linesAtLeast || lost.length < linesAtLeast) return;
  const others = [...changed.after].length - unrelated.length;
  const isAll = asked.after.size + asked.before.size === 0;
  const only = isAll ? 'nothing that it says changes' : `only ${counted(others, 'line')} of it change what it says`;
  yield {
    at: { file: file.path, line: unrelated[0]! + 1, column: 1 },
    subject: file.path,
    message: `${counted(unrelated.length, 'line')} are written anew and say what they said before, while ${only}; keep their indentation, quotes and order as they were, or reformat in a commit of its own`,
    key: 'rewritten',
  };
}

function saysSomething(line: string): boolean {
  return /^\s*[^\s#]/.test(line);
}

interface Lines {
  readonly before: Set<number>;
  readonly after: Set<number>;
}

/** The lines of everything whose value changed, on both sides. */
function askedLines(old: YamlFile, file: YamlFile): Lines {
  const lines: Lines = { before: new Set(), after: new Set() };
  for (const [before, after] of pairs(old.documents, file.documents)) {
    if (before && after) {
      for (const { path } of differencesOf(before.value, after.value)) {
        addLines(lines.before, before, path);
        addLines(lines.after, after, path);
      }
    } else if (before) addLines(lines.before, before, []);
    else if (after) addLines(lines.after, after, []);
  }
  return lines;
}

/** Documents that say the same belong together, then those of the same kind and name, then those at the same place. */
function pairs(
  before: readonly YamlDocument[],
  after: readonly YamlDocument[],
): readonly (readonly [YamlDocument | undefined, YamlDocument | undefined])[] {
  const left = new Set(before);
  const found = new Map<YamlDocument, YamlDocument>();
  const tests: readonly ((a: YamlDocument, b: YamlDocument) => boolean)[] = [
    (a, b) => isEqual(a.value, b.value),
    (a, b) => isEqual(nameOf(a), nameOf(b)),
    (a, b) => a.index === b.index,
  ];
  for (const isSame of tests)
    for (const document of after) {
      const partner = found.has(document) ? undefined : [...left].find((one) => isSame(one, document));
      if (!partner) continue;
      found.set(document, partner);
      left.delete(partner);
    }
  return [
    ...after.map((document) => [found.get(document), document] as const),
    ...[...left].map((one) => [one, undefined] as const),
  ];
}

function nameOf({ value }: YamlDocument): unknown {
  return [['kind'], ['metadata', 'name'], ['metadata', 'namespace']].map((path) => valueAt(value, path));
}

/** From the key of the value to its end; nothing where the path is not there. */
function addLines(lines: Set<number>, document: YamlDocument, path: YamlPath): void {
  const located = document.locate(path);
  if (!located) return;
  const { file } = document;
  const end = located.node?.range[1] ?? located.offset;
  const [first, last] = [file.position(located.offset).line - 1, file.position(Math.max(end, located.offset)).line - 1];
  for (let line = first; line <= last; line++) lines.add(line);
}
