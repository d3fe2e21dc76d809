import { chmodSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { edit, Mirrored, stamp } from '../test/harness/mirror.js';
import { type Candidate, foldCandidate } from './fold.js';
import { landUndo, landWave, readTarget, tagCheckpoint, type Target } from './landing.js';
import { fetchMirror, type Mirror } from './mirror.js';
import { landingText } from './trailers.js';

let repo: Mirrored;
let mirror: Mirror;
let target: Target;
beforeEach(async () => {
  ({ repo, mirror } = await Mirrored.of({ 'a.txt': 'one\ntwo\nthree\n' }));
  target = { branch: 'main', uid: 'u1', start: repo.start };
});
afterEach(() => repo.remove());

const hook = (text: string): void => {
  const path = join(repo.origin.url, 'hooks/update');
  writeFileSync(path, `#!/bin/sh\n${text}\n`);
  chmodSync(path, 0o755);
};
/** The next push to main finds that somebody else's came first. */
const raceWith = (late: string): void =>
  hook(
    `[ "$1" = refs/heads/main ] && [ ! -f "$GIT_DIR/raced" ] && { touch "$GIT_DIR/raced"; git update-ref refs/heads/main ${late}; }; exit 0`,
  );
const mainPushes = (): number => repo.origin.pushes().filter(({ ref }) => ref === 'refs/heads/main').length;
const undoAll = (made: Candidate) =>
  landUndo(
    mirror,
    target,
    made.waves.flatMap(({ commits }) => commits).map((id) => ({ id, keeps: () => false })),
    'no',
    stamp.at,
  );

/** Two tasks' work on `onto`. */
async function candidate(onto = repo.start): Promise<Candidate> {
  const units = [];
  for (const [place, files] of [{ x: 'x\n' }, { y: 'y\n' }].entries()) {
    const head = await edit(mirror, repo.start, files);
    units.push({ task: `1.${place + 1}`, title: 'x', author: 'Agent A', needs: [], base: repo.start, head, n: 1 });
  }
  const folded = await foldCandidate(mirror, { uid: 'u1', onto, units, stages: [], at: stamp.at });
  if (folded.status !== 'folded') throw new Error('conflict');
  return folded.candidate;
}

const land = async (made: Candidate, via = mirror) => landWave(via, target, made.waves[0]!.commits, made.onto);

describe('landing a wave', () => {
  test('pushes it once, however often it is asked to, also from another worker and under foreign commits', async () => {
    const made = await candidate();
    const first = await land(made);
    expect(first).toMatchObject({ status: 'landed', head: made.head });
    expect(await land(made)).toEqual(first);
    const foreign = repo.origin.commit({ foreign: 'f\n' }, 'foreign');
    expect(await land(made, await repo.mirror())).toMatchObject({ status: 'landed', head: foreign });
    expect(repo.origin.landed()).toEqual(['1.1: x [all]', '1.2: x [all]', 'foreign']);
    expect(mainPushes()).toBe(3);
  });

  test('pushes nothing when the target has moved, and says where it is', async () => {
    const made = await candidate();
    const head = repo.origin.commit({ foreign: 'f\n' }, 'foreign');
    expect(await land(made)).toEqual({ status: 'moved', head });
    expect(repo.origin.head()).toBe(head);
  });

  test('does not bring back what was taken off the target after the fold', async () => {
    const withdrawn = repo.origin.commit({ foreign: 'f\n' }, 'foreign');
    await fetchMirror(mirror);
    const made = await candidate(withdrawn);
    repo.origin.git('update-ref', 'refs/heads/main', repo.start);
    expect(await land(made)).toEqual({ status: 'moved', head: repo.start });
    expect(repo.origin.head()).toBe(repo.start);
  });

  test('that loses a race at the push says where the target is', async () => {
    const made = await candidate();
    const late = repo.origin.commit({ foreign: 'f\n' }, 'foreign');
    repo.origin.git('update-ref', 'refs/heads/main', repo.start);
    raceWith(late);
    expect(await land(made)).toEqual({ status: 'moved', head: late });
    expect(repo.origin.head()).toBe(late);
  });

  test('has landed when a twin of it wins the race with the same commits', async () => {
    const made = await candidate();
    repo.origin.git('fetch', '--quiet', mirror.dir, made.head);
    raceWith(made.head);
    expect(await land(made)).toMatchObject({
      status: 'landed',
      head: made.head,
      commits: [{ id: { task: '1.1' } }, { id: { task: '1.2' } }],
    });
  });

  test('has not landed when only a part of it stands, even if that part stands twice', async () => {
    const made = await candidate();
    const [first] = made.waves[0]!.commits;
    repo.origin.git('fetch', '--quiet', mirror.dir, made.head);
    repo.origin.git('update-ref', 'refs/heads/main', first!.commit);
    const again = await edit(
      mirror,
      first!.commit,
      { z: 'z\n' },
      `picked\n\nJoinpoint-Rollout: u1\nJoinpoint-Landing: 1.1/all/1\n`,
    );
    repo.origin.git('fetch', '--quiet', mirror.dir, again);
    repo.origin.git('update-ref', 'refs/heads/main', again);
    expect(await land(made)).toEqual({ status: 'moved', head: again });
  });

  test('a hook that refuses the target is a refusal that names it, and no retry mends it', async () => {
    hook('[ "$1" = refs/heads/main ] && { echo "main is protected" >&2; exit 1; }; exit 0');
    await expect(land(await candidate())).rejects.toMatchObject({
      code: 'targetRefused',
      message: expect.stringMatching(
        /refused the push to main: hook declined \(main is protected\); allow joinpoint's user/,
      ),
    });
    expect(repo.origin.head()).toBe(repo.start);
    hook('exit 0');
    expect(await land(await candidate())).toMatchObject({ status: 'landed' });
  });

  test('a lock that another push left on an unmoved target is tried again later, not folded again', async () => {
    const made = await candidate();
    const lock = join(repo.origin.url, 'refs/heads/main.lock');
    writeFileSync(lock, '');
    await expect(land(made)).rejects.toThrow('turned a push away although it has not moved');
    rmSync(lock);
    expect(await land(made)).toMatchObject({ status: 'landed', head: made.head });
  });
});

test('a target whose history was rewritten is refused with what to do', async () => {
  const other = await edit(mirror, repo.start, {}, 'unrelated\n').then(() =>
    repo.origin.git('commit-tree', '-m', 'new root', repo.origin.tree()).trim(),
  );
  repo.origin.git('update-ref', 'refs/heads/main', other);
  await expect(readTarget(mirror, target)).rejects.toMatchObject({
    code: 'targetRewritten',
    message: expect.stringContaining('restore it, then retry'),
  });
  repo.origin.git('update-ref', 'refs/heads/main', repo.start);
  expect(await readTarget(mirror, target)).toMatchObject({ head: repo.start, standing: [] });
});

test('a target branch that is gone is refused with what to do', async () => {
  repo.origin.git('update-ref', '-d', 'refs/heads/main');
  await expect(readTarget(mirror, target)).rejects.toMatchObject({ code: 'branchMissing' });
});

describe('undoing', () => {
  test('is one push of reverts, and a second time nothing', async () => {
    const made = await candidate();
    await land(made);
    const plan = await undoAll(made);
    expect(plan.undone.map(({ id }) => landingText(id))).toEqual(['1.2/all/1', '1.1/all/1']);
    expect(repo.origin.tree()).toBe(repo.origin.tree(repo.start));
    expect(mainPushes()).toBe(3);
    expect(await undoAll(made)).toMatchObject({ head: plan.head, undone: [] });
    expect((await readTarget(mirror, target)).standing).toEqual([]);
  });

  test('of what never landed pushes nothing', async () => {
    expect(await undoAll(await candidate())).toMatchObject({ head: repo.start, undone: [], empty: [] });
  });

  test('leaves what a quarantine keeps', async () => {
    const made = await candidate();
    await land(made);
    const orders = made.waves
      .flatMap(({ commits }) => commits)
      .map((id) => ({ id, keeps: (path: string) => path === 'x' }));
    const plan = await landUndo(mirror, target, orders, 'no', stamp.at);
    expect(plan.quarantined).toEqual(['x']);
    expect(repo.origin.git('ls-tree', '--name-only', 'main').trim().split('\n')).toEqual(['a.txt', 'x']);
  });

  test('plans anew when somebody pushed in between', async () => {
    const made = await candidate();
    await land(made);
    const late = repo.origin.commit({ foreign: 'f\n' }, 'foreign');
    repo.origin.git('update-ref', 'refs/heads/main', made.head);
    raceWith(late);
    const plan = await undoAll(made);
    expect(repo.origin.head()).toBe(plan.head);
    expect(repo.origin.landed()).toEqual([
      '1.1: x [all]',
      '1.2: x [all]',
      'foreign',
      'Undo 1.2/all/1',
      'Undo 1.1/all/1',
    ]);
    expect(repo.origin.read('foreign')).toBe('f\n');
  });

  test('a target that refuses it is said so', async () => {
    const made = await candidate();
    await land(made);
    hook('[ "$1" = refs/heads/main ] && exit 1 || exit 0');
    await expect(undoAll(made)).rejects.toMatchObject({ code: 'targetRefused' });
  });
});

test('a checkpoint is an annotated tag, made once and never moved', async () => {
  const made = await candidate();
  await land(made);
  const name = 'joinpoint/u1/1-1';
  expect(await tagCheckpoint(mirror, name, made.head, 'checkpoint ü', stamp)).toBe(name);
  const tag = repo.origin.head(`refs/tags/${name}`);
  expect(repo.origin.git('cat-file', '-t', tag).trim()).toBe('tag');
  expect(repo.origin.head(`${name}^{commit}`)).toBe(made.head);
  await tagCheckpoint(await repo.mirror(), name, repo.start, 'another', stamp);
  expect(repo.origin.head(`refs/tags/${name}`)).toBe(tag);
});

test('a checkpoint whose push another push kept away is no checkpoint, and is tried again', async () => {
  const folder = join(repo.origin.url, 'refs', 'tags', 'joinpoint');
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'held.lock'), '');
  const tag = (): Promise<string> => tagCheckpoint(mirror, 'joinpoint/held', repo.start, 'x', stamp);
  await expect(tag()).rejects.toThrow(/refs\/tags\/joinpoint\/held: could not be pushed, as under another push's lock/);
  rmSync(join(folder, 'held.lock'));
  expect(await tag()).toBe('joinpoint/held');
  expect(repo.origin.git('tag', '--list').trim()).toBe('joinpoint/held');
});
