import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { planJsonSchema } from './json-schema.js';

test('plan.schema.json is the schema of plans: joinpoint plan schema > plan.schema.json', () => {
  expect(readFileSync(new URL('../plan.schema.json', import.meta.url), 'utf8')).toBe(planJsonSchema());
});
