/** A rollout: its phases in order, its checkpoints, pause, abort and rollback. */
import {
  CancellationScope,
  isCancellation,
  ParentClosePolicy,
  startChild,
  upsertSearchAttributes,
  uuid4,
} from '@temporalio/workflow';
import { stillThere, tasksOf } from '../plan/landed.js';
import { initialTasks, type TaskStates, unland } from '../plan/phase-state.js';
import type { Compensation, RolloutRef } from '../plan/rollout.js';
import type { Phase } from '../plan/schema.js';
import type { Pause, RolloutOutcome } from '../plan/status.js';
import type { RolloutInput, RolloutResult, PhaseResult } from './contracts.js';
import { Desk } from './desk.js';
import { engine, rootMessage } from './engine.js';
import { phaseId } from './ids.js';
import { Ledger } from './ledger.js';
import type { AbortRequest, RollbackRequest } from './messages.js';
import { OpenChildren } from './open-children.js';
import { listenToOperator } from './operator.js';
import { RolloutBoard } from './rollout-board.js';
import type { runPhase } from './run-phase.js';
import { rolloutAttributes, statusAttributes } from './search-attributes.js';
import { targetHead } from './target-head.js';
import { untilDone } from './until-done.js';

export async function runRollout(input: RolloutInput): Promise<RolloutResult> {
  return new RolloutRun(input).run();
}

/** What a person interrupts the order of phases with. */
type Interrupt =
  | { readonly kind: 'abort'; readonly request: AbortRequest }
  | { readonly kind: 'rollback'; readonly request: RollbackRequest };

/** A phase that was cut short could not say which numbers it used: more than it can have used are left out. */
const numbersPerFailure = 1_000;

class RolloutRun {
  private rollout: RolloutRef | undefined;
  private readonly phases: readonly Phase[];
  private readonly left = new Map<string, TaskStates>();
  /** By phase: the number that names its baseline. */
  private readonly baselines = new Map<string, number>();
  private readonly children = new OpenChildren();
  private readonly board: RolloutBoard;
  private readonly desk: Desk;
  private readonly ledger: Ledger;
  private interrupt: Interrupt | undefined;
  private scope: CancellationScope | undefined;
  private hasEnded = false;

  constructor(private readonly input: RolloutInput) {
    const { phases } = input.plan;
    const first = input.from ? phases.findIndex(({ id }) => id === input.from) : 0;
    const last = input.until ? phases.findIndex(({ id }) => id === input.until) : phases.length - 1;
    this.phases = phases.slice(first, last + 1);
    // What came before is heard as soon as somebody listens: the board shows the desk's questions then.
    this.desk = new Desk({ subject: 'rollout', uid: input.rollout.uid }, () => this.board.refresh());
    this.board = new RolloutBoard(input, this.phases, () => this.desk.questions);
    this.ledger = new Ledger(this.desk, this.board);
    listenToOperator({
      name: input.rollout.name,
      uid: input.rollout.uid,
      isPaused: () => this.board.isPaused,
      pause: (pause) => this.holdStill(pause),
      isInterrupted: () => this.interrupt !== undefined,
      hasEnded: () => this.hasEnded,
      interrupt: (interrupt) => {
        this.interrupt = interrupt;
        this.scope?.cancel();
      },
      checkpoints: () => this.board.phases.flatMap(({ id, checkpoint }) => (checkpoint ? [id] : [])),
    });
  }

  async run(): Promise<RolloutResult> {
    const { input } = this;
    upsertSearchAttributes(rolloutAttributes(input.rollout.name));
    const mintId = uuid4();
    let opened = await this.interruptible(() => this.open(mintId));
    while (!opened) {
      if (this.interrupt?.kind === 'abort') return this.neverOpened(this.interrupt.request);
      if (this.interrupt?.kind === 'rollback')
        this.board.notes.push(`rollback by ${this.interrupt.request.by}: nothing had begun that could be rolled back`);
      this.interrupt = undefined;
      opened = await this.interruptible(() => this.open(mintId));
    }
    this.rollout = { ...input.rollout, repoId: opened.repoId, start: opened.head };
    for (let at = 0; at < this.phases.length;) {
      const phase = this.phases[at]!;
      this.board.showOpen(at);
      upsertSearchAttributes(statusAttributes('running', phase.id));
      const ended = await this.interruptible(() => this.phaseOrHold(phase));
      const { interrupt } = this;
      if (ended) this.take(at, ended);
      if (interrupt?.kind === 'abort') return this.abort(at, interrupt.request);
      at = interrupt ? await this.rollBackTo(interrupt.request, at) : at + 1;
    }
    return this.end('done');
  }

