import { expect, test } from 'vitest';
import { resourceTable } from '../../gitops/charts/resource-table.js';
import { defaultSize, type Size, sizes } from './sizes.js';
import { amountOf } from './quantity.js';

const all: readonly (readonly [string, string, Size])[] = Object.entries(sizes).flatMap(([chart, keys]) =>
  Object.entries(keys).map(([key, size]) => [chart, key, size] as const),
);

test.each([...all, ['any chart', 'default', defaultSize] as const])(
  '%s, %s: a request below its limit',
  (_, __, size) => {
    const [cpu, memory, limit] = size;
    expect(cpu).toMatch(/^[1-9]\d*m$/);
    expect([memory, limit].filter((quantity) => !/^[1-9]\d*[MG]i$/.test(quantity))).toEqual([]);
    expect(amountOf(memory)).toBeLessThan(amountOf(limit));
  },
);

test('every number stands at a key that its chart reads, so that it reaches a Pod', () => {
  const read = new Set(
    resourceTable.flatMap(({ chart, keys }) => keys.map(({ path }) => `${chart} ${path.join('.')}`)),
  );
  const unread = all.map(([chart, key]) => `${chart} ${key}`).filter((one) => !read.has(one));
  // Flux's controllers are patched.
  expect(unread).toEqual(['flux-instance instance.kustomize.patches']);
});
