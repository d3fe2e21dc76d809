/** A key that one mapping has twice: kustomize refuses such a manifest, and of a file of its own takes the last. */
import { isMap, isScalar, isSeq, type ParsedNode } from 'yaml';
import { isKustomizationFile } from '../kustomize/kustomization-file.js';
import { isApplied } from '../lint/applied-files.js';
import type { FindingDraft } from '../lint/finding.js';
import { placeAt } from '../lint/place.js';
import type { Rule } from '../lint/rule.js';
import { writtenSubject } from '../lint/subject.js';
import { listed } from '../lint/wording.js';
import { itemsOf, valueAt } from '../manifests/fields.js';
import type { YamlDocument, YamlPath } from '../yaml/yaml-file.js';

export const duplicateKey: Rule = {
  id: 'duplicate-key',
  severity: 'error',
  summary: 'A mapping has the same key twice.',
  layer: 'parse',
  *check(repository) {
    for (const file of repository.files) {
      const offsets = new Set(file.problems.filter(({ code }) => code === 'DUPLICATE_KEY').map(({ offset }) => offset));
      if (offsets.size === 0) continue;
      const severity = isApplied(repository, file.path) ? 'error' : 'warning';
      for (const draft of file.documents.flatMap((document) => duplicatesIn(document, offsets)))
        yield { ...draft, severity };
    }
  },
};

interface Pair {
  readonly key: ParsedNode;
  readonly value: ParsedNode | null;
}

/** The parser knows the offset of the second key; the way to it tells its path and the first. */
function duplicatesIn(document: YamlDocument, offsets: ReadonlySet<number>): readonly FindingDraft[] {
  const found: FindingDraft[] = [];
  const visit = (node: ParsedNode | null, path: YamlPath): void => {
    if (isSeq(node)) for (const [index, item] of node.items.entries()) visit(item, [...path, index]);
    if (!isMap(node)) return;
    const first = new Map<string, Pair>();
    for (const pair of node.items as readonly Pair[]) {
      const { key, value } = pair;
      const name = isScalar(key) ? String(key.value) : '?';
      if (offsets.has(key.range[0])) found.push(finding(document, [...path, name], first.get(name) ?? pair, pair));
      else first.set(name, pair);
      visit(value, [...path, name]);
    }
  };
  visit(document.root, []);
  return found;
}

function finding(
  document: YamlDocument,
  path: YamlPath,
  { key: firstKey, value }: Pair,
  { key: again }: Pair,
): FindingDraft {
  const key = path.join('.');
  const at = placeAt(document.file, again.range[0]);
  const first = placeAt(document.file, firstKey.range[0]);
  const effect = isKustomizationFile(document.file.path)
    ? `kustomize takes only the last: ${lostOf(document, path, value, first.line)}; put what is meant into one of them and remove the other`
    : 'kustomize refuses the whole file; keep the one that is meant and remove the other';
  return {
    at,
    subject: writtenSubject(document),
    message: `${key} is given twice in one mapping (lines ${first.line} and ${at.line}), and ${effect}`,
    key,
    related: [{ ...first, message: `${key} is given here first` }],
  };
}

/** What a kustomization says in vain. */
function lostOf(document: YamlDocument, path: YamlPath, value: ParsedNode | null, line: number): string {
  const kept = itemsOf(valueAt(document.value, path));
  const texts = isSeq(value) ? value.items.flatMap((item) => (isScalar(item) ? String(item.value) : [])) : [];
  const lost = texts.filter((text) => !kept.includes(text));
  return path.length === 1 && ['resources', 'bases', 'components'].includes(String(path[0])) && lost.length > 0
    ? `${listed(lost)} ${lost.length === 1 ? 'is' : 'are'} not built, and Flux deletes what it applied of ${lost.length === 1 ? 'it' : 'them'} where it prunes`
    : `what line ${line} says does not count`;
}