  private open(mintId: string): Promise<{ readonly repoId: string; readonly head: string }> {
    const { repo, branch, settings, name } = this.input.rollout;
    return untilDone(this.desk, `rollout ${name}`, () =>
      engine(settings, 'open the target').openTarget({ repo, branch, mintId, at: Date.now() }),
    );
  }

  /** Aborted before anything began: the target, where evidence would be kept, does not answer. */
  private neverOpened(request: AbortRequest): RolloutResult {
    this.board.setStatus('aborted');
    upsertSearchAttributes(statusAttributes('aborted'));
    const { manualTasks, notes } = this.board;
    return { outcome: 'aborted', head: '', why: abortedBy(request), manualTasks, notes };
  }

  /** A phase that fails for good is put before a person; a retry goes on from what it left. */
  private async phaseOrHold(phase: Phase): Promise<PhaseResult> {
    for (;;) {
      const result = await this.runPhase(phase).catch((error: unknown) => this.cutShort(phase, error));
      if (result.outcome !== 'failed') return result;
      this.keep(phase.id, result);
      await this.desk.ask({ kind: 'hold', subject: `phase ${phase.id}`, why: result.why, actions: ['retry'] });
    }
  }

  /** A phase that was ended from outside could not say what it left: what it recorded is found again. */
  private cutShort(phase: Phase, error: unknown): PhaseResult {
    if (isCancellation(error)) throw error;
    const tasks = this.left.get(phase.id) ?? initialTasks(phase);
    return { outcome: 'failed', why: rootMessage(error), n: this.ledger.n + numbersPerFailure, tasks };
  }

  private async runPhase(phase: Phase): Promise<PhaseResult> {
    // Without the other phases and the prose: each phase's history holds it.
    const { agents, defaults, lint, staticChecks, gates } = this.input.plan;
    const workflowId = phaseId(this.rollout!.name, phase.id);
    const tasks = this.left.get(phase.id);
    const baselineN = this.baselines.get(phase.id);
    const earlier = baselineN !== undefined && {
      baselineN,
      landed: await this.ledger.standing(this.rollout!, [phase.id]),
    };
    this.baselines.set(phase.id, baselineN ?? this.ledger.n);
    return this.children.run(workflowId, () =>
      startChild<typeof runPhase>('runPhase', {
        workflowId,
        parentClosePolicy: ParentClosePolicy.REQUEST_CANCEL,
        staticSummary: `phase ${phase.id}: ${phase.title}`.slice(0, 180),
        typedSearchAttributes: rolloutAttributes(this.rollout!.name, phase.id),
        args: [
          {
            rollout: this.rollout!,
            plan: { agents, defaults, lint, staticChecks, gates },
            phase,
            n: this.ledger.n,
            paused: this.board.isPaused,
            ...(tasks && { tasks }),
            ...(earlier && { earlier }),
          },
        ],
      }),
    );
  }

  /** Runs something that an abort or a rollback cuts short; a cancellation of the workflow itself counts as an abort. */
  private async interruptible<T>(work: () => Promise<T>): Promise<T | undefined> {
    if (this.interrupt) return undefined;
    const scope = new CancellationScope();
    this.scope = scope;
    try {
      return await scope.run(work);
    } catch (error) {
      if (!isCancellation(error)) throw error;
      return undefined;
    } finally {
      this.scope = undefined;
      if (scope.consideredCancelled && !this.interrupt)
        this.interrupt = { kind: 'abort', request: { by: 'temporal workflow cancel' } };
    }
  }

  private keep(phase: string, { n, tasks }: Pick<PhaseResult, 'n' | 'tasks'>): void {
    this.ledger.leaveOut(n);
    this.left.set(phase, tasks);
  }

