/** Judging again in the same process after one edit, as `lint --watch` and tasks do. */
import { execFileSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type * as lintRun from '../../client/lint/run.js';
import type { LintRequest } from '../../client/lint/request.js';
import { homelabFolder, homelabNames } from '../homelabs/homelab-trees.js';
import { median } from './run-process.js';

/** As it is built: what runs the sources makes functions dearer. */
const builtRun = new URL('../../dist/client/lint/run.js', import.meta.url).href;

const medianAtMostMs = 50;
const edits = 30;
/** Until the code is warm, as it is in a process that goes on. */
const editsBefore = 10;

/** Whether each of the six is judged again in time. */
export async function benchAgain(): Promise<boolean> {
  console.log(`\nlint again after one edit, in one process, medians of ${edits} edits`);
  const { runLint } = (await import(builtRun)) as typeof lintRun;
  const slow: string[] = [];
  for (const name of homelabNames) {
    const { first, again } = await judgeAgain(name, runLint);
    const middle = median(again);
    console.log(
      `  ${name.padEnd(9)} ${middle.toFixed()} ms (${Math.min(...again).toFixed()} to ${Math.max(...again).toFixed()}; the first time ${first.toFixed()})`,
    );
    if (middle > medianAtMostMs) slow.push(name);
  }
  if (slow.length > 0) console.error(`bench lint: again takes more than ${medianAtMostMs} ms in ${slow.join(', ')}`);
  return slow.length === 0;
}

interface Judged {
  readonly first: number;
  readonly again: readonly number[];
}

async function judgeAgain(name: string, runLint: typeof lintRun.runLint): Promise<Judged> {
  const root = mkdtempSync(join(tmpdir(), 'joinpoint-again-'));
  try {
    cpSync(homelabFolder(name), root, { recursive: true, mode: 0 });
    execFileSync('git', ['init', '-q'], { cwd: root });
    const startedAt = performance.now();
    let run = await runLint(requestFor(root), Date.now());
    const first = performance.now() - startedAt;
    const files = run.memory.repository.flux.helmReleases.flatMap(({ object }) => object.manifest?.file.path ?? []);
    const again: number[] = [];
    for (let edit = 0; edit < editsBefore + edits; edit++) {
      changeInterval(join(root, files[(edit * 7) % files.length]!), edit);
      const editedAt = performance.now();
      run = await runLint(requestFor(root), Date.now(), run.memory);
      if (edit >= editsBefore) again.push(performance.now() - editedAt);
    }
    return { first, again };
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
}

/** A real edit: of a value that is in effect. */
function changeInterval(file: string, edit: number): void {
  const text = readFileSync(file, 'utf8');
  writeFileSync(file, text.replace(/interval: .*/, `interval: ${edit + 1}m`));
}

function requestFor(root: string): LintRequest {
  return { root, fix: false, format: 'text', severity: 'info', strict: false, exact: { off: 'a bench' } };
}
