/** A file named as YAML that is not YAML: neither kustomize nor Flux gets past it. */
import { isApplied } from '../lint/applied-files.js';
import { placeAt } from '../lint/place.js';
import type { Rule } from '../lint/rule.js';
import { oncePer } from '../manifests/once-per.js';
import type { Repository } from '../model/repository.js';
import type { YamlFile, YamlProblem } from '../yaml/yaml-file.js';

export const yamlParse: Rule = {
  id: 'yaml-parse',
  severity: 'error',
  summary: 'A file is not valid YAML.',
  layer: 'parse',
  *check(repository) {
    const charts = chartFolders(repository);
    for (const file of repository.files) {
      if (charts.some((folder) => file.path.startsWith(`${folder}templates/`))) continue;
      for (const { code, message, offset } of firstOfEachLine(file)) {
        const what = code === 'RESOURCE_EXHAUSTION' ? 'it is nested too deeply' : message.replace(/\.$/, '');
        yield {
          at: placeAt(file, offset),
          subject: file.path,
          message: `is not valid YAML: ${what}; ${remedy(file, code)}`,
          key: code,
          ...(!isApplied(repository, file.path) && { severity: 'warning' }),
        };
      }
    }
  },
};

/** Of Helm charts in the tree: their templates become YAML when Helm renders them. */
function chartFolders({ tree }: Repository): readonly string[] {
  return tree.paths
    .filter((path) => /(^|\/)Chart\.yaml$/.test(path))
    .map((path) => path.slice(0, -'Chart.yaml'.length));
}

/** What follows on the same line is mostly the parser finding its feet again. */
function firstOfEachLine(file: YamlFile): readonly YamlProblem[] {
  const lines = new Map<number, YamlProblem>();
  for (const problem of [...controlCharacter(file), ...file.problems]) {
    const { line } = file.position(problem.offset);
    if (problem.code !== 'DUPLICATE_KEY' && !lines.has(line)) lines.set(line, problem);
  }
  return [...lines.values()];
}

const tooDeep = 'flatten it: nothing that Kubernetes reads nests so deep';

/** Forbidden in YAML; our parser lets them pass, kustomize does not. A file that holds one is mostly no text at all. */
const controlCharacter = oncePer(({ text }: YamlFile): readonly YamlProblem[] => {
  const offset = text.search(/[\0-\x08\x0B\x0C\x0E-\x1F\x7F]/);
  return offset === -1 ? [] : [{ code: 'CONTROL_CHARACTER', message: 'it holds a control character', offset }];
});

/** What mends it most often, by the parser's own codes. */
const remedies: Readonly<Record<string, string>> = {
  ALIAS_BOMB: 'repeat less by aliases',
  ALIAS_CYCLE: 'take the alias out of what its own anchor names',
  BAD_ALIAS: 'quote a value that begins with * or &',
  BAD_INDENT: 'line it up with the keys or items that it belongs to',
  BAD_MERGE: 'merge mappings, or aliases of mappings; quote a << that is a key like any other',
  BLOCK_AS_IMPLICIT_KEY: 'quote a value that holds ": ", or put the nested mapping on lines of its own',
  CONTROL_CHARACTER: 'remove it, or give a file that is no text another name',
  MISSING_CHAR: 'close the quote or bracket that is open, or add the missing colon',
  MULTILINE_IMPLICIT_KEY: 'add the missing colon, or indent a continued value deeper than its key',
  RESOURCE_EXHAUSTION: tooDeep,
  TAB_AS_INDENT: 'indent with spaces',
  TOO_DEEP: tooDeep,
  UNEXPECTED_TOKEN: 'quote the value, or remove what does not belong there',
  UNRESOLVED_ALIAS: 'define its anchor before it, in the same document, or quote a value that begins with *',
};

function remedy({ text }: YamlFile, code: string): string {
  if (/\{\{|\{%/.test(text))
    return 'a template is no YAML before it is rendered: quote its expressions, or name the file so that it is not read as YAML (.yaml.j2, .tmpl)';
  return remedies[code] ?? 'correct the line';
}
