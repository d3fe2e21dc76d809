/** The landing: pushes a candidate wave by wave, proves each, undoes what fails; or undoes landings. Holding its workflow id is holding the target's lock. */
import { CancellationScope, getExternalWorkflowHandle, setHandler } from '@temporalio/workflow';
import type { Check } from '../gates/check.js';
import { overall, type Verdict } from '../gates/verdict.js';
import type { Candidate, FoldUnit } from '../git/fold.js';
import type { UndoResult } from '../activities/git.js';
import type { Compensation, RolloutRef } from '../plan/rollout.js';
import type { Stage } from '../plan/schema.js';
import { Desk } from './desk.js';
import { engine } from './engine.js';
import { rolloutId } from './ids.js';
import { lockFreedSignal, recordCompensationsSignal, waitForLockSignal } from './messages.js';
import { noteToRollout } from './note.js';
import { Reporter } from './reporter.js';
import { Stillness } from './stillness.js';
import { verdictLines } from '../plan/status.js';

export interface LandInput {
  readonly rollout: RolloutRef;
  readonly phase: string;
  /** `landing of phase 1`: how people see it. */
  readonly node: string;
  /** The workflow that shows it. */
  readonly reportTo: string;
  readonly paused: boolean;
  readonly job: CandidateJob | UndoJob;
}

export interface CandidateJob {
  readonly kind: 'candidate';
  /** The chain and key of the candidate; re-folds are kept beside it. */
  readonly writer: string;
  readonly key: string;
  readonly candidate: Candidate;
  readonly units: readonly FoldUnit[];
  readonly stages: readonly Stage[];
  /** By task: how its landings are undone. */
  readonly undo: Readonly<Record<string, Compensation['undo']>>;
  readonly staticChecks: readonly Check[];
  readonly gates: readonly Check[];
  readonly baseline: readonly Verdict[];
  readonly onFailure: 'rollback' | 'hold';
}

export interface UndoJob {
  readonly kind: 'undo';
  readonly compensations: readonly Compensation[];
  readonly reason: string;
}

export type LandResult =
  /** On the target and proven. `movedFrom` is the approved head, where the target had moved and the approval carried over. */
  | {
      readonly outcome: 'landed';
      readonly head: string;
      readonly landed: readonly Compensation[];
      readonly movedFrom?: string;
      readonly verdicts: readonly Verdict[];
    }
  /** Nothing landed: the target moved under the candidate in a way that needs a new look. */
  | { readonly outcome: 'askAgain'; readonly why: string }
  | {
      readonly outcome: 'undone';
      readonly why: string;
      readonly verdicts: readonly Verdict[];
      readonly undo: UndoResult;
    };

/** After so many lost races in a row a re-fold with unchanged patches is pushed first and its static checks are made with the gates. */
const racesBeforeCheckingAfter = 3;

export async function land(input: LandInput): Promise<LandResult> {
  const waiters = new Set<string>();
  setHandler(waitForLockSignal, (workflowId) => void waiters.add(workflowId));
  const landing = new Landing(input);
  try {
    return await landing.run();
  } finally {
    await CancellationScope.nonCancellable(async () => {
      await landing.reporter.settle();
      await freeLock(waiters);
    });
  }
}

/** Tells every waiter; one that asks meanwhile is told too, so that nobody is left behind. */
async function freeLock(waiters: Set<string>): Promise<void> {
  while (waiters.size > 0) {
    const [workflowId] = waiters;
    waiters.delete(workflowId!);
    try {
      await getExternalWorkflowHandle(workflowId!).signal(lockFreedSignal);
    } catch {
      // A waiter that is gone no longer waits.
    }
  }
}

class Landing {
  readonly reporter: Reporter;
  private readonly desk: Desk;
  private readonly stillness: Stillness;
  private readonly landed: Compensation[] = [];
  private status = 'starts';
  private verdicts: readonly Verdict[] = [];
  private checksMade = 0;

  constructor(private readonly input: LandInput) {
    this.reporter = new Reporter(input.reportTo, input.node);
    this.desk = new Desk(input.node, () => this.tell(this.status));
    this.stillness = new Stillness(input.paused);
  }

