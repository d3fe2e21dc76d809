/** Everything that `status` and `watch` know of a rollout at one moment, and its lines. */
import { durationText } from '../plan/duration.js';
import { cut, screenWidth, type Style } from '../plan/render-style.js';
import { renderTree } from '../plan/render-tree.js';
import { renderQuestion } from '../plan/render-waiting.js';
import { exitCode, type ExitCode } from './exit-code.js';
import { type FailingWork, failingWork } from './failing-work.js';
import { endedByServer, listRollouts, type ListedRollout } from './list-rollouts.js';
import { type Look, lookAt } from './look.js';
import { questionCommands } from './next-commands.js';
import { enginePollers, unservedAgents } from './pollers.js';
import type { Session } from './session.js';
import { nobodyServes, whySilent } from './silence.js';

export interface Overview extends Look {
  readonly failing: readonly FailingWork[];
  /** Agents with work to do that nobody serves. */
  readonly unserved: readonly string[];
  /** Set where commands have to say which rollout they mean. */
  readonly namedRollout?: string;
}

/** What can be said without a worker, and why there is no more. */
export interface Blind {
  readonly rollout: ListedRollout;
  readonly why: string;
  readonly failing: readonly FailingWork[];
}

export type Seen =
  { readonly seen: true; readonly overview: Overview } | { readonly seen: false; readonly blind: Blind };

/** Looks; within about five seconds it has an answer, a worker or not. */
export async function overview(
  session: Session,
  listed: ListedRollout,
  which: 'openPhase' | 'begunPhases',
): Promise<Seen> {
  const { name } = listed;
  const ended = endedByServer(listed);
  if (ended) return { seen: false, blind: { rollout: listed, failing: [], why: ended } };
  const [pollers, failing] = await Promise.all([
    enginePollers(session),
    listed.isOpen ? failingWork(session, name) : [],
  ]);
  const nobody = nobodyServes(session, pollers, Date.now());
  if (nobody) return { seen: false, blind: { rollout: listed, failing, why: nobody } };
  try {
    const look = await lookAt(session, name, which);
    const working = Object.values(look.phases).flatMap(({ tasks }) =>
      tasks.filter(({ status }) => status === 'working'),
    );
    const lanes = [...new Set(working.map(({ agent }) => agent))].filter((agent) =>
      listed.memo?.agents.includes(agent),
    );
    const [unserved, open] = await Promise.all([
      listed.isOpen ? unservedAgents(session, lanes) : [],
      listRollouts(session, 'open'),
    ]);
    return { seen: true, overview: { ...look, failing, unserved, ...(open.length > 1 && { namedRollout: name }) } };
  } catch (error) {
    return { seen: false, blind: { rollout: listed, failing, why: whySilent(session, pollers, error, Date.now()) } };
  }
}

/** Waiting for a person outweighs running. */
export function exitCodeOf({ rollout, questions }: Look): ExitCode {
  if (rollout.status === 'done') return exitCode.done;
  if (rollout.status === 'aborted') return exitCode.failed;
  return questions.length > 0 ? exitCode.waiting : exitCode.done;
}

/** The tree, what waits and how to answer it, what keeps failing. */
export function overviewLines(
  session: Pick<Session, 'command'>,
  { rollout, phases, questions, failing, unserved, namedRollout }: Overview,
  now: number,
  style: Style,
): readonly string[] {
  const isOpen = rollout.status !== 'done' && rollout.status !== 'aborted';
  return [
    ...renderTree({ rollout, phases, now, style }),
    ...questions.flatMap((question) => [
      '',
      ...renderQuestion(
        question,
        questionCommands({
          question,
          questions,
          target: rollout,
          command: session.command,
          ...(namedRollout && { rollout: namedRollout }),
        }),
        now,
        style,
      ),
    ]),
    ...(rollout.status === 'paused'
      ? ['', `paused; go on with: ${session.command('resume', ...(namedRollout ? ['--rollout', namedRollout] : []))}`]
      : []),
    ...unserved.flatMap((agent) => [
      '',
      `${style.asks('!')} no worker serves agent ${agent}; start one with: ${session.command('worker', '--agent', agent)}`,
    ]),
    ...failingLines(failing, now, style),
    ...(isOpen && questions.length === 0 && rollout.status === 'running'
      ? ['', style.faint(`nobody needs to answer anything; follow it with: ${session.command('watch', rollout.name)}`)]
      : []),
  ];
}

/** What a rollout's records say where nobody can be asked. */
export function blindLines({ rollout, failing }: Blind, now: number, style: Style): readonly string[] {
  const phase = rollout.phase === undefined ? '' : `, was last in phase ${rollout.phase}`;
  return [
    `${style.strong(rollout.name)}  ${rollout.memo?.title ?? ''}  ${rollout.isOpen ? `open for ${durationText(now - rollout.startedAt)}${phase}` : rollout.status.toLowerCase()}`,
    ...failingLines(failing, now, style),
  ];
}

function failingLines(failing: readonly FailingWork[], now: number, style: Style): readonly string[] {
  if (failing.length === 0) return [];
  return [
    '',
    style.strong('Keeps failing, is tried again'),
    ...failing.flatMap(({ workflowId, what, attempt, why, nextAt }) => {
      const next = nextAt !== undefined && nextAt > now ? `, next in ${durationText(nextAt - now)}` : '';
      return [
        `  ${style.bad('✗')} ${cut(`${what} of ${workflowId}`, 60)}  attempt ${attempt}${next}`,
        ...(why ? [`    ${cut(why, screenWidth - 4)}`] : []),
      ];
    }),
  ];
}
