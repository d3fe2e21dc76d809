/** A key that one mapping has twice: YAML forbids it, kustomize refuses the file, other readers take the last. */
import { isMap, isScalar, isSeq, type ParsedNode } from 'yaml';
import { isApplied } from '../lint/applied-files.js';
import type { FindingDraft } from '../lint/finding.js';
import { placeAt } from '../lint/place.js';
import type { Rule } from '../lint/rule.js';
import { writtenSubject } from '../lint/subject.js';
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

/** The parser knows the offset of the second key; the way to it tells its path and the first. */
function duplicatesIn(document: YamlDocument, offsets: ReadonlySet<number>): readonly FindingDraft[] {
  const found: FindingDraft[] = [];
  const visit = (node: ParsedNode | null, path: YamlPath): void => {
    if (isSeq(node)) for (const [index, item] of node.items.entries()) visit(item, [...path, index]);
    if (!isMap(node)) return;
    const first = new Map<string, number>();
    for (const { key, value } of node.items as readonly { key: ParsedNode; value: ParsedNode | null }[]) {
      const name = isScalar(key) ? String(key.value) : '?';
      const offset = key.range[0];
      if (offsets.has(offset)) found.push(finding(document, [...path, name], first.get(name) ?? offset, offset));
      else first.set(name, offset);
      visit(value, [...path, name]);
    }
  };
  visit(document.root, []);
  return found;
}

function finding(document: YamlDocument, path: YamlPath, firstOffset: number, offset: number): FindingDraft {
  const key = path.join('.');
  const at = placeAt(document.file, offset);
  const first = placeAt(document.file, firstOffset);
  return {
    at,
    subject: writtenSubject(document),
    message: `${key} is given twice in one mapping (lines ${first.line} and ${at.line}), and kustomize refuses the whole file; keep the one that is meant and remove the other`,
    key,
    related: [{ ...first, message: `${key} is given here first` }],
  };
}
