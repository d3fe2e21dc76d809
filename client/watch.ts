/** Follows a rollout: the tree, drawn anew until it ends; a line for each change where there is no terminal. */
import { setTimeout as delay } from 'node:timers/promises';
import { reasonOf } from '../worker/embedded/temporal-unavailable.js';
import type { Context } from './context.js';
import { drive } from './drive.js';
import type { ExitCode } from './exit-code.js';
import { exitCode } from './exit-code.js';
import { endedByServer, findRollout, pickRollout } from './list-rollouts.js';
import { lookAt } from './look.js';
import { blindLines, exitCodeOf, overview, overviewLines } from './overview.js';
import { listenForInterruption } from './serve/interruption.js';
import { Refusal } from './refusal.js';
import { type Session, withSession } from './session.js';

export function watch(context: Context, name: string | undefined): Promise<ExitCode> {
  return withSession(context, (session) => watchOn(context, session, name));
}

async function watchOn(context: Context, session: Session, wanted: string | undefined): Promise<ExitCode> {
  const { name } = await pickRollout(session, wanted, 'closedToo');
  const interruption = listenForInterruption(
    () => undefined,
    () => Promise.resolve(),
  );
  const { signal } = interruption;
  try {
    const isScreen = process.stdout.isTTY === true && !context.json;
    return await (isScreen ? redraw(context, session, name, signal) : log(context, session, name, signal));
  } finally {
    interruption.stopListening();
  }
}

/** A line for each change; whoever stops watching is told that the rollout goes on. */
async function log(context: Context, session: Session, name: string, signal: AbortSignal): Promise<ExitCode> {
  const answer = (): Promise<[]> => Promise.resolve([]);
  const end = await drive(context, session, { name, signal, answer, givesUpOn: () => false });
  if (end === 'interrupted') return exitCode.waiting;
  const listed = await findRollout(session, name);
  const ended = listed && endedByServer(listed);
  if (ended) throw new Refusal(`rollout ${name}: ${ended}`, exitCode.failed);
  const look = await lookAt(session, name, 'begunPhases');
  context.tell({ rollout: look.rollout, phases: look.phases });
  return exitCodeOf(look);
}

const redrawEveryMs = 1_000;
/** A server that restarts is back within seconds. */
const patienceMs = 30_000;
const clearScreen = '\u001B[H\u001B[2J\u001B[3J';

async function redraw(context: Context, session: Session, name: string, signal: AbortSignal): Promise<ExitCode> {
  let lastSeenAt = Date.now();
  for (;;) {
    try {
      const { lines, end } = await screen(context, session, name);
      process.stdout.write(`${clearScreen}${lines.join('\n')}\n`);
      if (end !== undefined) return end;
      lastSeenAt = Date.now();
    } catch (error) {
      if (Date.now() - lastSeenAt > patienceMs) throw error;
      if (!signal.aborted) process.stdout.write(`${clearScreen}${name}: waits for the server (${reasonOf(error)})\n`);
    }
    if (!signal.aborted) await delay(redrawEveryMs, undefined, { signal }).catch(() => undefined);
    if (signal.aborted) return exitCode.waiting;
  }
}

interface Screen {
  readonly lines: readonly string[];
  /** Set where there is nothing more to watch. */
  readonly end?: ExitCode;
}

async function screen({ style }: Context, session: Session, name: string): Promise<Screen> {
  const listed = await findRollout(session, name);
  if (!listed) return { lines: [`rollout ${name}: is gone from the server`], end: exitCode.failed };
  const looked = await overview(session, listed, listed.isOpen ? 'openPhase' : 'begunPhases');
  if (!looked.seen) {
    const lines = [...blindLines(looked.blind, Date.now(), style), looked.blind.why];
    return listed.isOpen ? { lines } : { lines, end: exitCode.failed };
  }
  const lines = overviewLines(session, looked.overview, Date.now(), style);
  return listed.isOpen ? { lines } : { lines, end: exitCodeOf(looked.overview) };
}
