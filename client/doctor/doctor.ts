/** Looks at all that joinpoint needs, and shows what it finds line by line. */
import type { Context } from '../context.js';
import { exitCode, type ExitCode } from '../exit-code.js';
import type { Finding } from './finding.js';
import { checkMachine } from './machine.js';
import { checkServer } from './server.js';

export async function doctor(context: Context): Promise<ExitCode> {
  const findings = [...(await checkMachine(context)), ...(await checkServer(context))];
  for (const finding of findings) context.say(line(finding, context));
  context.tell({ findings });
  return findings.some(({ status }) => status === 'fail') ? exitCode.failed : exitCode.done;
}

function line({ status, subject, found, mend }: Finding, { style }: Context): string {
  const colour = { ok: style.good, info: style.faint, warn: style.asks, fail: style.bad }[status];
  return `${colour(status.padEnd(4))}  ${subject.padEnd(14)}  ${found}${mend ? `; ${mend}` : ''}`;
}
