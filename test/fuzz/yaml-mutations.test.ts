import { expect, test } from 'vitest';
import { editYaml } from '../../gitops/yaml/edit-yaml.js';
import type { YamlEdit } from '../../gitops/yaml/yaml-edit.js';
import { YamlFile } from '../../gitops/yaml/yaml-file.js';
import { pathsOf, type Plain } from '../property/plain-data.js';
import { randomEdit } from '../property/random-edit.js';
import { type Draw, drawFrom, randomYaml } from '../property/random-yaml.js';
import { absence, realFiles } from '../property/real-files.js';
import { mutate } from './mutate.js';

const files = 10_000;
/** Of processor time, since a busy machine is no hang. */
const limitMs = 2_000;

const own = [
  'a: &x { b: 1 }\nc: { <<: *x }\n',
  'a: |\n  text\n\n  more\nb: >-\n  folded\n# end',
  '%YAML 1.2\n---\n- ? k\n  : v\n- [a, { b: c }]\n...\n---\nlast: "x"\n',
  'a: &a [1]\nb: &b [*a, *a, *a]\nc: &c [*b, *b, *b]\nd: &d [*c, *c, *c]\ne: [*d, *d, *d]\n',
  `${'['.repeat(300)}${']'.repeat(300)}`,
  Array.from({ length: 60 }, (_, depth) => `${' '.repeat(depth)}k:`).join('\n'),
];

const name = 'damaged files are read and edited, or refused, and never throw or hang';

/** Twenty seconds of work, on a machine that may be busy. */
const timeoutMs = 300_000;

test(
  `${files} ${name}${absence && ' (own ones, since ../shared/homelabs is not there)'}`,
  async ({ annotate }) => {
    const real = realFiles().map(({ text }) => text);
    const counts = { edited: 0, refused: 0 };
    const wrong: object[] = [];
    let slowestMs = 0;
    for (let index = 0; index < files; index++) {
      const draw = drawFrom({ seed: index, budget: Infinity });
      const text = mutate(draw, anyText(draw, real));
      const startedAt = process.cpuUsage();
      const edit = anyEdit(draw, YamlFile.read('damaged.yaml', text));
      const result = editYaml(text, [edit]);
      const tookMs = process.cpuUsage(startedAt).user / 1000;
      slowestMs = Math.max(slowestMs, tookMs);
      counts[result.status]++;
      const isSound = result.status === 'edited' ? problemsOf(result.text).length === 0 : result.position.line > 0;
      if (!isSound || tookMs > limitMs) wrong.push({ text, edit, result, tookMs });
    }
    await annotate(JSON.stringify({ ...counts, slowestMs }));
    expect(wrong).toEqual([]);
    expect(counts.edited).toBeGreaterThan(files / 10);
    expect(counts.refused).toBeGreaterThan(files / 10);
  },
  timeoutMs,
);

function anyText(draw: Draw, real: readonly string[]): string {
  const origin = draw.upTo(9);
  if (origin === 0) return draw.pick(own);
  return origin < 4 || real.length === 0 ? randomYaml(draw) : draw.pick(real);
}

/** But for aliases that expand too far to be read as data. */
const problemsOf = (text: string) =>
  YamlFile.read('edited.yaml', text).problems.filter(({ code }) => code !== 'ALIAS_BOMB');

/** At a path that is there, if there is one; sometimes at one that is nowhere. */
function anyEdit(draw: Draw, file: YamlFile): YamlEdit {
  const index = draw.upTo(Math.max(file.documents.length - 1, 0));
  const kind = draw.upTo(19);
  if (kind === 0) return { op: 'set', document: draw.upTo(3), path: ['no', 'such', 3, 'path'], value: null };
  if (kind === 1) return { op: 'insertDocument', document: 'end', value: { added: true } };
  if (kind === 2) return { op: 'removeDocument', document: index };
  const data = plain(file.documents[index]?.value);
  return data === undefined || pathsOf(data).length > 5_000
    ? { op: 'set', document: 0, path: ['a'], value: 'x' }
    : randomEdit(draw, index, data);
}

function plain(value: unknown): Plain | undefined {
  try {
    return JSON.parse(JSON.stringify(value)) as Plain;
  } catch {
    return undefined;
  }
}