  private take(at: number, result: PhaseResult): void {
    const { id } = this.phases[at]!;
    this.keep(id, result);
    if (result.outcome === 'passed') this.board.show(at, { status: 'done', detail: '', checkpoint: result.checkpoint });
    if (result.outcome === 'skipped') {
      const left = { undone: [], standing: result.standing };
      this.board.show(at, { status: 'skipped', detail: `by ${result.by}: ${result.reason}`, left });
      this.board.notes.push(`phase ${id}: skipped by ${result.by}: ${result.reason}`);
    }
  }

  /** Undoes the open phase and ends; what is checkpointed stays. */
  private async abort(at: number, request: AbortRequest): Promise<RolloutResult> {
    const { id } = this.phases[at]!;
    const { keep } = request;
    const why = abortedBy(request);
    this.board.setStatus('aborting');
    const isOpen = this.board.phases[at]!.status === 'running';
    if (isOpen) {
      const { undone, standing } = keep
        ? { undone: [], standing: await this.ledger.standing(this.rollout!, [id]) }
        : await this.ledger.undo(this.rollout!, [id], why);
      const left = { undone: tasksOf(undone), standing: tasksOf(standing) };
      const detail = keep ? why : `${why}${stillThere(standing)}`;
      this.board.show(at, { status: keep ? 'skipped' : 'undone', detail, left });
    }
    return this.end('aborted', why);
  }

  /** Undoes every phase after the checkpoint, then holds; returns where to go on. */
  private async rollBackTo({ to, by, comment }: RollbackRequest, at: number): Promise<number> {
    const next = to === 'start' ? 0 : this.phases.findIndex(({ id }) => id === to) + 1;
    const reason = `rolled back to ${to === 'start' ? 'the start' : `the checkpoint of phase ${to}`} by ${by}: ${comment}`;
    this.board.setStatus('rollingBack');
    const undone = this.phases.slice(next, at + 1).map(({ id }) => id);
    const { undone: off, standing } = await this.ledger.undo(this.rollout!, undone, reason);
    const why = `${reason}${stillThere(standing)}`;
    for (const [index, { id }] of this.phases.entries()) {
      if (!undone.includes(id)) continue;
      const tasks = this.left.get(id);
      if (tasks) this.left.set(id, unland(tasks, Object.keys(tasks)));
      if (!standing.some(({ phase }) => phase === id)) this.baselines.delete(id);
      const of = (landings: readonly Compensation[]) => tasksOf(landings.filter(({ phase }) => phase === id));
      this.board.showUndone(index, why, { undone: of(off), standing: of(standing) });
    }
    this.board.notes.push(why);
    this.interrupt = undefined;
    this.board.setStatus('held');
    const subject = `phase ${this.phases[next]!.id}`;
    await this.interruptible(() => this.desk.ask({ kind: 'hold', subject, why, actions: ['retry'] }));
    this.board.setStatus('running');
    return next;
  }

  /** Nothing cancels its last words. */
  private end(outcome: RolloutOutcome, why?: string): Promise<RolloutResult> {
    return CancellationScope.nonCancellable(async () => {
      const rollout = this.rollout!;
      this.hasEnded = true;
      this.board.setStatus(outcome);
      upsertSearchAttributes(statusAttributes(outcome));
      const subject = `rollout ${rollout.name}`;
      const head = await untilDone(this.desk, subject, () => targetHead(rollout));
      const { phases, manualTasks, notes } = this.board;
      const content = JSON.stringify({ outcome, why, phases, manualTasks, notes }, null, 2);
      await untilDone(this.desk, subject, () =>
        engine(rollout.settings, 'evidence of the end').recordEvidence({
          rollout,
          writer: 'rollout',
          path: 'end.json',
          content,
          at: Date.now(),
        }),
      );
      return { outcome, head, ...(why && { why }), manualTasks, notes };
    });
  }

  private holdStill(pause: Pause | undefined): void {
    this.board.setPause(pause);
    this.children.holdStill(pause !== undefined);
  }
}

function abortedBy({ by, comment }: AbortRequest): string {
  return `aborted by ${by}${comment ? `: ${comment}` : ''}`;
}
