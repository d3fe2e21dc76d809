/** Reading of PromQL by the grammar that Prometheus itself keeps: what is wrong with an expression, and what it asks for. */
import type { SyntaxNode } from '@lezer/common';
import { parser } from '@prometheus-io/lezer-promql';

export interface PromqlProblem {
  /** In the expression. */
  readonly offset: number;
  /** What is wrong there, without a subject: `is no PromQL from "…" on`. */
  readonly message: string;
}

/** The first thing that Prometheus refuses: syntax, functions that there are not, and ranges where none or one is due. */
export function promqlProblem(text: string): PromqlProblem | undefined {
  let problem: PromqlProblem | undefined;
  parser.parse(text).iterate({
    enter: ({ type, node, from }) => {
      if (problem) return false;
      const message = type.isError ? syntaxMessage(text, from) : rangeMessage(text, node);
      if (message !== undefined) problem = { offset: from, message };
      return undefined;
    },
  });
  return problem;
}

/** Of every selector, recording rules among them, sorted; a name that only a matcher says is not seen. */
export function metricNames(text: string): readonly string[] {
  const names = new Set<string>();
  parser.parse(text).iterate({
    enter: ({ name, node }) => {
      const identifier = name === 'VectorSelector' ? node.getChild('Identifier') : null;
      if (identifier) names.add(text.slice(identifier.from, identifier.to));
    },
  });
  return [...names].toSorted();
}

function syntaxMessage(text: string, from: number): string {
  const rest = text.slice(from).trim().split('\n', 1)[0]!;
  if (rest === '') return text.trim() === '' ? 'is empty' : 'is no PromQL: it ends too early';
  return `is no PromQL from ${JSON.stringify(rest.length > 40 ? `${rest.slice(0, 40)}…` : rest)} on`;
}

/** Functions of a range, by the names of the grammar; `rate(x)` parses, and is refused all the same. */
const ofRange =
  /(OverTime|^(Rate|Irate|Increase|Delta|Idelta|Deriv|Changes|Resets|PredictLinear|DoubleExponentialSmoothing))$/;

function rangeMessage(text: string, node: SyntaxNode): string | undefined {
  if (node.name === 'FunctionCall' && isOfRange(node)) {
    const given = childrenOf(node.getChild('FunctionCallBody')).map(unwrapped);
    const call = text.slice(node.from, node.firstChild?.to ?? node.to);
    return given.some(isRange) ? undefined : `is no PromQL: ${call} takes a range such as [5m], and has none`;
  }
  if (!isRange(node)) return undefined;
  let [outer, inner] = [node.parent, node];
  for (; outer && isWrapper(outer); outer = outer.parent) inner = outer;
  const call = outer?.name === 'FunctionCallBody' ? outer.parent : null;
  if (call && isOfRange(call)) return undefined;
  return `is no PromQL: ${text.slice(inner.from, inner.to)} is a range, which only functions such as rate() take`;
}

function isOfRange(call: SyntaxNode): boolean {
  return ofRange.test(call.getChild('FunctionIdentifier')?.firstChild?.name ?? '');
}

function isRange({ name }: SyntaxNode): boolean {
  return name === 'MatrixSelector' || name === 'SubqueryExpr';
}

/** What leaves a range a range: parentheses, `offset`, `@`. */
function isWrapper({ name }: SyntaxNode): boolean {
  return ['ParenExpr', 'OffsetExpr', 'StepInvariantExpr', 'AnchoredExpr', 'SmoothedExpr'].includes(name);
}

function unwrapped(node: SyntaxNode): SyntaxNode {
  let found = node;
  while (isWrapper(found) && found.firstChild) found = found.firstChild;
  return found;
}

function childrenOf(node: SyntaxNode | null): readonly SyntaxNode[] {
  const found: SyntaxNode[] = [];
  for (let child = node?.firstChild ?? null; child; child = child.nextSibling) found.push(child);
  return found;
}
