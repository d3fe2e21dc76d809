import { expect, test } from 'vitest';
import { changeFindingsOf } from './testing.js';
import { unrelatedLinesRewritten } from './unrelated-lines-rewritten.js';

const before = `spec:
  chart:
    spec:
      chart: velero
      version: "1.0.0"
  values:
    a: 'x'
    b: "y"
    c: z
`;

const changed = (after: string, from = before): ReturnType<typeof changeFindingsOf> =>
  changeFindingsOf(unrelatedLinesRewritten, { 'a.yaml': from }, { 'a.yaml': after });

test('reformatting is said once, with what it comes with', () => {
  const after = `spec:
    chart:
        spec:
            chart: velero
            version: 1.0.0
    values:
        a: x
        b: y
        c: other
`;
  expect(changed(after)).toEqual([
    {
      at: 'a.yaml:2:1',
      subject: 'a.yaml',
      message:
        '7 lines are written anew and say what they said before, while only 1 line of it change what it says; keep their indentation, quotes and order as they were, or reformat in a commit of its own',
    },
  ]);
});

test('nothing but reformatting', () => {
  expect(changed(before.replaceAll('\n', '\r\n'))[0]?.message).toContain('while nothing that it says changes');
});

test('in the document that it is, although one came before it', () => {
  const after = `kind: New\na: 1\nb: 2\nc: 3\nd: 4\ne: 5\n---\n${before}`;
  expect(changed(after)).toEqual([]);
});

test.each([
  ['values that change, however many', before.replaceAll(/: (?=\S)/g, ': new-')],
  ['comments and blank lines', before.replaceAll('\n', '\n  # a\n\n')],
  ['a few quotes', before.replace("'x'", 'x').replace('"y"', 'y')],
  ['entries that come', `${before}    d: 1\n    e:\n      f: 1\n      g: [1]\n      h: {}\n      i: 0\n`],
  ['entries that go', 'spec:\n  chart:\n    spec:\n      chart: velero\n'],
  ['a file that does not parse', before.replaceAll('  ', '\t')],
])('silent: %s', (_, after) => {
  expect(changed(after)).toEqual([]);
});

test('silent: files that come and go', () => {
  expect(changeFindingsOf(unrelatedLinesRewritten, { 'a.yaml': before }, { 'b.yaml': before })).toEqual([]);
});
