/** Why an edit cannot be made, in words: mostly because what it would change is used elsewhere, too. */
import { type Alias, isAlias, type Node, type ParsedNode, visit } from 'yaml';
import { LineIndex } from '../line-index.js';
import type { EntryEdit } from '../yaml-edit.js';
import type { Obstacle } from './plan-edit.js';
import type { SourceDocument, SourceText } from './source-text.js';
import { isMergedIn, walk } from './walk.js';

export function explainObstacle(source: SourceText, document: SourceDocument, obstacle: Obstacle): string {
  if (obstacle.kind === 'other') return obstacle.reason;
  const { kind, anchor } = obstacle;
  const through = kind === 'alias' ? `comes through the alias *${anchor}` : 'comes in through a merge key';
  if (anchor === undefined) return `${through}; edit the map that is merged`;
  const lines = linesOf(
    source,
    nodesOf(document, (node) => isAlias(node) && node.source === anchor),
  );
  const defined = linesOf(
    source,
    nodesOf(document, (node) => !isAlias(node) && node.anchor === anchor),
  );
  const remedy =
    kind === 'alias' ? 'edit it there, or set the whole value here' : 'edit it there, or set a key above it';
  return `${through} of the anchor &${anchor} (${defined}), used in ${lines}; ${remedy}`;
}

/** For an edit that would have changed something else, or that would not have read as asked. */
export function explainMismatch(source: SourceText, document: SourceDocument, { op, path }: EntryEdit): string {
  const { levels, node } = walk(document, path);
  const level = levels.at(-1);
  if (op === 'remove' && level && isMergedIn(document, level.collection, path.at(-1)!)) {
    return 'would be there all the same through a merge key; remove it from what is merged';
  }
  const ancestors = new Set<unknown>([
    document.parsed.contents,
    node,
    ...levels.map(({ entries, index }) => entries[index]!.value),
  ]);
  const [from, to] = node?.range ?? [0, 0];
  const isInside = ({ range }: Node) => range !== null && range !== undefined && range[0] >= from && range[1] <= to;
  const shared = nodesOf(document, isAlias).flatMap((alias) => {
    const anchored = (alias as Alias).resolve(document.parsed);
    if (!anchored) return [];
    const isAffected = ancestors.has(anchored) || (isInside(anchored) && !isInside(alias));
    return isAffected ? [{ alias, anchor: (alias as Alias).source }] : [];
  });
  const anchor = shared[0]?.anchor;
  if (anchor === undefined) return 'would not read back as asked, with all else unchanged; edit it by hand';
  const users = linesOf(
    source,
    shared.filter((use) => use.anchor === anchor).map(({ alias }) => alias),
  );
  return `the anchor &${anchor} here is also used in ${users}, which would change too; write that out first`;
}

type AnchoredNode = ParsedNode | Alias;

function nodesOf({ parsed }: SourceDocument, isWanted: (node: AnchoredNode) => boolean): readonly AnchoredNode[] {
  const nodes: AnchoredNode[] = [];
  visit(parsed, {
    Node: (_, node) => {
      if (isWanted(node as AnchoredNode)) nodes.push(node as AnchoredNode);
    },
  });
  return nodes;
}

function linesOf({ text }: SourceText, nodes: readonly AnchoredNode[]): string {
  const index = new LineIndex(text);
  const lines = [...new Set(nodes.map((node) => index.position(offsetOf(text, node)).line))];
  return `${lines.length === 1 ? 'line' : 'lines'} ${lines.join(', ')}`;
}

/** Of an anchor before what it is the anchor of, which may begin on a later line. */
function offsetOf(text: string, node: AnchoredNode): number {
  const start = node.range![0];
  return isAlias(node) || node.anchor === undefined ? start : text.lastIndexOf(`&${node.anchor}`, start);
}
