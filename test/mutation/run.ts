/**
 * Mutation: inverts each gate and each verification in a copy of the checkout, and exits 1 unless a test fails each
 * time. `--only TEXT` takes those whose file, tests or sentence hold the text; `--list` only lists them.
 */
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { lineOf, MutationRun } from './mutation-run.js';
import { mutations } from './mutations.js';

const { values } = parseArgs({
  options: { only: { type: 'string', default: '' }, list: { type: 'boolean', default: false } },
});
const chosen = mutations.filter(({ file, tests, what }) => `${file} ${tests} ${what}`.includes(values.only));

async function judgeAll(): Promise<void> {
  const startedAt = Date.now();
  const stop = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stop.abort());
  const run = new MutationRun(fileURLToPath(new URL('../..', import.meta.url)), chosen, stop.signal);
  await run.run();
  const { survivors, problems, noticed, hung } = run;
  for (const mutation of survivors) console.error(`survived: ${lineOf(mutation)}; ${mutation.tests} must notice`);
  for (const problem of problems) console.error(`not judged: ${problem}`);
  const minutes = ((Date.now() - startedAt) / 60_000).toFixed(1);
  if (hung > 0) console.log(`${hung} were noticed by a test that came to no end`);
  console.log(`${chosen.length} mutations: ${noticed} noticed, ${survivors.length} survived (${minutes} minutes)`);
  process.exitCode = noticed === chosen.length && problems.length === 0 ? 0 : 1;
}

if (values.list)
  for (const mutation of chosen)
    console.log(`${lineOf(mutation)} <- ${mutation.tests}${mutation.named ? `: ${mutation.named}` : ''}`);
else await judgeAll();
