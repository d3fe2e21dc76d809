/** The example from end to end: starts or resumes it, watches, answers, and shows what came of it. */
import { durationText, durationMs } from '../../plan/duration.js';
import { renderTree } from '../../plan/render-tree.js';
import type { AddressedQuestion } from '../../plan/status.js';
import { shortPath } from '../command-line.js';
import type { Context } from '../context.js';
import { exitCode, type ExitCode } from '../exit-code.js';
import { lookAt } from '../look.js';
import type { Interruption } from '../serve/interruption.js';
import type { Session } from '../session.js';
import { answersByYes } from './answers.js';
import { drive, type DriveOptions } from '../drive.js';
import { landedCommits } from './example-origin.js';
import type { ExampleRollout } from './example-rollout.js';
import { lastWords } from './last-words.js';
import { promptFor } from './prompt.js';

/** Runs the example to its end. 0: done. 1: aborted. 3: it ended before the rollout did. */
export async function runExample(
  context: Context,
  session: Session,
  example: ExampleRollout,
  yes: boolean,
  interruption: Interruption,
): Promise<ExitCode> {
  introduce(context, session, example, yes);
  const options: DriveOptions = {
    name: example.name,
    signal: interruption.signal,
    ...answering(context, yes, interruption),
  };
  const end = await drive(context, session, options);
  if (end !== 'ended') return exitCode.waiting;
  const look = await lookAt(session, example.name, 'begunPhases');
  const commits = await landedCommits(example.origin);
  context.say('');
  for (const line of renderTree({ ...look, now: Date.now(), style: context.style })) context.say(line);
  context.say('');
  context.say(context.style.strong(`Landed on ${shortPath(example.origin, process.cwd())}#main`));
  for (const line of commits) context.say(`  ${line}`);
  context.say('');
  context.say(context.style.strong('Look further'));
  const { program } = context;
  const { command } = session;
  for (const line of lastWords({ ...look, origin: example.origin, program, command })) context.say(`  ${line}`);
  context.tell({ rollout: look.rollout, phases: look.phases, landed: commits });
  return look.rollout.status === 'done' ? exitCode.done : exitCode.failed;
}

function introduce(
  { say, style }: Context,
  { command }: Session,
  { name, origin, resumed, shortenSoaks }: ExampleRollout,
  yes: boolean,
): void {
  say(
    `  rollout  ${style.strong(name)} ${resumed ? 'was open: it is resumed' : 'of examples/anton/plan.yaml, on a fresh clone of examples/homelab'}`,
  );
  say(`  origin   ${shortPath(origin, process.cwd())}`);
  say(
    resumed
      ? '  soaks    shortened as when it was started (--shorten-soaks)'
      : `  soaks    shortened to ${durationText(durationMs(shortenSoaks))} by --shorten-soaks ${shortenSoaks}; the plan's own take days`,
  );
  if (yes) say('  answers  --yes approves as the approver that the plan names, and ticks what is to be ticked');
  say(`  look     ${command('status', name)}, in another terminal while this runs`);
  say('');
}

/** `--yes` answers what can be agreed to, a terminal asks its person, and without either other terminals answer. */
function answering(
  { isTerminal, json, asIsExplicit, as }: Context,
  yes: boolean,
  interruption: Interruption,
): Pick<DriveOptions, 'answer' | 'givesUpOn' | 'brief'> {
  if (yes)
    return {
      brief: true,
      answer: (question) => Promise.resolve(answersByYes(question)),
      givesUpOn: (question: AddressedQuestion) => answersByYes(question).length === 0,
    };
  if (!isTerminal || json) return { answer: () => Promise.resolve([]), givesUpOn: () => false };
  return {
    answer: (question, signal) =>
      promptFor(question, { signal, ...(asIsExplicit && { as }), onInterrupt: interruption.interrupt }),
    givesUpOn: () => false,
  };
}
