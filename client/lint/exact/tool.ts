/** Runs one of the real tools, with a time limit, as many at once as there are processors. */
import { accessSync, constants, statSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { delimiter, join } from 'node:path';
import type { Finding } from '../../../gitops/lint/finding.js';
import type { LayerRun } from '../report.js';

/** What a layer found, and how far it came. */
export interface LayerResult {
  readonly run: LayerRun;
  readonly findings: readonly Finding[];
}

export interface ToolAnswer {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Longer than any healthy build; what hangs is left out and said to be. */
const timeoutMs = 60_000;

export function notRun(layer: string, why: string): LayerResult {
  return { run: { layer, status: 'notRun', why }, findings: [] };
}

/** Why a tool cannot run here; undefined where it can. */
export function missing(tool: string, path = process.env['PATH'] ?? ''): string | undefined {
  const isThere = path.split(delimiter).some((folder) => isProgram(join(folder, tool)));
  return isThere ? undefined : `${tool} is not on PATH`;
}

function isProgram(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return statSync(file).isFile();
  } catch {
    return false;
  }
}

/** Its answer, whatever the exit code; a text where there is none: it hung, or was ended. */
export async function ask(tool: string, args: readonly string[], input = ''): Promise<ToolAnswer | string> {
  // Where no tool is on PATH, nothing is loaded to run one.
  const { execa } = await import('execa');
  const { exitCode, stdout, stderr, timedOut, shortMessage } = await execa(tool, args, {
    input,
    reject: false,
    timeout: timeoutMs,
    maxBuffer: 256 * 1024 * 1024,
  });
  if (timedOut) return `no answer within ${timeoutMs / 1000} s`;
  return exitCode === undefined ? (shortMessage ?? 'was ended') : { exitCode, stdout, stderr };
}

/** Each text once, with how often it was there: forty releases of one chart are left out for one reason. */
export function grouped(texts: readonly string[]): readonly string[] {
  const times = new Map<string, number>();
  for (const text of texts) times.set(text, (times.get(text) ?? 0) + 1);
  return [...times].map(([text, count]) => (count === 1 ? text : `${text}, ${count} times`));
}

/** In the order of the items. */
export async function each<T, R>(items: readonly T[], work: (item: T) => Promise<R>): Promise<readonly R[]> {
  const results: R[] = [];
  let next = 0;
  const lane = async (): Promise<void> => {
    for (let index = next++; index < items.length; index = next++) results[index] = await work(items[index]!);
  };
  await Promise.all(Array.from({ length: Math.min(availableParallelism(), items.length) }, lane));
  return results;
}
