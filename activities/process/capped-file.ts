/** Owns writing a command's output to a file, up to a cap, without ever holding the command up. */

import { createWriteStream, type WriteStream } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';

export interface CappedFile {
  /** Takes what the cap still allows; never blocks, so at most the cap is waiting in memory for a slow disk. */
  write(chunk: Buffer): void;
  /** Flushes; answers what went wrong, if anything did since the file was opened. */
  close(): Promise<string | undefined>;
}

/** Opens (and empties) a file that only its owner can read, since raw output may hold secrets; a disk's failure is answered by `close`, never thrown. */
export async function openCappedFile(path: string, capBytes: number): Promise<CappedFile> {
  let problem: string | undefined;
  let writtenBytes = 0;
  const note = (error: unknown): void => {
    problem ??= `${path}: the output could not be kept; ${error instanceof Error ? error.message : String(error)}`;
  };
  await mkdir(dirname(path), { recursive: true }).catch(note);
  const stream: WriteStream = createWriteStream(path, { mode: 0o600 });
  stream.on('error', note);

  return {
    write(chunk) {
      if (problem !== undefined || writtenBytes > capBytes) return;
      const room = capBytes - writtenBytes;
      writtenBytes += chunk.length;
      if (room > 0) stream.write(chunk.subarray(0, room));
      if (chunk.length > room) stream.write(`\n… cut after ${capBytes} bytes …\n`);
    },
    close: () =>
      new Promise((resolve) => {
        if (stream.destroyed) return resolve(problem);
        stream.once('close', () => resolve(problem));
        stream.end();
      }),
  };
}
