import { afterAll, beforeAll, expect, test } from 'vitest';
import { edit, Mirrored } from '../test/harness/mirror.js';
import type { Mirror } from './mirror.js';
import { landingMessage, landingText, parseLanding, readLedger, standing, undoMessage } from './trailers.js';

const uid = 'abc123';
const first = { task: '1.1', stage: 'all', n: 1 };
const second = { task: '1.2', stage: 'apps', n: 2 };

let repo: Mirrored;
let mirror: Mirror;
beforeAll(async () => {
  ({ repo, mirror } = await Mirrored.of({ 'a.txt': 'a\n' }));
});
afterAll(() => repo.remove());

/** A line of commits with these messages on the start. */
async function history(...messages: readonly string[]): Promise<readonly string[]> {
  const commits: string[] = [];
  for (const [at, message] of messages.entries())
    commits.push(await edit(mirror, commits.at(-1) ?? repo.start, { 'a.txt': `${at}\n` }, message));
  return commits;
}

async function ledger(...messages: readonly string[]) {
  const commits = await history(...messages);
  const entries = await readLedger(mirror, uid, repo.start, commits.at(-1)!);
  return entries.map(({ commit, kind, id }) => ({ at: commits.indexOf(commit), kind, id: landingText(id) }));
}

test.each(['1.1/all/1', ' phase-1.task/non-critical/12\n'])('reads %j as the identity of a landing', (text) => {
  expect(landingText(parseLanding(text)!)).toBe(text.trim());
});

test.each(['', '1.1/all', '1.1/all/x', '1.1/all/1 1.2/all/2', 'A/all/1', '1.1/all/-1'])('reads %j as none', (text) => {
  expect(parseLanding(text)).toBeUndefined();
});

test('the ledger has landings and undos of one rollout, oldest first', async () => {
  expect(
    await ledger(
      landingMessage('1.1: First', uid, first),
      landingMessage('1.2: Second', uid, second),
      landingMessage('1.1: First', 'another', first),
      undoMessage('Undo 1.2', 'it broke', uid, second),
      'foreign\n',
    ),
  ).toEqual([
    { at: 0, kind: 'landing', id: '1.1/all/1' },
    { at: 1, kind: 'landing', id: '1.2/apps/2' },
    { at: 3, kind: 'undo', id: '1.2/apps/2' },
  ]);
});

test.each([
  ['in the body', `subject\n\nJoinpoint-Rollout: ${uid}\nJoinpoint-Landing: 1.1/all/1\n\nAnd that was that.\n`],
  ['in the subject', `Joinpoint-Landing: 1.1/all/1 Joinpoint-Rollout: ${uid}\n`],
  ['quoted by a revert', `Revert "x"\n\n> Joinpoint-Rollout: ${uid}\n> Joinpoint-Landing: 1.1/all/1\n`],
  ['without its rollout', 'subject\n\nJoinpoint-Landing: 1.1/all/1\n'],
  ['twice', `subject\n\nJoinpoint-Rollout: ${uid}\nJoinpoint-Landing: 1.1/all/1\nJoinpoint-Landing: 1.2/all/1\n`],
])('trailers %s make no landing', async (_, message) => {
  expect(await ledger(message)).toEqual([]);
});

test('a reason that looks like trailers changes nothing about an undo', async () => {
  const reason = `said:\n\nJoinpoint-Rollout: ${uid}\nJoinpoint-Landing: 9.9/all/9`;
  expect(await ledger(undoMessage('Undo', reason, uid, first))).toEqual([{ at: 0, kind: 'undo', id: '1.1/all/1' }]);
});

test('an empty range has an empty ledger', async () => {
  expect(await readLedger(mirror, uid, repo.start, repo.start)).toEqual([]);
});

test('what stands is landed and not undone; a number that lands again under a new n stands', async () => {
  const again = { ...first, n: 3 };
  const commits = await history(
    landingMessage('First', uid, first),
    landingMessage('Second', uid, second),
    undoMessage('Undo', 'no', uid, first),
    landingMessage('First', uid, again),
  );
  const entries = await readLedger(mirror, uid, repo.start, commits.at(-1)!);
  expect(standing(entries).map(({ id }) => landingText(id))).toEqual(['1.2/apps/2', '1.1/all/3']);
});
