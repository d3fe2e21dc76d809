/** How time and memory grow with a generated repository: linear, up to ten thousand documents. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { generatedRepository } from './generated-repository.js';
import { median, type ProcessRun, runLintProcess } from './run-process.js';

const sizes = [1_250, 2_500, 5_000, 10_000] as const;
const rounds = 3;
/** Of the time a document, of the largest over the smallest: linear, with room for what a large heap costs. */
const growthAtMost = 1.5;

/** Whether a document costs no more in a large repository. */
export async function benchGrowth(): Promise<boolean> {
  console.log(`\nlint of a generated repository, as a process, medians of ${rounds} rounds`);
  const repositories = sizes.map((size) => ({ size, root: written(size), runs: [] as ProcessRun[] }));
  try {
    // In turns, so that a busy minute is no size's own.
    for (let round = 0; round < rounds; round++)
      for (const { root, runs } of repositories) runs.push(await judged(root));
    await tellManyFiles();
    return tell(repositories);
  } finally {
    for (const { root } of repositories) rmSync(root, { recursive: true, force: true });
  }
}

function tell(repositories: readonly { readonly size: number; readonly runs: readonly ProcessRun[] }[]): boolean {
  const perDocument = repositories.map(({ size, runs }) => {
    const tookMs = median(runs.map((run) => run.tookMs));
    const peak = Math.max(...runs.map(({ peakBytes }) => peakBytes));
    const each = `${(tookMs / 1000).toFixed(2)} s, ${(tookMs / size).toFixed(2)} ms each`;
    console.log(`  ${String(size).padStart(6)} documents: ${each}, ${mebibytes(peak)} at most`);
    return tookMs / size;
  });
  const growth = perDocument.at(-1)! / perDocument[0]!;
  console.log(`  a document of ${sizes.at(-1)} over one of ${sizes[0]}: ${growth.toFixed(2)}, limit ${growthAtMost}`);
  if (growth > growthAtMost) console.error('bench lint: grows faster than the repository');
  return growth <= growthAtMost;
}

/** Much that is no manifest beside much that is: there is no limit to keep but the machine's. */
async function tellManyFiles(): Promise<void> {
  const root = written(1_250);
  try {
    for (let folder = 0; folder < 100; folder++) {
      mkdirSync(join(root, `data/${folder}`), { recursive: true });
      for (let file = 0; file < 1_000; file++)
        writeFileSync(join(root, `data/${folder}/${file}.${file % 10 ? 'txt' : 'yaml'}`), 'a: 1\n');
    }
    const { tookMs, peakBytes } = await judged(root);
    console.log(
      `  100,000 files more, 10,000 of them YAML: ${(tookMs / 1000).toFixed(1)} s, ${mebibytes(peakBytes)} at most`,
    );
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
}

function mebibytes(bytes: number): string {
  return `${(bytes / 2 ** 20).toFixed()} MiB`;
}

function written(documents: number): string {
  const root = mkdtempSync(join(tmpdir(), 'joinpoint-growth-'));
  for (const [path, text] of generatedRepository(documents)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
  return root;
}

async function judged(root: string): Promise<ProcessRun> {
  const run = await runLintProcess(root, true);
  if (run.exitCode !== 0) throw new Error(`lint of ${root}: ended with ${run.exitCode}; the measurement is void`);
  return run;
}
