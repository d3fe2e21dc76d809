/**
 * Overhead: the real workflows with activities that return at once, beside a bare Temporal program with one child per
 * task and the same number of activities; one server, the same workers. Fails when the engine takes more than 1.3 times
 * as long.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Client } from '@temporalio/client';
import { bundleWorkflowCode, DefaultLogger } from '@temporalio/worker';
import { bundleWorkflows } from '../../worker/bundle.js';
import { rolloutId } from '../../workflows/ids.js';
import { startTestServer } from '../harness/server.js';
import { historySizes, type HistorySize, type Measured, measure } from './measure.js';
import { runBare, runEngine } from './programs.js';

const ratioAtMost = 1.3;
/** Tasks of a plan, and how often both programs run it, in turns. */
const sizes = [
  { tasks: 100, pairs: 5 },
  { tasks: 1000, pairs: 1 },
] as const;

interface Bundles {
  readonly engine: string;
  readonly bare: string;
}

interface Pair {
  readonly engine: Measured;
  readonly bare: Measured;
}

async function bundle(dir: string): Promise<Bundles> {
  const bundles = { engine: join(dir, 'engine.js'), bare: join(dir, 'bare.js') };
  writeFileSync(bundles.engine, await bundleWorkflows());
  const workflowsPath = fileURLToPath(new URL('./bare-workflows.ts', import.meta.url));
  writeFileSync(bundles.bare, (await bundleWorkflowCode({ workflowsPath, logger: new DefaultLogger('WARN') })).code);
  return bundles;
}

interface Bench {
  readonly client: Client;
  readonly address: string;
  readonly bundles: Bundles;
}

function measureEngine({ client, address, bundles }: Bench, name: string, tasks: number): Promise<Measured> {
  return measure({ address, bundlePath: bundles.engine }, () => runEngine(client, name, tasks));
}

function measureBare(
  { client, address, bundles }: Bench,
  name: string,
  tasks: number,
  calls: Measured['calls'],
): Promise<Measured> {
  return measure({ address, bundlePath: bundles.bare }, () => runBare(client, name, tasks, calls));
}

/** The engine goes first only in every other pair: what runs later finds a larger database. */
async function measurePairs(bench: Bench, tasks: number, pairs: number): Promise<readonly Pair[]> {
  const measured: Pair[] = [];
  for (let at = 0; at < pairs; at++) {
    const names = { engine: `engine-${tasks}-${at}`, bare: `bare-${tasks}-${at}` };
    const known = measured[0]?.engine.calls;
    const early = at % 2 === 1 && known ? await measureBare(bench, names.bare, tasks, known) : undefined;
    const engine = await measureEngine(bench, names.engine, tasks);
    const bare = early ?? (await measureBare(bench, names.bare, tasks, engine.calls));
    if (countOf(engine) !== countOf(bare)) throw new Error('the programs ran different numbers of activities');
    measured.push({ engine, bare });
    console.log(`${tasks} tasks, pair ${at + 1}: engine ${seconds(engine)}, bare ${seconds(bare)}`);
  }
  return measured;
}

function countOf({ calls }: Measured): number {
  return Object.values(calls).reduce((sum, count) => sum + count, 0);
}

function median(numbers: readonly number[]): number {
  return numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)]!;
}

const seconds = ({ tookMs }: Pick<Measured, 'tookMs'>): string => `${(tookMs / 1000).toFixed(1)} s`;
const mebibytes = (bytes: number): string => `${(bytes / 2 ** 20).toFixed(0)} MiB`;
const kibibytes = (bytes: number): string => `${(bytes / 1024).toFixed(0)} KiB`;

interface Result {
  readonly tasks: number;
  readonly engineMs: number;
  readonly bareMs: number;
}

function tell(tasks: number, pairs: readonly Pair[], histories: readonly HistorySize[]): Result {
  const engineMs = median(pairs.map(({ engine }) => engine.tookMs));
  const bareMs = median(pairs.map(({ bare }) => bare.tookMs));
  const ratios = pairs.map(({ engine, bare }) => engine.tookMs / bare.tookMs);
  const { engine, bare } = pairs.at(-1)!;
  const phases = histories.filter(({ workflowType }) => workflowType === 'runPhase');
  const largest = histories.toSorted((a, b) => b.bytes - a.bytes)[0]!;
  console.log(`
${tasks} tasks, ${countOf(engine)} activities in each program
  engine             ${seconds({ tookMs: engineMs })}, ${(engineMs / tasks).toFixed(1)} ms a task
  bare               ${seconds({ tookMs: bareMs })}, ${(bareMs / tasks).toFixed(1)} ms a task
  ratio              ${(engineMs / bareMs).toFixed(2)} (each pair: ${ratios.map((ratio) => ratio.toFixed(2)).join(', ')}), limit ${ratioAtMost}
  events of a phase  ${phases.map(({ events }) => events).join(', ')} (one for each of its runs)
  largest history    ${largest.workflowType}, ${largest.events} events, ${kibibytes(largest.bytes)}
  worker memory      engine ${mebibytes(engine.rss)} at the end, ${mebibytes(engine.peakRss)} at most; bare ${mebibytes(bare.rss)}, ${mebibytes(bare.peakRss)}`);
  return { tasks, engineMs, bareMs };
}

/** Whether it is within the limit; says what it measured. */
export async function benchEngine(): Promise<boolean> {
  const dir = mkdtempSync(join(tmpdir(), 'joinpoint-bench-'));
  const server = await startTestServer();
  try {
    const bench: Bench = { client: server.client, address: server.address, bundles: await bundle(dir) };
    const results: Result[] = [];
    for (const { tasks, pairs } of sizes) {
      const measured = await measurePairs(bench, tasks, pairs);
      const histories = await historySizes(server.client, rolloutId(`engine-${tasks}-${pairs - 1}`));
      results.push(tell(tasks, measured, histories));
    }
    const [small, large] = results as [Result, Result];
    const growth = (key: 'engineMs' | 'bareMs'): string =>
      (large[key] / large.tasks / (small[key] / small.tasks)).toFixed(2);
    console.log(
      `\ntime a task at ${large.tasks} over ${small.tasks}: engine ${growth('engineMs')}, bare ${growth('bareMs')}`,
    );
    const beyond = results.filter(({ engineMs, bareMs }) => engineMs / bareMs > ratioAtMost);
    for (const { tasks } of beyond)
      console.error(
        `bench: ${tasks} tasks took more than ${ratioAtMost} times as long; see where the time goes before merging`,
      );
    return beyond.length === 0;
  } finally {
    await server.stop();
    rmSync(dir, { recursive: true, force: true });
  }
}
