import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { planJsonSchema } from './json-schema.js';

test('plan.schema.json is the schema of plans: joinpoint plan schema > plan.schema.json', () => {
  expect(readFileSync(new URL('../plan.schema.json', import.meta.url), 'utf8')).toBe(planJsonSchema());
});

interface Node {
  readonly description?: string;
  readonly properties?: Readonly<Record<string, Node>>;
  readonly additionalProperties?: Node | boolean;
  readonly items?: Node;
  readonly anyOf?: readonly Node[];
  readonly oneOf?: readonly Node[];
}

/** The properties that say nothing of what they are for, by path; within what is for readers alone the names say it. */
function undescribed(
  { properties = {}, additionalProperties, items, anyOf = [], oneOf = [] }: Node,
  path = '',
): string[] {
  const within = [items, additionalProperties, ...anyOf, ...oneOf].flatMap((node) =>
    typeof node === 'object' ? undescribed(node, path) : [],
  );
  const own = Object.entries(properties).flatMap(([name, node]) => {
    const here = path ? `${path}.${name}` : name;
    if (node.description?.startsWith('for readers')) return [];
    return [...(node.description === undefined ? [here] : []), ...undescribed(node, here)];
  });
  return [...new Set([...own, ...within])];
}

test('every property says what it is for, but for titles', () => {
  const silent = undescribed(JSON.parse(planJsonSchema()) as Node);
  expect(silent.filter((path) => !path.endsWith('title'))).toEqual([]);
});