  async run(): Promise<LandResult> {
    const { job } = this.input;
    if (job.kind === 'undo') {
      const undo = await this.undo(job.compensations, job.reason);
      return { outcome: 'undone', why: job.reason, verdicts: [], undo };
    }
    return this.landCandidate(job);
  }

  private tell(status: string): void {
    this.status = status;
    this.reporter.tell({ status, questions: this.desk.questions, verdicts: verdictLines(this.verdicts) });
  }

  private async landCandidate(job: CandidateJob): Promise<LandResult> {
    let candidate = job.candidate;
    let movedFrom: string | undefined;
    let racesLost = 0;
    for (let at = 0; at < candidate.waves.length;) {
      const wave = candidate.waves[at]!;
      const onto = at === 0 ? candidate.onto : candidate.waves[at - 1]!.commits.at(-1)!.commit;
      await this.stillness.over();
      this.tell(`lands stage ${wave.stage}`);
      const outcome = await this.push(job, wave, onto);
      if (outcome === 'undo') return this.giveUp('a person rolled it back');
      if (outcome.status === 'moved') {
        racesLost++;
        const checkFirst = racesLost <= racesBeforeCheckingAfter;
        const refolded = await this.refold(job, candidate, racesLost, checkFirst);
        if ('why' in refolded)
          return this.landed.length === 0 ? { outcome: 'askAgain', why: refolded.why } : this.giveUp(refolded.why);
        movedFrom ??= job.candidate.head;
        candidate = refolded.candidate;
        at = 0;
        continue;
      }
      const late = racesLost > racesBeforeCheckingAfter ? job.staticChecks : [];
      racesLost = 0;
      const verdict = await this.prove(job, wave.stage, outcome.head, late);
      if (verdict.undo) return this.giveUp(verdict.why);
      at++;
    }
    const head = candidate.waves.at(-1)?.commits.at(-1)?.commit ?? candidate.onto;
    this.tell('landed');
    return { outcome: 'landed', head, landed: this.landed, verdicts: this.verdicts, ...(movedFrom && { movedFrom }) };
  }

  /** Records how to undo the wave, then pushes it: once begun, no cancellation comes between. */
  private async push(job: CandidateJob, wave: Candidate['waves'][number], onto: string) {
    const { rollout, phase } = this.input;
    const compensations = wave.commits.map(({ task, stage, n }): Compensation => ({
      phase,
      task,
      stage,
      n,
      undo: job.undo[task]!,
    }));
    const outcome = await this.desk.insist(
      this.input.node,
      () =>
        CancellationScope.nonCancellable(async () => {
          await getExternalWorkflowHandle(rolloutId(rollout.name)).signal(recordCompensationsSignal, compensations);
          return engine(rollout.settings, `push stage ${wave.stage}`).landWave({
            rollout,
            commits: wave.commits,
            onto,
          });
        }),
      ['rollback'],
    );
    if ('closed' in outcome) return 'undo';
    if (outcome.done.status === 'landed') this.landed.push(...compensations);
    return outcome.done;
  }

  /** The rest of the candidate on the moved head; the approval carries over when every patch is the same and the static checks pass. */
  private async refold(
    job: CandidateJob,
    before: Candidate,
    race: number,
    checkFirst: boolean,
  ): Promise<{ readonly candidate: Candidate } | { readonly why: string }> {
    const { rollout } = this.input;
    const key = `${job.key}-moved-${this.landed.length}-${race}`;
    const landed = this.landed.map(({ task, stage, n }) => `${task}/${stage}/${n}`);
    this.tell('the target moved: folds again');
    const folded = await engine(rollout.settings, 'fold on the moved head').foldCandidate({
      rollout,
      writer: job.writer,
      key,
      units: job.units,
      stages: job.stages,
      landed,
      at: Date.now(),
    });
    if (folded.status === 'conflict')
      return { why: `the target moved and ${folded.task} no longer fits it (${folded.files.join(', ')})` };
    const { candidate } = folded;
    if (!samePatches(before, candidate, new Set(landed)))
      return { why: 'the target moved and the patches are no longer those that were approved' };
    if (!checkFirst) return { candidate };
    const { verdicts } = await engine(rollout.settings, 'static checks on the moved head').runChecks({
      rollout,
      writer: job.writer,
      key,
      commit: candidate.head,
      base: candidate.onto,
      checks: job.staticChecks,
      at: Date.now(),
    });
    const worst = verdicts.find(({ status }) => status !== 'passed');
    return worst ? { why: `the target moved, and on it ${worst.title}: ${worst.why}` } : { candidate };
  }

