/** The tree of a rollout, and for whatever waits why, for whom, until when and the next command. */
import { durationText } from '../plan/duration.js';
import { questionTitle } from '../plan/render-waiting.js';
import type { Context } from './context.js';
import { exitCode, type ExitCode } from './exit-code.js';
import { listRollouts, type ListedRollout, pickRollout } from './list-rollouts.js';
import { type Look, lookAt } from './look.js';
import { questionCommands } from './next-commands.js';
import { blindLines, type Blind, exitCodeOf, overview, type Overview, overviewLines } from './overview.js';
import { type Session, within, withSession } from './session.js';
import type { RolloutResult } from '../workflows/contracts.js';

export interface StatusOptions {
  readonly all: boolean;
}

export function status(context: Context, name: string | undefined, options: StatusOptions): Promise<ExitCode> {
  return withSession(context, (session) => statusOf(context, session, name, options));
}

async function statusOf(
  context: Context,
  session: Session,
  name: string | undefined,
  { all }: StatusOptions,
): Promise<ExitCode> {
  if (name === undefined) {
    const open = await listRollouts(session, 'open');
    if (open.length > 1) return listOpen(context, session, open);
  }
  const listed = await pickRollout(session, name, 'closedToo');
  const looked = await overview(session, listed, all || !listed.isOpen ? 'begunPhases' : 'openPhase');
  return looked.seen ? show(context, session, looked.overview) : showBlind(context, session, looked.blind);
}

/** A line for each open rollout, with how much of it waits for a person. */
async function listOpen(context: Context, session: Session, open: readonly ListedRollout[]): Promise<ExitCode> {
  const { style, say } = context;
  const listed = await Promise.all(
    open.map(async (rollout) => ({ ...rollout, waiting: await waitingIn(session, rollout) })),
  );
  for (const { name, phase, startedAt, memo, waiting } of listed) {
    const place = `${phase === undefined ? 'begins' : `phase ${phase}`}, open for ${durationText(Date.now() - startedAt)}`;
    say(`${style.strong(name.padEnd(20))}  ${place}  ${style.faint(memo?.title ?? '')}`);
    if (waiting === undefined) say(style.asks('  ! no worker answers for it'));
    for (const question of waiting ?? []) say(`  ${questionTitle(question, Date.now(), style)}`);
  }
  say(`\n${open.length} rollouts are open; look at one with: ${session.command('status', open[0]!.name)}`);
  context.tell({ open: listed });
  if (listed.some(({ waiting }) => waiting === undefined)) return exitCode.failed;
  return listed.some(({ waiting }) => waiting!.length > 0) ? exitCode.waiting : exitCode.done;
}

/** Undefined where nobody answers. */
function waitingIn(session: Session, { name }: ListedRollout): Promise<Look['questions'] | undefined> {
  return lookAt(session, name).then(
    ({ questions }) => questions,
    () => undefined,
  );
}

function show(context: Context, session: Session, seen: Overview): ExitCode {
  for (const line of overviewLines(session, seen, Date.now(), context.style)) context.say(line);
  const waiting = seen.questions.map((question) => ({
    ...question,
    commands: questionCommands({
      question,
      questions: seen.questions,
      target: seen.rollout,
      command: session.command,
      ...(seen.namedRollout && { rollout: seen.namedRollout }),
    }),
  }));
  context.tell({
    rollout: seen.rollout,
    phases: seen.phases,
    waiting,
    failing: seen.failing,
    unservedAgents: seen.unserved,
  });
  return exitCodeOf(seen);
}

/** Without a worker an open rollout cannot be asked; how a closed one ended stands in its history. */
async function showBlind(context: Context, session: Session, blind: Blind): Promise<ExitCode> {
  for (const line of blindLines(blind, Date.now(), context.style)) context.say(line);
  const { rollout } = blind;
  const result =
    rollout.status === 'COMPLETED'
      ? await within(
          session,
          () => session.client.workflow.getHandle(rollout.workflowId).result() as Promise<RolloutResult>,
        )
      : undefined;
  if (result) context.say(`${result.outcome}${result.why ? `: ${result.why}` : ''}, at ${result.head.slice(0, 12)}`);
  context.warn(`rollout ${rollout.name}: ${blind.why}`);
  context.tell({
    name: rollout.name,
    open: rollout.isOpen,
    why: blind.why,
    failing: blind.failing,
    ...(result && { result }),
  });
  return result?.outcome === 'done' ? exitCode.done : exitCode.failed;
}
