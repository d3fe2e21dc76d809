import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { editYaml } from '../../gitops/yaml/edit-yaml.js';
import type { EntryEdit } from '../../gitops/yaml/yaml-edit.js';
import { expectedData } from './expected-data.js';
import { readText } from './plain-data.js';
import { randomEdit } from './random-edit.js';
import { drawFrom, randomYaml, seeds } from './random-yaml.js';
import { expectUntouchedBytes } from './untouched-bytes.js';

const numRuns = Number(process.env['YAML_EDITS'] ?? 10_000);

/** Twenty seconds of work, on a machine that may be busy. */
const timeoutMs = 300_000;

test(
  `${numRuns} random edits of random texts read as asked, and touch nothing else`,
  async ({ annotate }) => {
    const counts = { edited: 0, unchanged: 0, refused: 0, unexplained: 0 };
    fc.assert(
      fc.property(seeds, (seed) => {
        const before = readText(randomYaml(drawFrom(seed)));
        fc.pre(before !== undefined);
        const draw = drawFrom({ seed: seed.seed + 1, budget: Infinity });
        const document = draw.upTo(before.data.length - 1);
        const edit = randomEdit(draw, document, before.data[document]!);

        const result = editYaml(before.text, [edit]);
        if (result.status === 'refused') {
          counts.refused++;
          if (result.reason.includes('would not read back')) counts.unexplained++;
          return;
        }
        counts[result.text === before.text ? 'unchanged' : 'edited']++;
        const after = readText(result.text)!;
        const expected = before.data.with(document, expectedData(before.data[document]!, edit));
        if (!isDeepStrictEqual(after.data, expected)) expect(after.data).toEqual(expected);
        expectUntouchedBytes(before, after, edit);
        if (isOnce(edit)) expect(editYaml(result.text, [edit])).toEqual(result);
      }),
      { numRuns, seed: 20_261_124 },
    );
    await annotate(JSON.stringify(counts));
    expect(counts.edited / numRuns).toBeGreaterThan(0.8);
    expect(counts.refused / numRuns).toBeLessThan(0.1);
    expect(counts.unexplained / numRuns).toBeLessThan(0.001);
  },
  timeoutMs,
);

/** Where an item is gone, its index is that of the next one, which may be equal. */
const isOnce = ({ op, path }: EntryEdit): boolean => op !== 'remove' || path.every((step) => typeof step === 'string');
