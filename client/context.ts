/** What every command knows: the global options, the streams, and how to write a command that reaches the same server. */
import { userInfo } from 'node:os';
import { resolve } from 'node:path';
import type { Command } from 'commander';
import { shortPath, type Spelling } from './command-line.js';
import { programName } from './program-name.js';
import { colourStyle, plainStyle, type Style } from '../plan/render-style.js';

export interface Context {
  /** Absolute. */
  readonly home: string;
  readonly homeIsExplicit: boolean;
  readonly address?: string;
  readonly json: boolean;
  /** Who answers: claimed, not proven. */
  readonly as: string;
  readonly asIsExplicit: boolean;
  /** How this terminal starts joinpoint. */
  readonly program: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly style: Style;
  readonly isTerminal: boolean;
  /** A line for people; nothing with `--json`. */
  readonly say: (line: string) => void;
  warn(line: string): void;
  /** The answer for programs; nothing without `--json`. */
  tell(data: unknown): void;
}

interface GlobalOptions {
  readonly home: string;
  readonly address?: string;
  readonly json?: boolean;
  readonly as?: string;
}

/** Reads the global options of a command that commander has parsed. */
export function contextOf(command: Command): Context {
  const { home, address, json = false, as } = command.optsWithGlobals<GlobalOptions>();
  const isTerminal = process.stdin.isTTY === true && process.stdout.isTTY === true;
  const { NO_COLOR } = process.env;
  return {
    home: resolve(home),
    homeIsExplicit: command.getOptionValueSourceWithGlobals('home') === 'cli',
    ...(address !== undefined && { address }),
    json,
    as: as ?? userName(),
    asIsExplicit: as !== undefined,
    program: programName(process.env['PATH']),
    env: process.env,
    style: process.stdout.isTTY && !NO_COLOR && !json ? colourStyle : plainStyle,
    isTerminal,
    say: (line) => void (json || process.stdout.write(`${line}\n`)),
    warn: (line) => void process.stderr.write(`${line}\n`),
    tell: (data) => void (json && process.stdout.write(`${JSON.stringify(data, undefined, 2)}\n`)),
  };
}

function userName(): string {
  try {
    return process.env['USER'] || userInfo().username;
  } catch {
    // A container's user may have no name.
    return 'somebody';
  }
}

/** How a command is spelt that goes where this one was told to go. */
export function spellingAsGiven({ program, home, homeIsExplicit, address }: Context): Spelling {
  return {
    program,
    options: [
      ...(homeIsExplicit ? ['--home', shortPath(home, process.cwd())] : []),
      ...(address === undefined ? [] : ['--address', address]),
    ],
  };
}
