/** Brings a person's message to a rollout: an Update where a worker can judge it, a Signal where none can. */
import type { Action, Answer } from '../plan/question.js';
import { type Message, sendSignal, sendUpdate } from './answer.js';
import type { Context } from './context.js';
import { exitCode, type ExitCode } from './exit-code.js';
import { type ListedRollout, openWorkflows, pickRollout } from './list-rollouts.js';
import { type Look, lookAt } from './look.js';
import { pickQuestion } from './pick-question.js';
import { enginePollers, type Poller } from './pollers.js';
import { Refusal } from './refusal.js';
import { type Session, withSession } from './session.js';
import { nobodyServes, whySilent } from './silence.js';

export interface DeliverOptions {
  readonly rollout?: string;
  readonly signal: boolean;
  /** The id of the question that an answer is for. */
  readonly question?: string;
}

/** Answers the question that `subject` names. With `--signal` it names a workflow: without a worker nobody can say what is asked. */
export function answerQuestion(
  context: Context,
  options: DeliverOptions,
  action: Action,
  subject: string | undefined,
  said: Omit<Answer, 'action' | 'question'>,
): Promise<ExitCode> {
  return withSession(context, async (session) => {
    const rollout = await pickRollout(session, options.rollout, 'openOnly');
    if (options.signal)
      return deliver(context, session, options, {
        workflowId: await namedWorkflow(session, rollout, subject),
        name: action,
        argument: { ...uidOf(rollout), ...said, ...(options.question !== undefined && { question: options.question }) },
      });
    const look = await lookOrRefuse(session, rollout);
    const { question } = options;
    const picked = pickQuestion(look.questions, action, {
      ...(subject !== undefined && { subject }),
      ...(question !== undefined && { question }),
      ...(said.tasks && { tasks: said.tasks }),
    });
    if ('refusal' in picked) throw new Refusal(`rollout ${rollout.name}: ${picked.refusal}`);
    const { workflowId, id } = picked.question;
    return deliver(context, session, options, {
      workflowId,
      name: action,
      argument: { ...said, uid: look.rollout.uid, question: id },
    });
  });
}

/** Tells the rollout itself: pause, resume, abort, rollbackTo. */
export function tellRollout(
  context: Context,
  options: DeliverOptions,
  name: string,
  argument: object,
): Promise<ExitCode> {
  return withSession(context, async (session) => {
    const rollout = await pickRollout(session, options.rollout, 'openOnly');
    if (!options.signal) await refuseWithoutWorker(session, rollout);
    return deliver(context, session, options, {
      workflowId: rollout.workflowId,
      name,
      argument: { by: context.as, ...uidOf(rollout), ...argument },
    });
  });
}

async function deliver(
  context: Context,
  session: Session,
  { signal }: DeliverOptions,
  message: Message,
): Promise<ExitCode> {
  const reply = signal ? undefined : await sendUpdate(session, message);
  if (signal) await sendSignal(session, message);
  context.say(reply ?? `${message.workflowId}: ${message.name} is left as a signal; a worker judges it when it comes`);
  context.tell({
    workflowId: message.workflowId,
    message: message.name,
    delivered: signal ? 'signal' : 'update',
    reply,
  });
  return exitCode.done;
}

/** For the message to say which rollout it means. */
function uidOf({ memo }: ListedRollout): Pick<Answer, 'uid'> {
  return memo ? { uid: memo.uid } : {};
}

/** The open workflow whose id holds every word: `join 1` is `rollout/anton/join/1`, and `land` is the landing. */
async function namedWorkflow(
  session: Session,
  { name, workflowId }: ListedRollout,
  subject: string | undefined,
): Promise<string> {
  const open = await openWorkflows(session, name);
  const words = (subject ?? '')
    .toLowerCase()
    .split(/[\s/]+/)
    .filter(Boolean);
  const fitting = open.filter(
    (id) =>
      id === subject ||
      (subject !== workflowId && words.every((word) => id.replace(workflowId, '').split('/').includes(word))),
  );
  if (fitting[0] && !fitting[1]) return fitting[0];
  throw new Refusal(`rollout ${name}: --signal needs the workflow that asks; name one of ${open.join(', ')}`);
}

/** What is asked, from the workflows that ask. @throws Refusal within seconds where no worker answers. */
async function lookOrRefuse(session: Session, rollout: ListedRollout): Promise<Look> {
  const pollers = await refuseWithoutWorker(session, rollout);
  try {
    return await lookAt(session, rollout.name);
  } catch (error) {
    throw new Refusal(`rollout ${rollout.name}: ${whySilent(session, pollers, error, Date.now())}`, exitCode.failed);
  }
}

/** An Update waits for a worker; nobody should wait with it. */
async function refuseWithoutWorker(session: Session, { name }: ListedRollout): Promise<readonly Poller[]> {
  const pollers = await enginePollers(session);
  const nobody = nobodyServes(session, pollers, Date.now());
  if (nobody)
    throw new Refusal(`rollout ${name}: ${nobody}, or leave the message for it with --signal`, exitCode.failed);
  return pollers;
}
