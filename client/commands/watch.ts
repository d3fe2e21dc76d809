/** `joinpoint watch`: the tree, drawn anew until the rollout ends; a line for each change where there is no terminal. */
import { setTimeout as delay } from 'node:timers/promises';
import type { Command } from 'commander';
import type { Context } from '../context.js';
import { drive } from '../example/drive.js';
import type { ExitCode } from '../exit-code.js';
import { exitCode } from '../exit-code.js';
import { finish } from '../finish.js';
import { findRollout, pickRollout } from '../list-rollouts.js';
import { lookAt } from '../look.js';
import { blindLines, exitCodeOf, overview, overviewLines } from '../overview.js';
import { listenForInterruption } from '../serve/interruption.js';
import { type Session, withSession } from '../session.js';

export function registerWatch(program: Command): void {
  program
    .command('watch')
    .description('follow a rollout until it ends')
    .argument('[name]', 'the rollout; the only open one, or the last, where it is left out')
    .action((name: string | undefined, _: unknown, command: Command) =>
      finish(command, (context) => withSession(context, (session) => watch(context, session, name))),
    );
}

async function watch(context: Context, session: Session, wanted: string | undefined): Promise<ExitCode> {
  const { name } = await pickRollout(session, wanted, 'closedToo');
  const interruption = listenForInterruption(() => undefined);
  try {
    const isScreen = process.stdout.isTTY === true && !context.json;
    if (isScreen) return await redraw(context, session, name, interruption.signal);
    await drive(context, session, {
      name,
      signal: interruption.signal,
      answer: () => Promise.resolve([]),
      givesUpOn: () => false,
    });
    const look = await lookAt(session, name, 'begunPhases');
    context.tell({ rollout: look.rollout, phases: look.phases });
    return exitCodeOf(look);
  } finally {
    interruption.stopListening();
  }
}

const redrawEveryMs = 1_000;
const clearScreen = '\u001B[H\u001B[2J\u001B[3J';

async function redraw(context: Context, session: Session, name: string, signal: AbortSignal): Promise<ExitCode> {
  for (;;) {
    const listed = await findRollout(session, name);
    if (!listed) return exitCode.failed;
    const looked = await overview(session, listed, listed.isOpen ? 'openPhase' : 'begunPhases');
    const lines = looked.seen
      ? overviewLines(session, looked.overview, Date.now(), context.style)
      : [...blindLines(looked.blind, Date.now(), context.style), looked.blind.why];
    process.stdout.write(`${clearScreen}${lines.join('\n')}\n`);
    if (!listed.isOpen || signal.aborted) return looked.seen ? exitCodeOf(looked.overview) : exitCode.failed;
    await delay(redrawEveryMs, undefined, { signal }).catch(() => undefined);
  }
}