  /** Runs the gates until they pass or somebody decides otherwise. */
  private async prove(
    job: CandidateJob,
    stage: string,
    commit: string,
    late: readonly Check[],
  ): Promise<{ readonly undo: boolean; readonly why: string }> {
    const { rollout } = this.input;
    for (;;) {
      this.tell(`proves stage ${stage}`);
      const key = `${job.key}-${stage}-${this.landed.length}-${++this.checksMade}`;
      const { verdicts } = await engine(rollout.settings, `gates after stage ${stage}`).runChecks({
        rollout,
        writer: job.writer,
        key,
        commit,
        checks: [...late, ...job.gates],
        baseline: job.baseline,
        at: Date.now(),
      });
      this.verdicts = verdicts;
      const status = overall(verdicts);
      if (status === 'passed') return { undo: false, why: '' };
      const worst = verdicts.find((verdict) => verdict.status === status)!;
      const why = `gate ${worst.title} ${status} after stage ${stage}: ${worst.why}`;
      if (status === 'failed' && job.onFailure === 'rollback') return { undo: true, why };
      const closed = await this.desk.ask({
        kind: 'hold',
        subject: this.input.node,
        why,
        actions: ['retry', 'skip', 'override', 'rollback'],
      });
      if (closed.action === 'rollback') return { undo: true, why: `${why}; rolled back by ${closed.answer.by}` };
      if (closed.action !== 'retry') {
        await noteToRollout(
          rollout.name,
          `${this.input.node}: ${closed.answer.by} said ${closed.action} although ${why}: ${closed.answer.comment}`,
        );
        return { undo: false, why };
      }
    }
  }

  private async giveUp(why: string): Promise<LandResult> {
    const undo = await this.undo(this.landed, why);
    return { outcome: 'undone', why, verdicts: this.verdicts, undo };
  }

  /** Undoes in one push; a target that refuses it is put before a person until it lets it through. */
  private async undo(compensations: readonly Compensation[], reason: string): Promise<UndoResult> {
    const nothing: UndoResult = { head: '', undone: [], empty: [], manual: [] };
    if (compensations.length === 0) return nothing;
    return CancellationScope.nonCancellable(async () => {
      const { rollout } = this.input;
      const at = Date.now();
      this.tell('undoes what landed');
      const outcome = await this.desk.insist(
        `undo of ${this.input.node}`,
        () => engine(rollout.settings, 'undo landings').undoLandings({ rollout, compensations, reason, at }),
        ['skip'],
      );
      if ('closed' in outcome) {
        await noteToRollout(
          rollout.name,
          `${this.input.node}: ${outcome.closed.answer.by} skipped the undo: ${outcome.closed.answer.comment}`,
        );
        return nothing;
      }
      for (const { task, what } of outcome.done.manual)
        await noteToRollout(rollout.name, `${task}: ${what}`, { phase: this.input.phase, task, what });
      this.tell('undone');
      return outcome.done;
    });
  }
}

function samePatches(before: Candidate, after: Candidate, landed: ReadonlySet<string>): boolean {
  const patches = ({ waves }: Candidate): readonly string[] =>
    waves
      .flatMap(({ commits }) => commits)
      .filter(({ task, stage, n }) => !landed.has(`${task}/${stage}/${n}`))
      .map(({ task, stage, patchId }) => `${task}/${stage} ${patchId}`);
  const [left, right] = [patches(before), patches(after)];
  return left.length === right.length && left.every((patch, at) => patch === right[at]);
}
