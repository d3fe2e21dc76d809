/** YAML inside a string of a document: where in the document a place of the string is. */
import type { Position } from '../yaml/line-index.js';
import type { YamlDocument, YamlPath } from '../yaml/yaml-file.js';

/**
 * The offset, in the text that holds the document, of a position in the string at the path. Exact for literal block
 * scalars (`|`), which is how patches are written; else where the string begins.
 */
export function offsetInString(document: YamlDocument, path: YamlPath, { line, column }: Position): number {
  const node = document.locate(path)?.node;
  if (!node) return document.nearestOffset(path);
  const { text } = document.file;
  const [start, , end] = node.range;
  if (text[start] !== '|') return start;
  let at = start;
  for (let passed = 0; passed < line; passed++) {
    const next = text.indexOf('\n', at);
    if (next === -1 || next + 1 >= end) return start;
    at = next + 1;
  }
  return Math.min(at + indentationOf(text.slice(start, end)) + column - 1, end);
}

/** Of the first line of a block scalar that has text. */
function indentationOf(block: string): number {
  return /\n( *)[^ \n\r]/.exec(block)?.[1]?.length ?? 0;
}
