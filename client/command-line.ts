/** Writes commands for people to copy: with the options that lead them to the same home and server. Pure. */
import { relative } from 'node:path';

/** How a command must be spelt to reach the server that this one talks to. */
export interface Spelling {
  readonly program: string;
  /** `--home` and `--address`, where they are needed. */
  readonly options: readonly string[];
}

/** `joinpoint --home lab approve "join point 1"`. */
export function commandLine({ program, options }: Spelling, ...words: readonly string[]): string {
  return [program, ...words, ...options].map((word, at) => (at === 0 ? word : quoted(word))).join(' ');
}

/** A word as a shell takes it. */
export function quoted(word: string): string {
  return /^[A-Za-z0-9_./:@%+=,-]+$/.test(word) ? word : `"${word.replaceAll(/["\\$`]/g, String.raw`\$&`)}"`;
}

/** `npx joinpoint` where npm runs us or nothing named joinpoint is installed. */
export function programName(env: Readonly<Record<string, string | undefined>>, isOnPath: boolean): string {
  return env['npm_lifecycle_event'] === undefined && isOnPath ? 'joinpoint' : 'npx joinpoint';
}

/** A path as it is shortest from here. */
export function shortPath(path: string, from: string): string {
  const short = relative(from, path);
  return short === '' ? '.' : short.startsWith('..') ? path : short;
}
