/** Writes commands for people to copy: with the program and the options that lead them to the same home and server. Pure. */
import { relative } from 'node:path';

/** How a command must be spelt to reach the server that this one talks to. */
export interface Spelling {
  readonly program: string;
  /** `--home` and `--address`, where they are needed. */
  readonly options: readonly string[];
}

/** `joinpoint approve "join point 1" --home lab`. */
export function commandLine({ program, options }: Spelling, ...words: readonly string[]): string {
  return [program, ...[...words, ...options].map(quoted)].join(' ');
}

/** A word as a shell takes it. */
export function quoted(word: string): string {
  return /^[A-Za-z0-9_./:@%+=,-]+$/.test(word) ? word : `"${word.replaceAll(/["\\$`]/g, String.raw`\$&`)}"`;
}

/** A message that was written for any terminal, with its commands as they are spelt in this one. */
export function spellCommands(message: string, { program, options }: Spelling): string {
  const here = [program, ...options.map(quoted)].join(' ');
  return message.replaceAll(namedCommand, () => `${here} `);
}

const namedCommand =
  /\bjoinpoint (?=(?:up|worker|start|status|watch|approve|reject|pause|resume|retry|skip|override|done|rollback|abort|lint|plan|doctor)\b)/g;

/** A path as it is shortest from here. */
export function shortPath(path: string, from: string): string {
  const short = relative(from, path);
  return short === '' ? '.' : short.startsWith('..') ? path : short;
}
