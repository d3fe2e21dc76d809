/** The table of mutations keeps up with the code; `npm run test:mutation` carries them out. */
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { misfit } from './checkout.js';
import { lineOf } from './mutation-run.js';
import { mutations } from './mutations.js';

test('every mutation finds its place in the code, once, and leaves a program', () => {
  const root = fileURLToPath(new URL('../..', import.meta.url));
  const stale = mutations.flatMap((mutation) => {
    const why = misfit(root, mutation);
    return why === undefined ? [] : [`${lineOf(mutation)}: ${why}`];
  });
  expect(stale).toEqual([]);
});
