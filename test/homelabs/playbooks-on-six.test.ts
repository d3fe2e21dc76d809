/** What the playbooks of tasks 1.1 and 1.2 do to six real repositories: what is asked for, nothing else, and once. */
import { isDeepStrictEqual } from 'node:util';
import { beforeAll, describe, expect, test } from 'vitest';
import type { Applier } from '../../gitops/flux/flux-kustomization.js';
import type { BuiltObject } from '../../gitops/kustomize/built-object.js';
import { lint, lintChange } from '../../gitops/lint/lint.js';
import { isMap } from '../../gitops/manifests/fields.js';
import type { Composed } from '../../gitops/manifests/composed.js';
import { objectText } from '../../gitops/manifests/object-id.js';
import { readRepository } from '../../gitops/model/read-repository.js';
import type { Repository } from '../../gitops/model/repository.js';
import type { FileTree } from '../../gitops/source/file-tree.js';
import { treeWithFiles } from '../../gitops/source/tree-with-files.js';
import { editYaml } from '../../gitops/yaml/edit-yaml.js';
import type { EntryEdit } from '../../gitops/yaml/yaml-edit.js';
import type { YamlPath } from '../../gitops/yaml/yaml-file.js';
import { fluxStandardization } from '../../playbooks/flux-standardization/playbook.js';
import type { Playbook } from '../../playbooks/playbook.js';
import { resourceLimits } from '../../playbooks/resource-limits/playbook.js';
import { runPlaybook } from '../../playbooks/run-playbook.js';
import type { StageRun } from '../../playbooks/run-stage.js';
import { expectedData } from '../property/expected-data.js';
import { lookUp, type Plain, readText } from '../property/plain-data.js';
import { expectUntouchedBytes } from '../property/untouched-bytes.js';
import { compareAll, missing } from './compare-builds.js';
import { homelabNames, missingData, treeOfFolders } from './homelab-trees.js';

type Name = (typeof homelabNames)[number];

/** In the order of the plan. */
const inOrder = [fluxStandardization, resourceLimits];

interface Done {
  readonly playbook: Playbook;
  readonly before: FileTree;
  readonly runs: readonly StageRun[];
  readonly after: FileTree;
}

function carryOut(start: FileTree): readonly Done[] {
  let before = start;
  return inOrder.map((playbook) => {
    const runs = runPlaybook(playbook, before, playbook.parameters.parse({}), undefined);
    const after = treeWithFiles(before, new Map(runs.flatMap((run) => [...run.files])));
    const done = { playbook, before, runs, after };
    before = after;
    return done;
  });
}

const textIn = (tree: FileTree, path: string): string => new TextDecoder().decode(tree.read(path));

/** By file, the edits that its steps ask for. */
function editsOf(runs: readonly StageRun[]): ReadonlyMap<string, readonly EntryEdit[]> {
  const edits = new Map<string, EntryEdit[]>();
  for (const { file, change } of runs.flatMap(({ steps }) => steps))
    if (change.kind === 'edit') edits.set(file, [...(edits.get(file) ?? []), ...(change.edits as EntryEdit[])]);
  return edits;
}

/** What is left of the rules that the playbooks work by, after both: where nothing is said it is nothing. */
const left: Readonly<Record<Name, Readonly<Record<string, number>>>> = {
  anton: { 'missing-readiness info': 1, 'wait-ignores-health-checks info': 1, 'wait-ignores-health-checks warning': 1 },
  'bjw-s': { 'missing-readiness info': 1, 'missing-readiness warning': 1, 'resources-missing info': 16 },
  buroa: { 'missing-readiness info': 1, 'wait-ignores-health-checks warning': 1, 'resources-missing info': 12 },
  kashalls: { 'missing-readiness info': 1, 'wait-ignores-health-checks warning': 1, 'resources-missing info': 15 },
  onedr0p: { 'missing-readiness info': 1, 'resources-missing info': 15 },
  toboshii: {
    'dangling-depends-on error': 1,
    'missing-readiness info': 1,
    'missing-readiness warning': 1,
    'resources-misplaced warning': 1,
    'resources-missing info': 13,
  },
};

