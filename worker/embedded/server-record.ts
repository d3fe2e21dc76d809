/** Owns `<home>/server.json`: which server serves a home, for this and every other terminal. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { writeFileAtomically } from './atomic-file.js';
import { ProcessIdentity } from '../../activities/process/process-identity.js';

/** A server that was started on a home; whether it still runs is `isRunning(record.process)`. */
export const ServerRecord = z
  .object({
    process: ProcessIdentity,
    startedAt: z.iso.datetime(),
    grpcPort: z.int(),
    uiPort: z.int(),
    address: z.string(),
    uiUrl: z.string(),
    namespace: z.string(),
    version: z.string(),
  })
  .readonly();
export type ServerRecord = z.infer<typeof ServerRecord>;

/** The server last started on a home, running or not; undefined when none was, or its record is no record. */
export async function readServerRecord(home: string): Promise<ServerRecord | undefined> {
  try {
    return ServerRecord.parse(JSON.parse(await readFile(recordPath(home), 'utf8')));
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || error instanceof SyntaxError || error instanceof z.ZodError) return undefined;
    throw error;
  }
}

/** Records a server in one step. */
export async function writeServerRecord(home: string, record: ServerRecord): Promise<void> {
  await writeFileAtomically(recordPath(home), `${JSON.stringify(record, undefined, 2)}\n`);
}

function recordPath(home: string): string {
  return join(home, 'server.json');
}
