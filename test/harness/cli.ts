/** The built command line, run for real: once to its end, or as a process that is watched and ended. */
import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';

const root = fileURLToPath(new URL('../..', import.meta.url));
const bin = join(root, 'bin', 'joinpoint.js');
const sources = ['plan', 'gates', 'gitops', 'playbooks', 'git', 'workflows', 'activities', 'worker', 'client'];

/** Builds where a source is newer than the build, so that a test never runs yesterday's code. */
export async function ensureBuilt(): Promise<void> {
  const built = join(root, 'dist', 'workflows.bundle.js');
  const builtAt = existsSync(built) ? statSync(built).mtimeMs : 0;
  if (sources.some((folder) => newest(join(root, folder)) > builtAt))
    await execa('npm', ['run', 'build'], { cwd: root });
}

function newest(folder: string): number {
  return Math.max(
    ...readdirSync(folder, { withFileTypes: true }).map((entry) =>
      entry.isDirectory() ? newest(join(folder, entry.name)) : statSync(join(folder, entry.name)).mtimeMs,
    ),
  );
}

export interface CliResult {
  readonly exitCode: number | undefined;
  readonly stdout: string;
  readonly stderr: string;
  readonly tookMs: number;
}

export interface CliOptions {
  readonly cwd: string;
  readonly env?: Readonly<Record<string, string>>;
}

/** Runs one command to its end. */
export async function runCli(args: readonly string[], { cwd, env }: CliOptions): Promise<CliResult> {
  const startedAt = Date.now();
  const { exitCode, stdout, stderr } = await execa(process.execPath, [bin, ...args], {
    cwd,
    env: clean(env),
    extendEnv: false,
    reject: false,
    timeout: 60_000,
    stdin: 'ignore',
  });
  return { exitCode, stdout, stderr, tookMs: Date.now() - startedAt };
}

/** A command that goes on until it is ended. */
export class RunningCli {
  output = '';
  private readonly child: ChildProcess;
  readonly ended: Promise<number | null>;

  constructor(args: readonly string[], { cwd, env, terminal = false }: CliOptions & { readonly terminal?: boolean }) {
    const command = [process.execPath, bin, ...args];
    const [program, ...words] = terminal ? inTerminal(command) : command;
    this.child = spawn(program!, words, {
      cwd,
      env: clean(env),
      stdio: [terminal ? 'pipe' : 'ignore', 'pipe', 'pipe'],
    });
    for (const stream of [this.child.stdout!, this.child.stderr!])
      stream.on('data', (data: Buffer) => (this.output += data.toString('utf8')));
    this.ended = new Promise((resolve) => this.child.once('exit', resolve));
  }

  async untilSaid(text: string | RegExp, withinMs = 100_000): Promise<void> {
    const deadline = Date.now() + withinMs;
    while (!(typeof text === 'string' ? this.output.includes(text) : text.test(this.output))) {
      if (Date.now() > deadline)
        throw new Error(`did not say ${String(text)} within ${withinMs} ms, but:\n${this.output}`);
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }

  /** Waits for a prompt and answers it as at a keyboard; forgets what was said before. */
  async answer(prompt: string | RegExp, line: string): Promise<void> {
    await this.untilSaid(prompt);
    this.output = '';
    this.type(`${line}\r`);
  }

  /** Keys, in a terminal: `\u0003` is Ctrl-C. */
  type(keys: string): void {
    this.child.stdin!.write(keys);
  }

  /** Sends a signal and waits for the end. */
  async end(signal: NodeJS.Signals): Promise<number | null> {
    this.child.kill(signal);
    return this.ended;
  }
}

/** util-linux's `script` gives a process a terminal, whose keys are what is written to its input. */
function inTerminal(command: readonly string[]): readonly string[] {
  return [
    'script',
    '--quiet',
    '--return',
    '--flush',
    '--command',
    command.map((word) => `'${word}'`).join(' '),
    '/dev/null',
  ];
}

/** What this machine set for Temporal must not reach a test, and colours would not compare. */
function clean(env: Readonly<Record<string, string>> = {}): Record<string, string> {
  const own = Object.entries(process.env).filter(
    (entry): entry is [string, string] =>
      entry[1] !== undefined && !entry[0].startsWith('TEMPORAL_') && entry[0] !== 'npm_lifecycle_event',
  );
  return { ...Object.fromEntries(own), NO_COLOR: '1', ...env };
}
