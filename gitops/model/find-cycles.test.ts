import fc from 'fast-check';
import { expect, test } from 'vitest';
import { findCycles } from './find-cycles.js';

const graphOf = (edges: Readonly<Record<string, string>>) =>
  new Map(Object.entries(edges).map(([node, targets]) => [node, targets.split('').map((to) => ({ to }))]));
const cyclesOf = (edges: Readonly<Record<string, string>>) =>
  findCycles(graphOf(edges)).map((steps) => steps.map(({ to }) => to).join(''));

test.each([
  ['none', { a: 'b', b: 'c', c: '' }, []],
  ['a node that leads to itself', { a: 'a' }, ['a']],
  ['with a way in and a way out', { a: 'b', b: 'c', c: 'bd', d: '' }, ['cb']],
  ['two that a way connects', { a: 'b', b: 'ac', c: 'd', d: 'ec', e: '' }, ['ba', 'dc']],
  ['the shorter of two through one node', { a: 'bd', b: 'c', c: 'a', d: 'a' }, ['da']],
  ['steps to what is no node', { a: 'x' }, []],
])('%s', (_, edges, cycles) => {
  expect(cyclesOf(edges)).toEqual(cycles);
});

test('a graph has a cycle exactly when one is found, and every step of it is there', () => {
  const node = fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f', 'g', 'h');
  fc.assert(
    fc.property(fc.dictionary(node, fc.array(node, { maxLength: 3 })), (edges) => {
      const graph = new Map(Object.entries(edges).map(([name, targets]) => [name, targets.map((to) => ({ to }))]));
      const cycles = findCycles(graph);
      for (const steps of cycles)
        for (const [index, { to }] of steps.entries()) expect(edges[steps.at(index - 1)!.to]).toContain(to);
      expect(cycles.length > 0).toBe(hasCycle(edges));
    }),
  );
});

/** By the slow way: take away what leads nowhere, until nothing changes. */
function hasCycle(edges: Readonly<Record<string, readonly string[]>>): boolean {
  let left = Object.keys(edges);
  for (let before = -1; before !== left.length;) {
    before = left.length;
    const there = new Set(left);
    left = left.filter((node) => edges[node]!.some((to) => there.has(to)));
  }
  return left.length > 0;
}
