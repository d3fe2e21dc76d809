/** A rollout's ledger: how to undo each of its landings, which of them stand, and the undo of whole phases. */
import {
  ApplicationFailure,
  CancellationScope,
  ChildWorkflowFailure,
  setHandler,
  workflowInfo,
} from '@temporalio/workflow';
import { sameLanding, type Undone } from '../plan/landed.js';
import type { Compensation, RolloutRef } from '../plan/rollout.js';
import type { Desk } from './desk.js';
import { rootMessage } from './engine.js';
import { LandingLock } from './lock.js';
import { recordCompensationsSignal } from './messages.js';
import { markUndone } from './pull-requests.js';
import type { RolloutBoard } from './rollout-board.js';
import { standingOf } from './standing.js';
import { untilDone } from './until-done.js';

export class Ledger {
  private readonly compensations: Compensation[] = [];
  private readonly lock: LandingLock;
  private next = 1;

  constructor(
    private readonly desk: Desk,
    private readonly board: RolloutBoard,
  ) {
    const { workflowId } = workflowInfo();
    this.lock = new LandingLock((status) => board.take({ node: 'undo', workflowId, status, questions: [] }));
    setHandler(recordCompensationsSignal, (compensations) => this.record(compensations));
  }

  /** The next number for a landing or evidence: none is used twice. */
  get n(): number {
    return this.next;
  }

  /** Every number below `n` is used. */
  leaveOut(n: number): void {
    this.next = Math.max(this.next, n);
  }

  /** Each landing once: a push that is tried again records it again. */
  private record(compensations: readonly Compensation[]): void {
    for (const one of compensations) {
      if (!this.compensations.some((known) => sameLanding(known, one))) this.compensations.push(one);
      this.leaveOut(one.n + 1);
    }
  }

  /** What stands of these phases. */
  standing(rollout: RolloutRef, phases: readonly string[]): Promise<readonly Compensation[]> {
    return standingOf(
      rollout,
      this.compensations.filter(({ phase }) => phases.includes(phase)),
    );
  }

  /** Undoes what stands of these phases, and says what that came to. Once begun it comes to an end: nothing cancels it, and what fails for good is asked about. */
  undo(rollout: RolloutRef, phases: readonly string[], reason: string): Promise<Undone> {
    return CancellationScope.nonCancellable(async () => {
      const compensations = await this.standing(rollout, phases);
      if (compensations.length === 0) return { undone: [], standing: [] };
      const phase = phases.join(', ');
      const node = `undo of phase ${phase}`;
      const input = { rollout, phase, node, reportTo: workflowInfo().workflowId };
      const undone = await untilDone(this.desk, node, () =>
        this.lock.undo(input, compensations, reason).catch(endedFromOutside),
      );
      this.board.forgetReports();
      await this.say(rollout, undone, node, reason);
      return undone;
    });
  }

  /** A comment that the origin declines for good is a person's to leave out. */
  private async say(rollout: RolloutRef, undone: Undone, node: string, why: string): Promise<void> {
    const said = { key: `at-${Date.now()}`, by: `rollout ${rollout.name}`, why };
    const outcome = await this.desk.insist(node, () => markUndone(rollout, undone, said), ['skip']);
    if ('done' in outcome) return;
    const { by, comment } = outcome.closed.answer;
    this.board.notes.push(`${node}: not every pull request says so, skipped by ${by}: ${comment}`);
  }
}

/** Whoever ended the landing, as to free its lock, did not mean the rollout. */
function endedFromOutside(error: unknown): never {
  if (!(error instanceof ChildWorkflowFailure)) throw error;
  throw ApplicationFailure.nonRetryable(
    `its landing was ended (${rootMessage(error)}); retry it, what is undone already stays so`,
  );
}
