/** Cycles of a graph of steps: a few short ones through all that is in a cycle. */

/** Steps lead to nodes by name; those that lead to no node of the graph are as good as not there. */
type Graph<Step> = ReadonlyMap<string, readonly Step[]>;

/** Each as its steps, from a node back to itself. Every cycle shares a node with one of them. */
export function findCycles<Step extends { readonly to: string }>(graph: Graph<Step>): readonly (readonly Step[])[] {
  const left = withoutEnds(graph);
  const cycles: (readonly Step[])[] = [];
  for (const start of left.keys()) {
    const cycle = shortestFrom(left, start);
    if (!cycle) continue;
    cycles.push(cycle);
    for (const { to } of cycle) left.delete(to);
  }
  return cycles;
}

/** What is left when everything that leads nowhere, and then everything that nothing leads to, is taken away: linear. */
function withoutEnds<Step extends { readonly to: string }>(graph: Graph<Step>): Map<string, readonly Step[]> {
  const left = new Map([...graph].map(([node, steps]) => [node, steps.filter(({ to }) => graph.has(to))]));
  const targets = (node: string): readonly string[] => (left.get(node) ?? []).map(({ to }) => to);
  const sources = new Map<string, string[]>();
  for (const node of left.keys()) {
    for (const to of targets(node)) {
      const known = sources.get(to);
      if (known) known.push(node);
      else sources.set(to, [node]);
    }
  }
  prune(left, targets, (node) => sources.get(node) ?? []);
  prune(left, (node) => (sources.get(node) ?? []).filter((source) => left.has(source)), targets);
  return left;
}

/** Takes nodes away that have no neighbours on one side, which may leave their neighbours on the other without. */
function prune(
  left: Map<string, unknown>,
  needed: (node: string) => readonly string[],
  others: (node: string) => readonly string[],
): void {
  const open = new Map([...left.keys()].map((node) => [node, needed(node).filter((one) => left.has(one)).length]));
  const queue = [...left.keys()].filter((node) => open.get(node) === 0);
  for (let node = queue.pop(); node !== undefined; node = queue.pop()) {
    const neighbours = others(node);
    left.delete(node);
    for (const other of neighbours) {
      const remaining = (open.get(other) ?? 0) - 1;
      open.set(other, remaining);
      if (remaining === 0 && left.has(other)) queue.push(other);
    }
  }
}

/** Breadth first. */
function shortestFrom<Step extends { readonly to: string }>(
  graph: Graph<Step>,
  start: string,
): readonly Step[] | undefined {
  const ways = new Map<string, { readonly from: string; readonly step: Step }>();
  const queue = [start];
  for (let at = 0; at < queue.length && !ways.has(start); at++) {
    const from = queue[at]!;
    for (const step of graph.get(from) ?? []) {
      if (!graph.has(step.to) || ways.has(step.to)) continue;
      ways.set(step.to, { from, step });
      queue.push(step.to);
    }
  }
  if (!ways.has(start)) return undefined;
  const steps: Step[] = [];
  for (let way = ways.get(start); way; way = way.from === start ? undefined : ways.get(way.from))
    steps.unshift(way.step);
  return steps;
}
