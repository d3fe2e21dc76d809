/** Runs tests of a copy within a time limit, and says what came of them. */
import { spawn } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { endLeftovers } from '../../activities/process/leftovers.js';
import { endLeftoverServers } from '../../worker/embedded/leftover-server.js';

export interface TestRun {
  /** `broken`: no test failed, and yet it did not end well, as when a file does not load. */
  readonly end: 'passed' | 'failed' | 'hung' | 'broken';
  /** The first test that failed, or what went wrong. */
  readonly why: string;
  readonly passed: readonly string[];
  readonly slowestMs: number;
  readonly tookMs: number;
}

export interface TestOrder {
  readonly dir: string;
  readonly tests: string;
  readonly named?: string | undefined;
  /** For one test, and for all of them. */
  readonly testMs: number;
  readonly limitMs: number;
  readonly signal: AbortSignal;
}

/** What is used of vitest's JSON report. */
interface Report {
  readonly testResults: readonly {
    readonly message: string;
    readonly assertionResults: readonly {
      readonly status: string;
      readonly fullName: string;
      readonly duration?: number;
      readonly failureMessages: readonly string[];
    }[];
  }[];
}

const graceMs = 5_000;

export async function runTests(order: TestOrder): Promise<TestRun> {
  const { dir, tests, named, testMs, limitMs, signal } = order;
  const scratch = join(dir, '.mutation');
  rmSync(scratch, { recursive: true, force: true });
  mkdirSync(scratch);
  const report = join(scratch, 'report.json');
  const args = ['run', join(dir, tests), '--bail=1', '--maxWorkers=1', '--no-cache', `--testTimeout=${testMs}`];
  const startedAt = Date.now();
  const child = spawn(
    join(dir, 'node_modules/.bin/vitest'),
    [...args, '--reporter=json', `--outputFile=${report}`, ...(named === undefined ? [] : ['-t', named])],
    // A group and a folder of its own, so that whatever a hung test leaves can be found and ended.
    {
      cwd: dir,
      detached: true,
      env: { ...process.env, TMPDIR: scratch, NO_COLOR: '1' },
      stdio: ['ignore', 'pipe', 'pipe'],
    },
  );
  let said = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (text: Buffer) => (said += text.toString()));
  let cut = false;
  const cutShort = (): void => {
    cut = true;
    try {
      process.kill(-child.pid!, 'SIGKILL');
    } catch {
      // It ended by itself; what it left may still hold its output.
    }
  };
  const timer = setTimeout(cutShort, limitMs);
  signal.addEventListener('abort', cutShort);
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  }).finally(() => {
    clearTimeout(timer);
    signal.removeEventListener('abort', cutShort);
  });
  if (cut) await endWhatIsLeft(scratch);
  const run = { ...endOf(code, cut, report, said), tookMs: Date.now() - startedAt };
  rmSync(scratch, { recursive: true, force: true });
  return run;
}

/** Servers and agents have process groups of their own. */
async function endWhatIsLeft(scratch: string): Promise<void> {
  for (const name of readdirSync(scratch)) {
    await endLeftoverServers(join(scratch, name), graceMs);
    await endLeftovers(join(scratch, name));
  }
}

function endOf(code: number | null, cut: boolean, path: string, said: string): Omit<TestRun, 'tookMs'> {
  const report = read(path);
  const results = report?.testResults.flatMap(({ assertionResults }) => assertionResults) ?? [];
  const passed = results.filter(({ status }) => status === 'passed').map(({ fullName }) => fullName);
  const slowestMs = Math.max(0, ...results.map(({ duration }) => duration ?? 0));
  const failed = results.find(({ status }) => status === 'failed');
  const seen = { passed, slowestMs };
  if (failed) {
    const [message = ''] = failed.failureMessages;
    const end = message.startsWith('Error: Test timed out in ') ? 'hung' : 'failed';
    return { ...seen, end, why: `${failed.fullName}: ${firstLine(message)}` };
  }
  if (cut) return { ...seen, end: 'hung', why: 'the time limit' };
  if (code === 0 && passed.length > 0) return { ...seen, end: 'passed', why: '' };
  const message = report?.testResults.find((file) => file.message)?.message ?? said;
  return { ...seen, end: 'broken', why: firstLine(message.trim()) || 'no test ran' };
}

function firstLine(text: string): string {
  return text.split('\n')[0]!.slice(0, 300);
}

function read(path: string): Report | undefined {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as Report;
  } catch {
    // It was ended before it could write one.
    return undefined;
  }
}
