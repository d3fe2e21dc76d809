/** What an agent says of its work, in the file that `$JOINPOINT_RESULT_FILE` names. */
import { lstat, readFile } from 'node:fs/promises';
import { z } from 'zod';
import { redact } from './process/redact.js';

/** What an agent may write into `$JOINPOINT_RESULT_FILE`; anything else is left unread, and its comment says so. */
const ResultFile = z.object({ summary: z.string().max(2000).optional(), comment: z.string().max(4000).optional() });
type ResultFile = z.infer<typeof ResultFile>;

/** More than the longest valid one takes, however its characters are escaped. */
const resultFileBytes = 64 * 1024;

/** What the agent said, redacted. It need not say anything, and what it says proves nothing: the work is verified by itself. */
export async function readResultFile(path: string): Promise<ResultFile> {
  const found = await lstat(path).catch(() => undefined);
  if (!found) return {};
  if (!found.isFile() || found.size > resultFileBytes)
    return unreadable(`is no file of at most ${resultFileBytes / 1024} KiB`);
  try {
    const { summary, comment } = ResultFile.parse(JSON.parse(await readFile(path, 'utf8')));
    return {
      ...(summary && { summary: redact(summary.replace(/\p{Cc}+/gu, ' ').trim()) }),
      ...(comment && { comment: redact(comment) }),
    };
  } catch {
    return unreadable('is no JSON with a summary and a comment as texts');
  }
}

function unreadable(why: string): ResultFile {
  return { comment: `The result file ${why}; it was left unread.` };
}
