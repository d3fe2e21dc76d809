/** The identity of a landing, and the ledger that commit trailers make of a branch's history. */
import type { Mirror } from './mirror.js';
import { runGit } from './run.js';

/** One landed unit: a task's part of a stage; `n` is never used twice within a rollout's uid. */
export interface LandingId {
  readonly task: string;
  readonly stage: string;
  readonly n: number;
}

export function landingText({ task, stage, n }: LandingId): string {
  return `${task}/${stage}/${n}`;
}

/** The identity in a trailer's value, or undefined for text that is none. */
export function parseLanding(text: string): LandingId | undefined {
  const match = /^([a-z0-9.-]+)\/([a-z0-9.-]+)\/(\d+)$/.exec(text.trim());
  return match ? { task: match[1]!, stage: match[2]!, n: Number(match[3]) } : undefined;
}

export function landingMessage(title: string, uid: string, id: LandingId): string {
  return `${title}\n\nJoinpoint-Rollout: ${uid}\nJoinpoint-Landing: ${landingText(id)}\n`;
}

export function undoMessage(title: string, reason: string, uid: string, id: LandingId): string {
  return `${title}\n\n${reason}\n\nJoinpoint-Rollout: ${uid}\nJoinpoint-Undo: ${landingText(id)}\n`;
}

export interface LedgerEntry {
  readonly commit: string;
  readonly kind: 'landing' | 'undo';
  readonly id: LandingId;
}

/** What the rollout `uid` landed and undid in `start..head`, oldest first. */
export async function readLedger(
  mirror: Mirror,
  uid: string,
  start: string,
  head: string,
): Promise<readonly LedgerEntry[]> {
  const format = ['%H', 'Joinpoint-Rollout', 'Joinpoint-Landing', 'Joinpoint-Undo']
    .map((key) => (key === '%H' ? key : `%(trailers:key=${key},valueonly,separator=%x20)`))
    .join('%x00');
  const { stdout } = await runGit(mirror.dir, [
    'log',
    '-z',
    '--reverse',
    `--format=${format}%x00`,
    `${start}..${head}`,
  ]);
  const entries: LedgerEntry[] = [];
  const fields = stdout.split('\0');
  for (let at = 0; at + 3 < fields.length; at += 5) {
    const [commit, rollout, landing, undo] = fields.slice(at, at + 4) as [string, string, string, string];
    if (rollout.trim() !== uid) continue;
    const landed = parseLanding(landing);
    const undone = parseLanding(undo);
    if (landed) entries.push({ commit, kind: 'landing', id: landed });
    else if (undone) entries.push({ commit, kind: 'undo', id: undone });
  }
  return entries;
}

/** The landings that stand: landed, and not undone; oldest first. */
export function standing(ledger: readonly LedgerEntry[]): readonly LedgerEntry[] {
  const undone = new Set(ledger.filter(({ kind }) => kind === 'undo').map(({ id }) => landingText(id)));
  return ledger.filter(({ kind, id }) => kind === 'landing' && !undone.has(landingText(id)));
}
