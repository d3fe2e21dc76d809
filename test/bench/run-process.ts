/** One process from its start to its end: how long it took, how much processor, and how much memory at most. */
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

export interface ProcessRun {
  readonly tookMs: number;
  readonly exitCode: number;
  readonly peakBytes: number;
}

/** What it writes is read and dropped; its last act, told by `peakReporter`, is its peak memory. */
export async function runProcess(program: string, args: readonly string[]): Promise<ProcessRun> {
  const startedAt = performance.now();
  const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'ignore', 'pipe'] });
  let peak = '';
  child.stdout!.resume();
  child.stdio[3]!.on('data', (chunk: Buffer) => (peak += chunk.toString()));
  const exitCode = await new Promise<number>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => resolve(code ?? -1));
  });
  return { tookMs: performance.now() - startedAt, exitCode, peakBytes: Number(peak) * 1024 };
}

const bin = fileURLToPath(new URL('../../bin/joinpoint.js', import.meta.url));
/** Kilobytes, as the system counts them. */
const peakReporter = `process.on('exit', () => {
  process.getBuiltinModule('fs').writeSync(3, String(process.resourceUsage().maxRSS));
})`;

/** The built command line, without the tools that it would ask: those are what it is compared with. */
export function runLintProcess(folder: string, withPeak = false): Promise<ProcessRun> {
  const peak = withPeak ? ['--import', `data:text/javascript,${encodeURIComponent(peakReporter)}`] : [];
  return runProcess(process.execPath, [...peak, bin, 'lint', folder, '--no-exact']);
}

/** Processor time of all processes that were run and have ended, in ms; undefined where the system does not say. */
export function childrenCpuMs(): number | undefined {
  try {
    // After the name in brackets, which may hold anything: the 14th and 15th field, in hundredths of a second.
    const fields = readFileSync('/proc/self/stat', 'utf8').split(') ').at(-1)!.split(' ');
    return (Number(fields[13]) + Number(fields[14])) * 10;
  } catch {
    return undefined;
  }
}

export function median(numbers: readonly number[]): number {
  return numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)]!;
}
