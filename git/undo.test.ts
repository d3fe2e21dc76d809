import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { edit, listing, Mirrored } from '../test/harness/mirror.js';
import { treeOf } from './commit.js';
import { foldCandidate } from './fold.js';
import type { Mirror } from './mirror.js';
import { readObjects } from './read-objects.js';
import { runGit } from './run.js';
import { landingText } from './trailers.js';
import { planUndo, type UndoUnit } from './undo.js';

const at = 1_700_000_000_000;
const kustomization = 'apiVersion: kustomize.toolkit.fluxcd.io/v1\nkind: Kustomization\nspec:\n  prune: true # keep\n';
const start = { 'a.txt': 'one\ntwo\nthree\n', 'b.txt': 'b\n', 'dir/c.txt': 'c\n' };

let repo: Mirrored;
let mirror: Mirror;
beforeAll(async () => {
  ({ repo, mirror } = await Mirrored.of(start));
});
afterAll(() => repo?.remove());

type Edits = Readonly<Record<string, string | null>>;
const nothing = (): boolean => false;

/** Lands each of `works` as a task of its own, one on the other. */
async function landed(works: readonly Edits[], keeps: UndoUnit['keeps'] = nothing) {
  const units = [];
  let head = repo.start;
  for (const [place, files] of works.entries()) {
    const commit = await edit(mirror, head, files);
    if ((await treeOf(mirror, commit)) === (await treeOf(mirror, head))) continue;
    units.push({
      task: `1.${place + 1}`,
      title: 'x',
      author: 'Agent A',
      needs: [],
      base: head,
      head: commit,
      n: place + 1,
    });
    head = commit;
  }
  const outcome = await foldCandidate(mirror, { uid: 'u1', onto: repo.start, units, stages: [], at });
  if (outcome.status !== 'folded') throw new Error('the fold of a line of commits has no conflict');
  const commits = outcome.candidate.waves.flatMap((wave) => wave.commits);
  return {
    head: outcome.candidate.head,
    units: commits.map(({ commit, task, stage, n }): UndoUnit => ({ commit, id: { task, stage, n }, keeps })),
  };
}

const undo = (head: string, units: readonly UndoUnit[]) =>
  planUndo(mirror, {
    uid: 'u1',
    head,
    units,
    reason: 'it broke',
    at,
    keeps: (path) => units.some((unit) => unit.keeps(path)),
  });
const textOf = async (commit: string, path: string) => (await readObjects(mirror, [`${commit}:${path}`]))[0]?.text;
const startTree = () => treeOf(mirror, repo.start);

test('undoes in reverse order, one commit for each landing, with its reason and trailers', async () => {
  const { head, units } = await landed([{ 'a.txt': 'ONE\ntwo\nthree\n' }, { 'a.txt': 'ONE\nTWO\nthree\n' }]);
  const plan = await undo(head, units);
  expect(plan.undone.map(({ id }) => landingText(id))).toEqual(['1.2/all/2', '1.1/all/1']);
  expect(await treeOf(mirror, plan.head)).toBe(await startTree());
  const { stdout } = await runGit(mirror.dir, ['log', '--reverse', '--format=%P|%B', `${head}..${plan.head}`]);
  expect(stdout).toContain(`${head}|Undo 1.2/all/2\n\nit broke\n\nJoinpoint-Rollout: u1\nJoinpoint-Undo: 1.2/all/2\n`);
  expect(await undo(head, units)).toEqual(plan);
});

test('what others changed meanwhile stays', async () => {
  const { head, units } = await landed([{ 'a.txt': 'ONE\ntwo\nthree\n', new: 'n\n' }]);
  const foreign = { 'b.txt': 'theirs\n', 'dir/theirs': 't\n' };
  const plan = await undo(await edit(mirror, head, foreign), units);
  expect(await treeOf(mirror, plan.head)).toBe(await treeOf(mirror, await edit(mirror, repo.start, foreign)));
});

test('a landing that somebody undid already is recorded without a commit', async () => {
  const { head, units } = await landed([{ new: 'n\n' }, { 'b.txt': 'B\n' }]);
  const plan = await undo(await edit(mirror, head, { new: null }), units);
  expect(plan.empty.map(landingText)).toEqual(['1.1/all/1']);
  expect(plan.undone.map(({ id }) => landingText(id))).toEqual(['1.2/all/2']);
  expect(await treeOf(mirror, plan.head)).toBe(await startTree());
});

test('a landing that others built on is a conflict, and the rest is undone', async () => {
  const { head, units } = await landed([{ 'a.txt': 'ONE\ntwo\nthree\n' }, { 'b.txt': 'B\n' }]);
  const plan = await undo(await edit(mirror, head, { 'a.txt': 'ONE!\ntwo\nthree\n' }), units);
  expect(plan.conflicts).toEqual([{ id: units[0]!.id, why: 'changed', files: ['a.txt'] }]);
  expect(await textOf(plan.head, 'a.txt')).toBe('ONE!\ntwo\nthree\n');
  expect(await textOf(plan.head, 'b.txt')).toBe('b\n');
});

