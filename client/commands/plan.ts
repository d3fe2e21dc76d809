/** `joinpoint plan`: checks a plan, draws it, and prints the schema of plans. */
import { resolve } from 'node:path';
import type { Command } from 'commander';
import { readPlan } from '../../plan/read.js';
import { countPlan, renderPlan } from '../../plan/render-plan.js';
import { planJsonSchema } from '../../plan/json-schema.js';
import { shortPath } from '../command-line.js';
import type { Context } from '../context.js';
import { exitCode, type ExitCode } from '../exit-code.js';
import { finish } from '../finish.js';
import { problemLines, readPlanFile, readPlanText } from '../plan-file.js';

export function registerPlan(program: Command): void {
  const plan = program.command('plan').description('check a plan, draw it, or print the JSON Schema of plans');
  plan
    .command('lint')
    .description('say what is wrong with a plan: file:line:column, subject, what to do')
    .argument('<file>', 'the plan')
    .action((file: string, _: unknown, command: Command) => finish(command, (context) => lint(context, file)));
  plan
    .command('show')
    .description('draw a plan, closing with its counts')
    .argument('<file>', 'the plan')
    .action((file: string, _: unknown, command: Command) => finish(command, (context) => show(context, file)));
  plan
    .command('schema')
    .description('print the JSON Schema of plans, for editors')
    .action((_: unknown, command: Command) =>
      finish(command, () => Promise.resolve(void process.stdout.write(planJsonSchema()))),
    );
}

/** 0: nothing is wrong. 1: something is. 2: the file cannot be read. */
async function lint(context: Context, file: string): Promise<ExitCode> {
  const reading = readPlan(await readPlanText(file));
  const problems = reading.ok ? [] : reading.problems;
  for (const line of problemLines(file, problems)) context.say(line);
  if (reading.ok) context.say(`${shortPath(resolve(file), process.cwd())}: nothing is wrong`);
  context.tell({ file, problems });
  return reading.ok ? exitCode.done : exitCode.failed;
}

async function show(context: Context, file: string): Promise<void> {
  const { plan } = await readPlanFile(file);
  for (const line of renderPlan(plan, context.style)) context.say(line);
  context.tell({ plan, counts: countPlan(plan) });
}
