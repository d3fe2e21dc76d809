/** Every message that a workflow takes: an Update with a validator where the sender waits for the answer, and a plain Signal of the same name beside it. */
import { defineQuery, defineSignal, defineUpdate } from '@temporalio/workflow';
import type { Answer } from '../plan/question.js';
import type { Compensation, ManualTask } from '../plan/rollout.js';
import type { NodeReport, PhaseView, RolloutView } from '../plan/status.js';

/** An answer without its action, which is the message's name. */
export type Said = Omit<Answer, 'action'>;

export const approveUpdate = defineUpdate<string, [Said]>('approve');
export const rejectUpdate = defineUpdate<string, [Said]>('reject');
export const retryUpdate = defineUpdate<string, [Said]>('retry');
export const skipUpdate = defineUpdate<string, [Said]>('skip');
export const overrideUpdate = defineUpdate<string, [Said]>('override');
export const rollbackUpdate = defineUpdate<string, [Said]>('rollback');
export const doneUpdate = defineUpdate<string, [Said]>('done');

export const approveSignal = defineSignal<[Said]>('approve');
export const rejectSignal = defineSignal<[Said]>('reject');
export const retrySignal = defineSignal<[Said]>('retry');
export const skipSignal = defineSignal<[Said]>('skip');
export const overrideSignal = defineSignal<[Said]>('override');
export const rollbackSignal = defineSignal<[Said]>('rollback');
export const doneSignal = defineSignal<[Said]>('done');

export interface Request {
  readonly by: string;
  /** The rollout that is meant: its name may have gone on to another. */
  readonly uid?: string;
}

export interface PauseRequest extends Request {
  readonly comment?: string;
}

export interface AbortRequest extends Request {
  readonly comment?: string;
  /** Undo nothing. */
  readonly keep?: boolean;
}

export interface RollbackRequest extends Request {
  readonly comment: string;
  /** The phase whose checkpoint to go back to; `start` is where the rollout began. */
  readonly to: string;
}

export const pauseUpdate = defineUpdate<string, [PauseRequest]>('pause');
export const pauseSignal = defineSignal<[PauseRequest]>('pause');
export const resumeUpdate = defineUpdate<string, [PauseRequest]>('resume');
export const resumeSignal = defineSignal<[PauseRequest]>('resume');
export const abortUpdate = defineUpdate<string, [AbortRequest]>('abort');
export const abortSignal = defineSignal<[AbortRequest]>('abort');
export const rollbackToUpdate = defineUpdate<string, [RollbackRequest]>('rollbackTo');
export const rollbackToSignal = defineSignal<[RollbackRequest]>('rollbackTo');

export const rolloutStatusQuery = defineQuery<RolloutView>('status');
export const phaseStatusQuery = defineQuery<PhaseView>('status');

/** From a task, join point or landing to the phase (or rollout) that shows it. */
export const reportSignal = defineSignal<[NodeReport]>('report');
/** From a landing to its rollout, before it pushes: the ledger. */
export const recordCompensationsSignal = defineSignal<[readonly Compensation[]]>('recordCompensations');
/** From whatever has something to tell the plan's reader to the rollout: a skip, an override, an undo that needs a person. */
export const noteSignal = defineSignal<[{ readonly text: string; readonly manualTask?: ManualTask }]>('note');
/** From a rollout to its phase, and on to what the phase has open. */
export const holdStillSignal = defineSignal<[boolean]>('holdStill');
/** From a waiter to the landing that holds the lock, and back: at once who holds it, then that it is free. */
export const waitForLockSignal = defineSignal<[string]>('waitForLock');
export const lockHeldSignal = defineSignal<[string]>('lockHeld');
export const lockFreedSignal = defineSignal('lockFreed');
