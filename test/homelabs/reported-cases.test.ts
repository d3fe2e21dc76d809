/** docs/lint-cases.md says what the linter says today; what the other tools said, `npm run docs:cases` asks them. */
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { missingData } from './homelab-trees.js';
import { replayCases } from './replay-trees.js';
import { lintCell, reportedOf } from './reported-cases.js';

const page = readFileSync(new URL('../../docs/lint-cases.md', import.meta.url), 'utf8');
/** By the case's id: the third cell. */
const rows = new Map(
  page.split('\n').flatMap((line) => {
    const [, id, , lint] = line.split(/(?<!\\)\|/).map((cell) => cell.trim());
    return id && lint ? [[id, lint] as const] : [];
  }),
);

describe.skipIf(missingData !== '')(`docs/lint-cases.md${missingData}`, () => {
  test.each(replayCases.map((one) => [one.id, one] as const))(
    'case %s: the row says what the linter says',
    (id, one) => {
      expect(rows.get(id)).toBe(lintCell(one));
    },
  );

  test('every failure that files show is reported', () => {
    const missed = replayCases.flatMap((one) =>
      reportedOf(one)
        .filter(({ expected, finding }) => !finding && expected.layer !== 'live')
        .map(({ expected }) => `${one.id} ${expected.rule} ${expected.subject}`),
    );
    expect(missed).toEqual([]);
  });
});