describe.skipIf(missingData !== '').each(homelabNames)(`%s${missingData}`, (name) => {
  let done: readonly Done[];
  let after: Repository;
  beforeAll(() => {
    done = carryOut(treeOfFolders([name]));
    after = readRepository(done.at(-1)!.after);
  }, 120_000);

  test('each file reads as before but for what its steps ask for, and every other byte is the same', () => {
    for (const { runs, before } of done) {
      const edits = editsOf(runs);
      const pages = runs.flatMap(({ files }) => [...files.keys()]).filter((path) => !edits.has(path));
      expect(pages.every((path) => path.startsWith('docs/'))).toBe(true);
      for (const [path, asked] of edits) {
        let text = textIn(before, path);
        for (const edit of asked) {
          const was = readText(text)!;
          expect(overwritten(was.data[edit.document], edit)).toBeUndefined();
          const result = editYaml(text, [edit]);
          if (result.status !== 'edited') throw new Error(`${path}: ${result.reason}`);
          const is = readText(result.text)!;
          const expected = was.data.with(edit.document, expectedData(was.data[edit.document]!, edit));
          if (!isDeepStrictEqual(is.data, expected)) expect(is.data).toEqual(expected);
          if (result.text !== text) expectUntouchedBytes(was, is, edit);
          text = result.text;
        }
        expect(runs.find(({ files }) => files.has(path))?.files.get(path)).toBe(text);
      }
    }
  });

  test('what Flux applies is as before, but for values that stand where something was asked for', () => {
    for (const { runs, ...trees } of done) {
      const edits = editsOf(runs);
      const isAsked = (file: string, path: YamlPath): boolean =>
        (edits.get(file) ?? []).some((edit) => isBelow(path, edit.path) || isBelow(edit.path, path));
      const texts = new Set([...edits.keys()].map((file) => textIn(trees.after, file)));
      const [before, now] = [trees.before, trees.after].map((tree) => builtBy(readRepository(tree)));
      expect([...now!.keys()]).toEqual([...before!.keys()]);
      const unasked = [...now!].flatMap(([key, object]) =>
        differences(before!.get(key)!.composed, object.composed)
          .filter(({ value, origin }) =>
            // A generator takes a file whole.
            object.generated
              ? typeof value !== 'string' || !texts.has(value)
              : !isAsked(origin.document.file.path, origin.pathInFile),
          )
          .map(({ path }) => `${key} ${path.join('.')}`),
      );
      expect(unasked).toEqual([]);
    }
  });

  test('a second time there is nothing to do', () => {
    for (const { runs } of carryOut(done.at(-1)!.after))
      expect(runs.flatMap(({ files }) => [...files.keys()])).toEqual([]);
  });

  test('the linter finds nothing new, and of the playbooks’ rules only what a note names', () => {
    const now = 0;
    const before = readRepository(done[0]!.before);
    expect(lintChange(before, after, { now }).findings).toEqual([]);
    const counts: Record<string, number> = {};
    for (const { playbook } of done) {
      const again = runPlaybook(playbook, done.at(-1)!.after, playbook.parameters.parse({}), undefined);
      const notes = again.flatMap((run) => run.notes);
      const { findings } = lint(after, { now, only: new Set(playbook.rules) });
      for (const { rule, severity } of findings)
        counts[`${rule} ${severity}`] = (counts[`${rule} ${severity}`] ?? 0) + 1;
      expect(findings.filter(({ subject }) => !notes.some((note) => note.startsWith(subject)))).toEqual([]);
    }
    expect(counts).toEqual(left[name]);
  });

  test.skipIf(missing !== '')(`kustomize builds every Flux path as the model does, afterwards too${missing}`, () => {
    const { appliers, differences: found } = compareAll(done.at(-1)!.after);
    expect(found).toEqual([]);
    expect(appliers).toBeGreaterThan(5);
  });
});

function isBelow(path: YamlPath, above: YamlPath): boolean {
  return above.every((step, index) => String(path[index]) === String(step));
}

/** A mapping or sequence that an edit sets anew would lose what it is not asked about. */
function overwritten(data: Plain | undefined, edit: EntryEdit): Plain | undefined {
  const found = edit.op === 'set' ? lookUp(data ?? null, edit.path) : undefined;
  return typeof found === 'object' && found !== null && Object.keys(found).length > 0 ? found : undefined;
}

/** By applier and name; a generated object has the same name whatever it holds. */
function builtBy({ flux }: Repository): ReadonlyMap<string, BuiltObject> {
  const appliers: readonly Applier[] = [...flux.entryPoints, ...flux.kustomizations];
  return new Map(
    appliers.flatMap((applier) =>
      (applier.build?.objects ?? []).map((object): [string, BuiltObject] => [
        `${objectText(applier.id)}: ${objectText(object.id)}`,
        object,
      ]),
    ),
  );
}

interface Difference {
  readonly path: YamlPath;
  /** What the second has there, and from where. */
  readonly value: unknown;
  readonly origin: ReturnType<Composed['origin']>;
}

/** Where two values differ, as deep as both have parts. */
function differences(one: Composed, other: Composed, path: YamlPath = []): readonly Difference[] {
  const [a, { value: b, root }] = [one.at(path).value, other.at(path)];
  if (isDeepStrictEqual(a, b)) return [];
  const keys: readonly (string | number)[] =
    isMap(a) && isMap(b)
      ? [...new Set([...Object.keys(a), ...Object.keys(b)])]
      : Array.isArray(a) && Array.isArray(b)
        ? [...(a.length > b.length ? a : b).keys()]
        : [];
  if (keys.length === 0) return [{ path, value: b, origin: root }];
  return keys.flatMap((key) => differences(one, other, [...path, key]));
}
