/** `joinpoint doctor`: what joinpoint needs, whether it is there, and what to do where it is not. */
import type { Command } from 'commander';
import type { Context } from '../context.js';
import { checkMachine } from '../doctor/machine.js';
import { checkServer } from '../doctor/server.js';
import type { Finding } from '../doctor/finding.js';
import { exitCode, type ExitCode } from '../exit-code.js';
import { finish } from '../finish.js';

export function registerDoctor(program: Command): void {
  program
    .command('doctor')
    .description('check what joinpoint needs: programs, server, workers, home')
    .action((_: unknown, command: Command) => finish(command, doctor));
}

async function doctor(context: Context): Promise<ExitCode> {
  const findings = [...(await checkMachine(context)), ...(await checkServer(context))];
  for (const finding of findings) context.say(line(finding, context));
  context.tell({ findings });
  return findings.some(({ status }) => status === 'fail') ? exitCode.failed : exitCode.done;
}

function line({ status, subject, found, mend }: Finding, { style }: Context): string {
  const colour = { ok: style.good, warn: style.asks, fail: style.bad }[status];
  return `${colour(status.padEnd(4))}  ${subject.padEnd(14)}  ${found}${mend ? `; ${mend}` : ''}`;
}
