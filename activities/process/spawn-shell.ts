/** Owns starting a shell that waits for a go-ahead, in a process group of its own. */

import type { Readable } from 'node:stream';
import { execa } from 'execa';

/** Waits on descriptor 3 and gives up when that closes, as it does when the worker dies first; one pipe for both streams keeps their order. */
const gate = 'read -r go <&3 && exec /bin/sh -c "$1" 2>&1 3<&-';

export interface WaitingShell {
  /** Also the id of its process group. */
  readonly pid: number;
  /** stdout and stderr as one; stays open as long as any descendant holds it. */
  readonly output: Readable;
  /** The direct child's end, whatever still holds the output. */
  readonly exited: Promise<ShellExit>;
  /** Lets the command begin. */
  readonly go: () => void;
}

export type ShellExit =
  { readonly exit: 'code'; readonly code: number } | { readonly exit: 'signal'; readonly signal: string };

export interface ShellOptions {
  readonly run: string;
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  readonly stdin?: string | undefined;
}

/** Starts the shell, or answers why the operating system would not; never throws. */
export async function spawnShell({
  run,
  cwd,
  env,
  stdin,
}: ShellOptions): Promise<WaitingShell | { readonly reason: string }> {
  try {
    const child = execa('/bin/sh', ['-c', gate, 'sh', run], {
      cwd,
      env,
      extendEnv: false,
      detached: true,
      buffer: false,
      reject: false,
      stdio: [stdin === undefined ? 'ignore' : 'pipe', 'pipe', 'ignore', 'pipe'],
      ...(stdin === undefined ? {} : { input: stdin }),
    });
    const { pid } = child;
    const output = child.stdout;
    const gatePipe = child.stdio[3];
    if (pid === undefined || output === null || !isWritable(gatePipe)) {
      const failed = await child;
      return { reason: failed.originalMessage ?? failed.shortMessage ?? 'the shell could not be started' };
    }
    gatePipe.on('error', () => undefined); // The shell was ended while it waited.
    const exited = new Promise<ShellExit>((resolve) => {
      child.once('exit', (code: number | null, signal: string | null) =>
        resolve(code === null ? { exit: 'signal', signal: signal ?? 'unknown' } : { exit: 'code', code }),
      );
    });
    return { pid, output, exited, go: () => void gatePipe.end('go\n') };
  } catch (error) {
    return { reason: error instanceof Error ? error.message : String(error) };
  }
}

/** execa types descriptor 3 as readable; a pipe of Node's goes both ways. */
function isWritable(stream: unknown): stream is NodeJS.WritableStream {
  return typeof stream === 'object' && stream !== null && 'end' in stream;
}
