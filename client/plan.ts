/** What `joinpoint plan` says of a plan: its problems, or its drawing. */
import { resolve } from 'node:path';
import { readPlan } from '../plan/read.js';
import { countPlan, renderPlan } from '../plan/render-plan.js';
import { playbookProblems } from './check-playbooks.js';
import { shortPath } from './command-line.js';
import type { Context } from './context.js';
import { exitCode, type ExitCode } from './exit-code.js';
import { problemLines, readPlanFile, readPlanText } from './plan-file.js';

/** 0: nothing is wrong. 1: something is. 2: the file cannot be read. */
export async function lintPlan(context: Context, file: string): Promise<ExitCode> {
  const reading = readPlan(await readPlanText(file), playbookProblems);
  const problems = reading.ok ? [] : reading.problems;
  for (const line of problemLines(file, problems)) context.say(line);
  if (reading.ok) context.say(`${shortPath(resolve(file), process.cwd())}: nothing is wrong`);
  context.tell({ file, problems });
  return reading.ok ? exitCode.done : exitCode.failed;
}

export async function showPlan(context: Context, file: string): Promise<void> {
  const { plan } = await readPlanFile(file);
  for (const line of renderPlan(plan, context.style)) context.say(line);
  context.tell({ plan, counts: countPlan(plan) });
}
