/** What an operator may tell a rollout as a whole: pause, resume, abort, roll back to a checkpoint. */
import type { Asker } from '../plan/message.js';
import type { Pause } from '../plan/status.js';
import { listen } from './listen.js';
import * as messages from './messages.js';
import type { AbortRequest, PauseRequest, RollbackRequest } from './messages.js';

/** The rollout as these messages see it. */
export interface Operated {
  readonly name: string;
  readonly uid: string;
  isPaused(): boolean;
  /** Undefined ends the pause. */
  pause(pause: Pause | undefined): void;
  isInterrupted(): boolean;
  /** Nothing is left but to keep its last words. */
  hasEnded(): boolean;
  interrupt(interrupt: { kind: 'abort'; request: AbortRequest } | { kind: 'rollback'; request: RollbackRequest }): void;
  /** Phases with a checkpoint, in order. */
  checkpoints(): readonly string[];
}

export function listenToOperator(rollout: Operated): void {
  const subject = `rollout ${rollout.name}`;
  const asker: Asker = { subject, uid: rollout.uid };
  const tooLate = (): string | undefined =>
    rollout.isInterrupted()
      ? `${subject}: is being aborted or rolled back already; wait for it`
      : rollout.hasEnded()
        ? `${subject}: has carried out its last phase, and only keeps its last words`
        : undefined;
  listen<PauseRequest>(asker, {
    update: messages.pauseUpdate,
    signal: messages.pauseSignal,
    refusal: () => (rollout.isPaused() ? `${subject}: is paused already; resume it with joinpoint resume` : undefined),
    act: ({ by, comment }) => {
      rollout.pause({ by, at: Date.now(), ...(comment && { why: comment }) });
      return `${subject}: paused by ${by}; what runs is finished, nothing new begins`;
    },
  });
  listen<PauseRequest>(asker, {
    update: messages.resumeUpdate,
    signal: messages.resumeSignal,
    refusal: () => (rollout.isPaused() ? undefined : `${subject}: is not paused`),
    act: ({ by }) => {
      rollout.pause(undefined);
      return `${subject}: resumed by ${by}`;
    },
  });
  listen<AbortRequest>(asker, {
    update: messages.abortUpdate,
    signal: messages.abortSignal,
    refusal: tooLate,
    act: (request) => {
      rollout.interrupt({ kind: 'abort', request });
      return `${subject}: aborting; agents are stopped${request.keep ? ', nothing is undone' : ' and the open phase is undone'}`;
    },
  });
  listen<RollbackRequest>(asker, {
    update: messages.rollbackToUpdate,
    signal: messages.rollbackToSignal,
    refusal: ({ to, comment }) => {
      const late = tooLate();
      if (late) return late;
      if (!comment?.trim()) return `${subject}: a rollback needs a reason; give it with -m TEXT`;
      const known = ['start', ...rollout.checkpoints()];
      return known.includes(to)
        ? undefined
        : `${subject}: has no checkpoint ${to}; roll back to one of ${known.join(', ')}`;
    },
    act: (request) => {
      rollout.interrupt({ kind: 'rollback', request });
      return `${subject}: rolling back to ${request.to}`;
    },
  });
}
