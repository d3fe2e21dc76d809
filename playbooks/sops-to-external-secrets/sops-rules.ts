/** SOPS' own configuration: rules for files that are gone; and what else of the repository still speaks of SOPS. */
import { goPattern } from '../../gitops/kustomize/go-pattern.js';
import { textAt } from '../../gitops/source/file-tree.js';
import { folderOf } from '../../gitops/kustomize/repository-files.js';
import { fieldOf, itemsOf, textOf } from '../../gitops/manifests/fields.js';
import type { Repository } from '../../gitops/model/repository.js';
import type { YamlFile } from '../../gitops/yaml/yaml-file.js';
import type { PlaybookStep } from '../playbook.js';
import { encryptedTexts } from './encrypted-texts.js';
import type { Parameters } from './parameters.js';

/** A rule goes that files which go were encrypted by, and none that stays; with its last rule, the configuration too. */
export function ruleSteps(repository: Repository, gone: ReadonlySet<string>): readonly PlaybookStep[] {
  const encrypted = new Set([
    ...repository.encrypted.map(({ file }) => file.path),
    ...repository.tree.paths.filter((path) => /[^/]\.sops\.[^/]+$/.test(path)),
    ...encryptedTexts(repository).map(({ path }) => path),
  ]);
  const configurations = repository.files.filter(({ path }) => /(?:^|\/)\.sops\.ya?ml$/.test(path));
  return configurations.flatMap((file): readonly PlaybookStep[] => {
    const rules = itemsOf(fieldOf(file.documents[0]?.value, 'creation_rules'));
    const ruleOf = (path: string): number =>
      nearest(configurations, path) === file ? rules.findIndex((rule) => matches(rule, file, path)) : -1;
    const used = new Set([...encrypted].filter((path) => !gone.has(path)).map(ruleOf));
    const stale = [...new Set([...gone].map(ruleOf))].filter((index) => index >= 0 && !used.has(index));
    if (stale.length === 0) return [];
    if (stale.length === rules.length)
      return [{ what: 'has no rule left', file: file.path, change: { kind: 'remove' } }];
    return stale
      .toSorted((a, b) => b - a)
      .map((index) => ({
        what: `no rule for ${textOf(fieldOf(rules[index], 'path_regex')) ?? 'files that are gone'}`,
        file: file.path,
        isOptional: true,
        change: { kind: 'edit', edits: [{ op: 'remove', document: 0, path: ['creation_rules', index] }] },
      }));
  });
}

/** The one that SOPS finds first on its way up. */
function nearest(configurations: readonly YamlFile[], path: string): YamlFile | undefined {
  return configurations
    .filter((file) => isBelow(path, folderOf(file.path)))
    .toSorted((a, b) => b.path.length - a.path.length)[0];
}

function isBelow(path: string, folder: string): boolean {
  return folder === '' || path.startsWith(`${folder}/`);
}

/** A pattern that Go does not read is taken for one that matches nothing: its rule stays. */
function matches(rule: unknown, { path: configuration }: YamlFile, path: string): boolean {
  const pattern = fieldOf(rule, 'path_regex');
  if (typeof pattern !== 'string') return true;
  const folder = folderOf(configuration);
  const found = goPattern(pattern);
  return typeof found !== 'string' && found(folder === '' ? path : path.slice(folder.length + 1));
}

/** One note, of files that nobody edits here: task files, bootstrap templates, documents. */
export function mentions(
  { tree }: Repository,
  { documents }: Parameters,
  touched: ReadonlySet<string>,
): readonly string[] {
  const found = tree.paths.filter(
    (path) =>
      !touched.has(path) &&
      !path.startsWith(`${documents}/`) &&
      /(?:\.(?:md|ya?ml|toml|json5?|sh|j2|tpl)|[Tt]askfile|justfile|Makefile)$/.test(path) &&
      !/\.sops\./.test(path) &&
      /\bsops\b/i.test(textAt(tree, path) ?? ''),
  );
  return found.length === 0 ? [] : [`still speak of SOPS, see whether they should: ${found.join(', ')}`];
}
