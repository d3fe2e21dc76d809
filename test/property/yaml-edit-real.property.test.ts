import { isDeepStrictEqual } from 'node:util';
import { expect, test } from 'vitest';
import { editYaml } from '../../gitops/yaml/edit-yaml.js';
import type { EntryEdit, YamlValue } from '../../gitops/yaml/yaml-edit.js';
import { expectedData } from './expected-data.js';
import { lookUp, pathsOf, type Plain, readText, type ReadText } from './plain-data.js';
import { type Draw, drawFrom } from './random-yaml.js';
import { absence, realFiles } from './real-files.js';
import { expectUntouchedBytes } from './untouched-bytes.js';

/** Twenty seconds of work, on a machine that may be busy. */
const timeoutMs = 300_000;

test.skipIf(absence)(
  `edits of every real file touch the lines of their node alone${absence}`,
  async ({ annotate }) => {
    const counts = { files: 0, unreadable: 0, edits: 0, refused: 0, unexplained: 0 };
    for (const [index, { text }] of realFiles().entries()) {
      const before = readText(text);
      if (!before) {
        counts.unreadable++;
        continue;
      }
      counts.files++;
      for (const edit of editsOf(drawFrom({ seed: index, budget: Infinity }), before)) {
        const result = editYaml(text, [edit]);
        counts.edits++;
        if (result.status === 'refused') {
          counts.refused++;
          if (!/anchor|merge key/.test(result.reason)) counts.unexplained++;
          continue;
        }
        expectMinimal(before, readText(result.text)!, edit);
      }
    }
    await annotate(JSON.stringify(counts));
    expect(counts.files).toBeGreaterThan(3000);
    expect(counts.refused / counts.edits).toBeLessThan(0.1);
    expect(counts.unexplained).toBe(0);
  },
  timeoutMs,
);

/** A text set, one entry added, one taken away, each at a path of its own. */
function editsOf(draw: Draw, { data }: ReadText): EntryEdit[] {
  const document = draw.upTo(data.length - 1);
  const paths = pathsOf(data[document]!);
  const pick = (isWanted: (found: Plain) => boolean) => {
    const wanted = paths.filter((path) => path.length > 0 && isWanted(lookUp(data[document]!, path)!));
    return wanted.length > 0 ? [draw.pick(wanted)] : [];
  };
  const value: YamlValue = draw.pick([{ cpu: '10m', memory: '1Gi' }, 'text', 5, ['a', 'b'], 'two\nlines\n']);
  return [
    ...pick((found) => typeof found !== 'object').map((path): EntryEdit => ({
      op: 'set',
      document,
      path,
      value: 'x-1',
    })),
    ...pick((found) => typeof found === 'object' && found !== null).map((path): EntryEdit => ({
      op: 'insert',
      document,
      path,
      value,
      ...(Array.isArray(lookUp(data[document]!, path)) ? {} : { key: 'joinpoint' }),
    })),
    ...pick(() => true).map((path): EntryEdit => ({ op: 'remove', document, path })),
  ];
}

function expectMinimal(before: ReadText, after: ReadText, edit: EntryEdit): void {
  const expected = before.data.with(edit.document, expectedData(before.data[edit.document]!, edit));
  if (!isDeepStrictEqual(after.data, expected)) expect(after.data).toEqual(expected);
  expectUntouchedBytes(before, after, edit);
  if (edit.op !== 'set') return;
  const changed = changedLines(before.text, after.text);
  expect(changed.gone).toBeLessThanOrEqual(linesAt(before, edit));
  expect(changed.come).toBeLessThanOrEqual(linesAt(after, edit));
}

/** Lines between those that both texts begin and end with. */
function changedLines(one: string, other: string): { gone: number; come: number } {
  const [ones, others] = [one.split('\n'), other.split('\n')];
  const shorter = Math.min(ones.length, others.length);
  let first = 0;
  while (first < shorter && ones[first] === others[first]) first++;
  let last = 0;
  while (last < shorter - first && ones.at(-1 - last) === others.at(-1 - last)) last++;
  return { gone: ones.length - first - last, come: others.length - first - last };
}

/** On how many lines a scalar stands. */
function linesAt({ documents, text }: ReadText, { document, path }: EntryEdit): number {
  const node = documents[document]!.getIn(path, true) as { range: [number, number, number] } | undefined;
  const [from, to] = node?.range ?? [0, 0];
  return text.slice(from, to).replace(/\n$/, '').split('\n').length;
}
