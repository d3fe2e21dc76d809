/** `joinpoint plan`: checks a plan, draws it, and prints the schema of plans. */
import type { Command } from 'commander';
import { finish } from '../finish.js';

export function registerPlan(program: Command): void {
  const plan = program.command('plan').description('check a plan, draw it, or print the JSON Schema of plans');
  plan
    .command('lint')
    .description('say what is wrong with a plan: file:line:column, subject, what to do')
    .argument('<file>', 'the plan')
    .action((file: string, _: unknown, command: Command) =>
      finish(command, async (context) => (await import('../plan.js')).lintPlan(context, file)),
    );
  plan
    .command('show')
    .description('draw a plan, closing with its counts')
    .argument('<file>', 'the plan')
    .action((file: string, _: unknown, command: Command) =>
      finish(command, async (context) => (await import('../plan.js')).showPlan(context, file)),
    );
  plan
    .command('schema')
    .description('print the JSON Schema of plans, for editors')
    .action((_: unknown, command: Command) =>
      finish(command, async () => {
        const { planJsonSchema } = await import('../../plan/json-schema.js');
        process.stdout.write(planJsonSchema());
      }),
    );
}