test('a conflict in the newest landing keeps none of the older ones from being undone', async () => {
  const { head, units } = await landed([{ 'a.txt': 'ONE\ntwo\nthree\n' }, { 'b.txt': 'B\n' }]);
  const plan = await undo(await edit(mirror, head, { 'b.txt': 'B!\n' }), units);
  expect(plan.conflicts).toEqual([{ id: units[1]!.id, why: 'changed', files: ['b.txt'] }]);
  expect(await treeOf(mirror, plan.head)).toBe(
    await treeOf(mirror, await edit(mirror, repo.start, { 'b.txt': 'B!\n' })),
  );
});

test('without units nothing moves', async () => {
  expect(await undo(repo.start, [])).toMatchObject({ head: repo.start, undone: [], empty: [], conflicts: [] });
});

describe('a quarantine', () => {
  const keeps: UndoUnit['keeps'] = (path) => path.startsWith('data/');
  const work = {
    'data/ks.yaml': kustomization,
    'data/pvc.yaml': 'kind: PersistentVolumeClaim\n',
    'a.txt': 'ONE\ntwo\nthree\n',
  };

  test('keeps its paths, suspends them in the same commit, and undoes the rest', async () => {
    const { head, units } = await landed([work], keeps);
    const plan = await undo(head, units);
    expect(plan.quarantined.toSorted()).toEqual(['data/ks.yaml', 'data/pvc.yaml']);
    expect(plan.undone).toHaveLength(1);
    expect(await textOf(plan.head, 'data/ks.yaml')).toBe(kustomization.replace('  prune', '  suspend: true\n  prune'));
    const expected = await edit(mirror, repo.start, {
      'data/ks.yaml': await textOf(plan.head, 'data/ks.yaml').then((text) => text!),
      'data/pvc.yaml': work['data/pvc.yaml'],
    });
    expect(await treeOf(mirror, plan.head)).toBe(await treeOf(mirror, expected));
  });

  test('of nothing that reconciles, with nothing else to undo, is recorded without a commit', async () => {
    const { head, units } = await landed([{ 'data/pvc.yaml': 'kind: PersistentVolumeClaim\n' }], keeps);
    expect(await undo(head, units)).toMatchObject({ head, undone: [], quarantined: ['data/pvc.yaml'] });
  });

  test('is left to a person where Flux would prune what it keeps, since nobody would list it', async () => {
    const list = 'resources:\n  - ./data\n  - ./x.yaml\n';
    const { head, units } = await landed([{ ...work, 'kustomization.yaml': list, 'x.yaml': 'kind: A\n' }], keeps);
    const refused = await undo(head, units);
    expect(refused).toMatchObject({ head, undone: [], conflicts: [{ why: 'orphans', files: ['kustomization.yaml'] }] });
    const kept = units.map((unit) => ({
      ...unit,
      keeps: (path: string) => keeps(path) || path === 'kustomization.yaml',
    }));
    expect(await undo(head, kept)).toMatchObject({ undone: [{ id: units[0]!.id }], conflicts: [] });
    const before = await landed(
      [
        { ...work, 'kustomization.yaml': list.replace('  - ./x.yaml\n', '') },
        { 'x.yaml': 'kind: A\n', 'kustomization.yaml': list, 'data/b.yaml': 'kind: B\n' },
      ],
      keeps,
    );
    expect(await undo(before.head, before.units.slice(1)), 'it is listed as before').toMatchObject({ conflicts: [] });
  });

  describe('is left to a person where what another landing reverts', () => {
    const pvc = { 'apps/db/app/pvc.yaml': 'kind: PersistentVolumeClaim\n' };
    const list = { 'apps/kustomization.yaml': 'resources: [./db/app/pvc.yaml]\n' };
    const fluxed = (path: string, more = '  prune: true\n') =>
      `${kustomization.replace('  prune: true # keep\n', more)}  path: ${path}\n`;
    const keepsApp: UndoUnit['keeps'] = (path) => path.startsWith('apps/db/app/');
    /** The first landings are plain reverts, the last one is undone by quarantine. */
    async function undone(...works: readonly Edits[]) {
      const { head, units } = await landed(works);
      const quarantined = units.map((unit, place) =>
        place === units.length - 1 ? { ...unit, keeps: keepsApp } : unit,
      );
      return { head, units, plan: await undo(head, quarantined) };
    }
    const left = (id: UndoUnit['id'], ...files: readonly string[]) => ({ conflicts: [{ id, why: 'orphans', files }] });

    test('lists what it keeps', async () => {
      const { head, units, plan } = await undone(list, pvc);
      expect(plan).toMatchObject({ head, undone: [], ...left(units[0]!.id, 'apps/kustomization.yaml') });
    });

    test.each<[string, Edits, string]>([
      ['a list of a list', { ...list, 'apps/list/kustomization.yaml': 'resources: [..]\n' }, ''],
      ['a Flux Kustomization', { 'apps/db/ks.yaml': fluxed('./apps/db/app/') }, 'apps/db/ks.yaml'],
      ['one beside others', { 'all.yaml': `kind: Namespace\n---\n${fluxed('apps')}` }, 'all.yaml'],
      ['one for the whole repository', { 'all.yaml': kustomization }, 'all.yaml'],
      ['one that deletes', { 'ks.yaml': fluxed('apps', '  prune: false\n  deletionPolicy: Delete\n') }, 'ks.yaml'],
    ])('is %s over it', async (_, over, file) => {
      const { units, plan } = await undone(over, pvc);
      const files = file === '' ? ['apps/kustomization.yaml', 'apps/list/kustomization.yaml'] : [file];
      expect(plan).toMatchObject({ undone: [], ...left(units[0]!.id, ...files) });
    });

    test('or the same one reverts is a Flux Kustomization over it', async () => {
      const { head, units } = await landed([{ 'apps/db/ks.yaml': fluxed('apps/db/app'), ...pvc }], keepsApp);
      expect(await undo(head, units)).toMatchObject({ head, ...left(units[0]!.id, 'apps/db/ks.yaml') });
    });

    test('lists the Flux Kustomization over it', async () => {
      const { units, plan } = await undone(
        { 'flux/ks.yaml': fluxed('apps/db/app') },
        { 'cluster/kustomization.yaml': 'resources: [../flux]\n', 'flux/kustomization.yaml': 'resources: [ks.yaml]\n' },
        pvc,
      );
      expect(plan.conflicts).toEqual([
        { id: units[1]!.id, why: 'orphans', files: ['cluster/kustomization.yaml', 'flux/kustomization.yaml'] },
        { id: units[0]!.id, why: 'orphans', files: ['flux/ks.yaml'] },
      ]);
    });

    test.each<[string, Edits]>([
      ['prunes nothing', { 'ks.yaml': fluxed('apps', '  prune: false\n') }],
      ['leaves behind what it made', { 'ks.yaml': fluxed('apps', '  prune: true\n  deletionPolicy: Orphan\n') }],
      ['leads elsewhere', { 'ks.yaml': fluxed('web'), 'web/kustomization.yaml': 'resources: [../../out, x.yaml]\n' }],
      ['does not parse', { 'apps/kustomization.yaml': 'resources: [\n' }],
    ])('but not where it %s', async (_, over) => {
      const { plan } = await undone(over, pvc);
      expect(plan).toMatchObject({ conflicts: [], undone: [{}] });
    });

    test('but not for what goes as well, though a glob of the quarantine matches it', async () => {
      const { head, units } = await landed([pvc, list]);
      const plan = await planUndo(mirror, {
        uid: 'u1',
        head,
        units,
        reason: 'it broke',
        at,
        keeps: (path) => path.endsWith('pvc.yaml'),
      });
      expect(plan.conflicts).toEqual([]);
      expect(await treeOf(mirror, plan.head)).toBe(await startTree());
    });

    test('leads to what an undo before it kept', async () => {
      const before = await landed([pvc], keepsApp);
      const kept = await undo(before.head, before.units);
      const again = await edit(mirror, kept.head, list);
      const id = { task: '1.1', stage: 'all', n: 9 };
      expect(await undo(again, [{ id, commit: again, keeps: keepsApp }])).toMatchObject({
        undone: [],
        ...left(id, 'apps/kustomization.yaml'),
      });
    });
  });

  test('is not led astray by odd names of what it keeps', async () => {
    const odd = { 'data/a\nb.yaml': 'kind: A\n', 'data/ "ü" .yaml': kustomization, 'data/gone': null };
    const { head, units } = await landed([{ 'data/gone': 'x\n' }, odd], keeps);
    const plan = await undo(head, units.slice(1));
    const text = await textOf(plan.head, 'data/ "ü" .yaml');
    expect(text).toContain('  suspend: true\n');
    expect(await textOf(plan.head, 'data/a\nb.yaml')).toBe('kind: A\n');
    expect(Object.keys(await listing(mirror, plan.head))).not.toContain('data/gone');
  });
});

/** Random edits of few paths, each with a text of its own, so that no edit looks like a move of a file. */
const edits: fc.Arbitrary<Edits> = fc.dictionary(
  fc.constantFrom('a.txt', 'b.txt', 'dir/c.txt', 'dir/new', 'new', 'ö dir/"x"'),
  fc.option(
    fc.uuid().map((text) => `${text}\n`),
    { freq: 4 },
  ),
  { minKeys: 1, maxKeys: 4, noNullPrototype: true },
);

test('fold, then undo everything: the tree is that of the start, with what others changed elsewhere', async () => {
  const foreign = { 'theirs/x': 'x\n' };
  const expected = await treeOf(mirror, await edit(mirror, repo.start, foreign));
  await fc.assert(
    fc.asyncProperty(fc.array(edits, { minLength: 1, maxLength: 4 }), fc.boolean(), async (works, withForeign) => {
      const { head, units } = await landed(works);
      const plan = await undo(withForeign ? await edit(mirror, head, foreign) : head, units);
      expect(plan.conflicts).toEqual([]);
      expect(await treeOf(mirror, plan.head)).toBe(withForeign ? expected : await startTree());
    }),
    { numRuns: 15 },
  );
});
