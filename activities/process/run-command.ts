/** Owns running one shell command in its own process group: its output, its time limit and its end. */

import { setImmediate as nextTurn } from 'node:timers/promises';
import { openCappedFile } from './capped-file.js';
import { HeadTailBuffer } from './head-tail-buffer.js';
import { interruption, within } from './interruption.js';
import { endGroup, groupGone } from './process-group.js';
import { identifyProcess, type ProcessIdentity } from './process-identity.js';
import { spawnShell, type ShellExit, type ShellOptions } from './spawn-shell.js';

/** `run` is shell text; `env` is the whole environment (see `cleanEnvironment`); without `stdin` the command reads an empty one. */
export interface CommandOptions extends ShellOptions {
  /** At most 24 days; longer is cut to that. */
  readonly timeoutMs: number;
  readonly signal?: AbortSignal | undefined;
  /** Gets the raw output, unredacted and readable by its owner only. */
  readonly outputFile?: string | undefined;
  /** 10 MiB unless told. */
  readonly outputFileCapBytes?: number | undefined;
  /** How much output the result carries; 64 KiB unless told. */
  readonly keepBytes?: number | undefined;
  /** Between SIGTERM and SIGKILL; 5 s unless told. */
  readonly graceMs?: number | undefined;
  /** Called with the leader of the process group once it exists and before `run` begins, which waits for it: a worker that dies in here leaves nothing running. If it throws, `run` never begins and the error is passed on. */
  readonly onStart?: ((leader: ProcessIdentity) => void | Promise<void>) | undefined;
}

export type CommandExit =
  | ShellExit
  | { readonly exit: 'timeout'; readonly afterMs: number }
  | { readonly exit: 'notStarted'; readonly reason: string };

export type CommandResult = CommandExit & {
  /** stdout and stderr in the order written, the middle left out beyond `keepBytes`; not redacted. */
  readonly output: string;
  readonly totalBytes: number;
  readonly durationMs: number;
  /** Processes outlived the command. Those of its group were ended; one that left the group (setsid) is only noticed while it holds the output open. */
  readonly leftChildren: boolean;
  /** Why `outputFile` is missing or incomplete. */
  readonly outputFileProblem?: string;
};

/** Children that end by themselves right behind the command are not leftovers. */
const settleMs = 200;
/** How long a process outside the group may hold the output open after the end. */
const drainMs = 1_000;

/**
 * Runs a command to its end; whatever it does is a returned value.
 * Throws only the signal's reason (after ending the group, so that Temporal sees a cancellation) and what `onStart` throws.
 * Not idempotent: every call starts the command.
 */
export async function runCommand(options: CommandOptions): Promise<CommandResult> {
  const { signal, graceMs = 5_000, timeoutMs } = options;
  signal?.throwIfAborted();
  const startedMs = performance.now();
  const kept = new HeadTailBuffer(options.keepBytes ?? 64 * 1024);
  const result = (exit: CommandExit, leftChildren: boolean, problem?: string): CommandResult => ({
    ...exit,
    output: kept.text(),
    totalBytes: kept.totalBytes,
    durationMs: Math.round(performance.now() - startedMs),
    leftChildren,
    ...(problem === undefined ? {} : { outputFileProblem: problem }),
  });

  const file =
    options.outputFile === undefined
      ? undefined
      : await openCappedFile(options.outputFile, options.outputFileCapBytes ?? 10 * 1024 * 1024);
  const spawned = await spawnShell(options);
  if ('reason' in spawned) return result({ exit: 'notStarted', reason: spawned.reason }, false, await file?.close());

  const { pid, output, exited, go } = spawned;
  const closed = new Promise<'closed'>((resolve) => output.once('close', () => resolve('closed')));
  output.on('data', (chunk: Buffer) => {
    kept.write(chunk);
    file?.write(chunk);
  });
  /** Answers whether something outside the group still held the output. */
  const letGo = async (): Promise<boolean> => {
    const held = (await within(drainMs, closed)) === undefined;
    if (held) await nextTurn(); // A busy event loop may have had bytes waiting all along.
    output.destroy();
    return held;
  };

  const stop = interruption(timeoutMs, signal);
  try {
    // One that somebody has ended already has run nothing, and there is nothing to tell of.
    const leader = options.onStart && (await identifyProcess(pid));
    if (leader) await options.onStart?.(leader);
    if (signal?.aborted !== true) go();
    const ended = await Promise.race([exited, stop.requested]);
    const groupEnded =
      typeof ended === 'object' && (await groupGone(pid, settleMs)) ? 'byItself' : await endGroup(pid, graceMs);
    const held = await letGo();
    const problem = await file?.close();
    if (ended === 'aborted') throw signal?.reason;
    if (ended === 'timeout') return result({ exit: 'timeout', afterMs: timeoutMs }, held || !groupEnded, problem);
    return result(ended, held || groupEnded !== 'byItself', problem);
  } catch (error) {
    await endGroup(pid, graceMs);
    output.destroy();
    await file?.close();
    throw error;
  } finally {
    stop.cancel();
  }
}
