/** A join point: candidate, approval, landing, gates, soak, sign-off, checkpoint; whatever fails is undone and handed back to the phase. */
import { CancellationScope, sleep } from '@temporalio/workflow';
import type { Check } from '../gates/check.js';
import { overall, type Verdict } from '../gates/verdict.js';
import type { Candidate, FoldUnit } from '../git/fold.js';
import { durationMs } from '../plan/duration.js';
import type { Reopening, Work } from '../plan/phase-state.js';
import { proofsOf } from '../plan/proofs.js';
import type { Answer, Tick } from '../plan/question.js';
import type { Checkpoint, Compensation, RolloutRef } from '../plan/rollout.js';
import type { Approval, Phase, Task } from '../plan/schema.js';
import { verdictLines } from '../plan/status.js';
import { type CandidateOutcome, makeCandidate } from './candidate.js';
import { type Closed, Desk } from './desk.js';
import { engine } from './engine.js';
import type { CandidateJob, LandResult, UndoJob } from './land.js';
import { LandingLock } from './lock.js';
import { noteToRollout } from './note.js';
import { Reporter } from './reporter.js';
import { Stillness } from './stillness.js';

export interface JoinPointInput {
  readonly rollout: RolloutRef;
  readonly phase: Omit<Phase, 'tasks'>;
  /** `join point 1`, or `task 3.1` where a phase lands each task by itself. */
  readonly subject: string;
  /** The chain of this join point in the store. */
  readonly writer: string;
  /** What is to be landed, in plan order; empty for a phase without tasks, or whose tasks have landed one by one. */
  readonly units: readonly { readonly task: Task; readonly work: Work }[];
  /** Never used twice within the uid: names the landings and this attempt's evidence. */
  readonly n: number;
  readonly staticChecks: readonly Check[];
  readonly gates: readonly Check[];
  readonly baseline: readonly Verdict[];
  readonly approval: Approval | false;
  readonly signOff: Approval | false;
  readonly onFailure: 'rollback' | 'hold';
  /** Soak, sign off and leave a checkpoint; a task that lands by itself leaves that to its phase. */
  readonly closes: boolean;
  /** What the phase has landed already: undone with the rest when the phase fails. */
  readonly landedBefore: readonly Compensation[];
  /** People whose own work this is. */
  readonly authors: readonly string[];
  readonly reportTo: string;
  readonly paused: boolean;
}

export type JoinPointResult =
  | { readonly outcome: 'landed'; readonly landed: readonly Compensation[] }
  | { readonly outcome: 'passed'; readonly landed: readonly Compensation[]; readonly checkpoint: Checkpoint }
  /** Nothing landed; these go back to their agents. */
  | { readonly outcome: 'reopen'; readonly reopenings: readonly Reopening[] }
  /** Nothing landed, and a person named no task to re-open. */
  | { readonly outcome: 'rejected'; readonly why: string }
  /** What had landed is undone. */
  | { readonly outcome: 'rolledBack'; readonly why: string; readonly reopenings: readonly Reopening[] };

/** So many soak rounds in a row without an answer make a question of it (design.md, Waiting). */
const missesBeforeAsking = 3;

export async function runJoinPoint(input: JoinPointInput): Promise<JoinPointResult> {
  const run = new JoinPointRun(input);
  try {
    return await run.run();
  } finally {
    await CancellationScope.nonCancellable(() => run.reporter.settle());
  }
}

class JoinPointRun {
  readonly reporter: Reporter;
  private readonly desk: Desk;
  private readonly stillness: Stillness;
  private readonly lock: LandingLock;
  private status = '';
  private until: number | undefined;
  private verdicts: readonly Verdict[] = [];
  private landed: readonly Compensation[];
  private candidates = 0;
  private checksMade = 0;
  private readonly approvals: { readonly what: string; readonly answer: Answer }[] = [];
  private readonly ticks: Tick[] = [];
  private readonly history: string[] = [];

  constructor(private readonly input: JoinPointInput) {
    this.reporter = new Reporter(input.reportTo, input.subject);
    this.desk = new Desk(input.subject, () => this.tell(this.status));
    this.stillness = new Stillness(input.paused, (still) => this.lock.holdStill(still));
    this.lock = new LandingLock((status) => this.tell(status));
    this.landed = input.landedBefore;
  }

  private tell(status: string): void {
    this.status = status;
    this.reporter.tell({
      status,
      questions: this.desk.questions,
      verdicts: verdictLines(this.verdicts),
      ...(this.until !== undefined && { until: this.until }),
    });
  }

  async run(): Promise<JoinPointResult> {
    if (this.input.units.length > 0) {
      const landed = await this.land();
      if (landed.outcome !== 'landed') return landed;
      if (!this.input.closes) return landed;
    }
    return this.close();
  }

  /** Candidate, approval, landing; again where the target moved under an approved candidate. */
  private async land(): Promise<JoinPointResult> {
    const { units } = this.input;
    for (;;) {
      await this.stillness.over();
      const key = `${this.input.n}-${++this.candidates}`;
      this.tell('folds the candidate');
      const made = await this.candidate(key);
      if (made.status === 'sentBack') return { outcome: 'reopen', reopenings: [made.reopening] };
      if (made.candidate.waves.length === 0) {
        this.history.push('nothing to land: the target has all of it already');
        return { outcome: 'landed', landed: this.landed };
      }
      const refused = await this.approve(made);
      if (refused) return refused;
      await this.stillness.over();
      this.tell('lands');
      const result = await this.lock.land({
        rollout: this.input.rollout,
        phase: this.input.phase.id,
        node: `landing of ${this.input.subject}`,
        reportTo: this.input.reportTo,
        paused: this.stillness.isStill,
        job: this.candidateJob(key, made.candidate),
      });
      if (result.outcome === 'askAgain') {
        this.history.push(`folded again: ${result.why}`);
        this.tell(result.why);
        continue;
      }
      this.verdicts = result.verdicts;
      if (result.outcome === 'undone') {
        await this.mark('undone', result.why);
        return { outcome: 'rolledBack', why: result.why, reopenings: [] };
      }
      this.keepLanded(made.candidate, result);
      await this.mark('landed', `as ${result.head.slice(0, 12)}`);
      this.tell(`landed ${units.length === 1 ? 'its task' : `${units.length} tasks`}`);
      return { outcome: 'landed', landed: this.landed };
    }
  }

  private keepLanded(candidate: Candidate, result: Extract<LandResult, { outcome: 'landed' }>): void {
    this.landed = [...this.landed, ...result.landed];
    if (result.movedFrom)
      this.history.push(
        `approved as ${result.movedFrom}, landed as ${result.head}: the target had moved, every patch was the same`,
      );
    for (const { file, tasks } of candidate.overlaps)
      this.history.push(`${tasks.join(' and ')} both edit ${file}; their edits fold cleanly`);
  }

  private async candidate(key: string): Promise<CandidateOutcome> {
    const { rollout, writer, phase, staticChecks, units } = this.input;
    for (let look = 1; ; look++) {
      const made = await makeCandidate({
        rollout,
        writer,
        key: look === 1 ? key : `${key}-look-${look}`,
        units: this.foldUnits(),
        tasks: units.map(({ task }) => task),
        stages: phase.stages,
        staticChecks,
      });
      this.verdicts = made.verdicts;
      if (made.status === 'sentBack' || overall(made.verdicts) === 'passed') return made;
      const unclear = made.verdicts.find(({ status }) => status === 'inconclusive')!;
      const closed = await this.desk.ask({
        kind: 'hold',
        subject: this.input.subject,
        why: `${unclear.title} is inconclusive: ${unclear.why}`,
        actions: ['retry', 'override'],
      });
      if (closed.action === 'override') {
        await this.note(closed, `${unclear.title} was inconclusive`);
        return made;
      }
    }
  }

  private foldUnits(): readonly FoldUnit[] {
    return foldUnits(this.input.units, this.input.n);
  }

  private candidateJob(key: string, candidate: Candidate): CandidateJob {
    const { writer, units, phase, staticChecks, gates, baseline, onFailure } = this.input;
    const undo = Object.fromEntries(units.map(({ task }) => [task.id, task.undo]));
    return {
      kind: 'candidate',
      writer,
      key,
      candidate,
      units: this.foldUnits(),
      stages: phase.stages,
      undo,
      staticChecks,
      gates,
      baseline,
      onFailure,
    };
  }

  /** Asks before anything lands: a rejection costs nothing. */
  private async approve(made: Extract<CandidateOutcome, { status: 'made' }>): Promise<JoinPointResult | undefined> {
    const { approval, units } = this.input;
    if (!approval) return undefined;
    const { candidate, evidence } = made;
    const commits = candidate.waves.flatMap((wave) => wave.commits).length;
    const unproven = this.verdicts.filter(({ note }) => note === 'provesNothing').length;
    const summary = `${this.verdicts.length} checks passed${unproven > 0 ? `, ${unproven} of them prove nothing` : ''}; ${candidate.overlaps.length} files edited by more than one task`;
    const closed = await this.ask(
      'approval',
      approval,
      `the candidate of ${units.map(({ task }) => task.id).join(', ')} (${commits} commits, ${candidate.waves.length} stages) is ready to land`,
      {
        commit: candidate.head,
        ref: evidence,
        summary,
      },
    );
    if (closed.action === 'approve') return undefined;
    const why = `${closed.answer.by} rejected the candidate: ${closed.answer.comment}`;
    const reopenings = reopened(closed);
    return reopenings.length > 0 ? { outcome: 'reopen', reopenings } : { outcome: 'rejected', why };
  }

  private async ask(
    kind: 'approval' | 'signOff',
    approval: Approval,
    why: string,
    evidence: { commit?: string; ref?: string; summary: string },
  ): Promise<Closed> {
    const { subject, authors, units, landedBefore } = this.input;
    const tasks = [...new Set([...landedBefore.map(({ task }) => task), ...units.map(({ task }) => task.id)])];
    const closed = await this.desk.ask({
      kind,
      subject,
      why,
      forWhom: approval.approvers,
      need: approval.need,
      authors,
      escalateTo: approval.escalateTo,
      ...(approval.deadline && { deadlineMs: durationMs(approval.deadline) }),
      actions: ['approve', 'reject'],
      tasks,
      evidence,
    });
    for (const answer of closed.action === 'approve' ? closed.approvals : [closed.answer])
      this.approvals.push({ what: kind, answer });
    return closed;
  }

  /** Gates on what has landed, soak, sign-off, checkpoint. */
  private async close(): Promise<JoinPointResult> {
    const { phase, gates, signOff } = this.input;
    const criteria = proofsOf(phase.criteria, `${phase.id}/c`);
    const steps = proofsOf(phase.joinPoint.steps, `${phase.id}/s`);
    const failed =
      (await this.prove('proves the phase', [...gates, ...steps.checks, ...criteria.checks])) ??
      (await this.tick([...steps.ticks, ...criteria.ticks])) ??
      (await this.soak());
    if (failed) return this.rollBack(failed, []);
    if (signOff) {
      const closed = await this.ask('signOff', signOff, 'landed and proven; the evidence is at hand', {
        summary: `${this.verdicts.length} checks, the last round ${overall(this.verdicts)}`,
      });
      if (closed.action === 'reject')
        return this.rollBack(`${closed.answer.by} rejected the sign-off: ${closed.answer.comment}`, reopened(closed));
    }
    return { outcome: 'passed', landed: this.landed, checkpoint: await this.checkpoint() };
  }

  /** Runs checks until they pass or a person decides; returns why the phase is to be rolled back, if so. */
  private async prove(status: string, checks: readonly Check[]): Promise<string | undefined> {
    if (checks.length === 0) return undefined;
    const { rollout, writer, n, baseline, onFailure, subject } = this.input;
    for (;;) {
      await this.stillness.over();
      this.tell(status);
      const { head } = await engine(rollout.settings, 'read the target').openTarget({
        repo: rollout.repo,
        branch: rollout.branch,
        mintId: rollout.repoId,
        at: Date.now(),
      });
      const { verdicts } = await engine(rollout.settings, status).runChecks({
        rollout,
        writer,
        key: `${n}-landed-${++this.checksMade}`,
        commit: head,
        checks,
        baseline,
        at: Date.now(),
      });
      this.verdicts = verdicts;
      const outcome = overall(verdicts);
      if (outcome === 'passed') return undefined;
      const worst = verdicts.find((verdict) => verdict.status === outcome)!;
      const why = `${worst.title} ${outcome}: ${worst.why}`;
      if (outcome === 'failed' && onFailure === 'rollback') return why;
      const canUndo = this.landed.length > 0 ? (['rollback'] as const) : [];
      const closed = await this.desk.ask({
        kind: 'hold',
        subject,
        why,
        actions: ['retry', 'skip', 'override', ...canUndo],
      });
      if (closed.action === 'rollback') return `${why}; rolled back by ${closed.answer.by}`;
      if (closed.action !== 'retry') {
        await this.note(closed, why);
        return undefined;
      }
    }
  }

  private async tick(
    items: readonly { readonly id: string; readonly title: string; readonly evidence: string }[],
  ): Promise<string | undefined> {
    if (items.length === 0) return undefined;
    const canUndo = this.landed.length > 0 ? (['rollback'] as const) : [];
    const closed = await this.desk.ask({
      kind: 'ticks',
      subject: this.input.subject,
      why: 'a person has to confirm what no command can prove',
      actions: ['done', 'override', ...canUndo],
      items,
    });
    this.ticks.push(...closed.ticks);
    if (closed.action === 'rollback')
      return `rolled back by ${closed.answer.by}: ${closed.answer.comment ?? 'no reason given'}`;
    if (closed.action === 'override') await this.note(closed, 'not everything was ticked');
    return undefined;
  }

  /** A timer and one-shot gates, at intervals: a late failure revokes an earlier pass. */
  private async soak(): Promise<string | undefined> {
    const { phase, gates, rollout, writer, n, baseline, onFailure } = this.input;
    const { soak } = phase.joinPoint;
    if (!soak) return undefined;
    const planned = durationMs(soak.duration);
    const length = Math.min(planned, rollout.settings.soakAtMostMs ?? planned);
    this.until = Date.now() + length;
    for (let misses = 0, round = 1; Date.now() < this.until; round++) {
      this.tell('soaks');
      await sleep(Math.min(durationMs(soak.every), this.until - Date.now()), {
        summary: `soak of ${this.input.subject}`,
      });
      if (gates.length === 0) continue;
      const { head } = await engine(rollout.settings, 'read the target').openTarget({
        repo: rollout.repo,
        branch: rollout.branch,
        mintId: rollout.repoId,
        at: Date.now(),
      });
      const { verdicts } = await engine(rollout.settings, `soak round ${round}`).runChecks({
        rollout,
        writer,
        key: `${n}-soak-${round}`,
        commit: head,
        checks: gates,
        baseline,
        at: Date.now(),
      });
      this.verdicts = verdicts;
      const outcome = overall(verdicts);
      misses = outcome === 'inconclusive' ? misses + 1 : 0;
      if (outcome === 'passed' || (outcome === 'inconclusive' && misses < missesBeforeAsking)) continue;
      const worst = verdicts.find((verdict) => verdict.status === outcome)!;
      if (outcome === 'failed' && onFailure === 'rollback') return `soak: ${worst.title}: ${worst.why}`;
      const decided = await this.prove('looks again after a failed soak round', gates);
      if (decided) return decided;
    }
    this.until = undefined;
    return undefined;
  }

  /** Everything that the phase has landed is undone, back to the checkpoint before it. */
  private async rollBack(why: string, reopenings: readonly Reopening[]): Promise<JoinPointResult> {
    this.until = undefined;
    if (this.landed.length > 0) {
      const job: UndoJob = { kind: 'undo', compensations: this.landed, reason: why };
      await this.lock.land({
        rollout: this.input.rollout,
        phase: this.input.phase.id,
        node: `undo of ${this.input.subject}`,
        reportTo: this.input.reportTo,
        paused: false,
        job,
      });
      await this.mark('undone', why);
    }
    return { outcome: 'rolledBack', why, reopenings };
  }

  private async checkpoint(): Promise<Checkpoint> {
    const { rollout, phase, writer, n, baseline } = this.input;
    const at = Date.now();
    this.tell('leaves a checkpoint');
    const { head: commit } = await engine(rollout.settings, 'read the target').openTarget({
      repo: rollout.repo,
      branch: rollout.branch,
      mintId: rollout.repoId,
      at,
    });
    const content = {
      phase: { id: phase.id, title: phase.title, joinPoint: phase.joinPoint.title },
      commit,
      at: new Date(at).toISOString(),
      landed: this.landed.map(({ task, stage, n: number }) => `${task}/${stage}/${number}`),
      gates: { before: verdictLines(baseline), after: verdictLines(this.verdicts) },
      approvals: this.approvals.map(({ what, answer }) => ({
        what,
        by: answer.by,
        identity: 'claimed',
        comment: answer.comment,
      })),
      ticks: this.ticks.map((tick) => ({ ...tick, identity: 'claimed' })),
      history: this.history,
    };
    const { evidence } = await engine(rollout.settings, 'evidence of the checkpoint').recordEvidence({
      rollout,
      writer,
      path: `checkpoint-${n}.json`,
      content: JSON.stringify(content, null, 2),
      at,
    });
    const message = `${rollout.title}: checkpoint of phase ${phase.id}, ${phase.title}\n\nJoinpoint-Rollout: ${rollout.uid}\nEvidence: ${evidence}`;
    const { tag } = await engine(rollout.settings, 'tag the checkpoint').tagCheckpoint({
      rollout,
      tag: `joinpoint/${rollout.uid}/${phase.id}-${n}`,
      commit,
      message,
      at,
    });
    return { phase: phase.id, commit, tag, evidence, at };
  }

  /** Says on every pull request what became of its work. */
  private async mark(status: 'landed' | 'undone', text: string): Promise<void> {
    const { rollout, units, n, subject, landedBefore } = this.input;
    const tasks = new Set([
      ...units.map(({ task }) => task.id),
      ...(status === 'undone' ? landedBefore.map(({ task }) => task) : []),
    ]);
    for (const task of tasks) {
      await engine(rollout.settings, `pull request: ${status}`).updatePullRequest({
        rollout,
        task,
        key: `${status}-${n}`,
        status,
        comment: { by: subject, text: status === 'landed' ? `Landed ${text}.` : `Undone: ${text}` },
        at: Date.now(),
      });
    }
  }

  private async note({ answer }: Closed, about: string): Promise<void> {
    this.history.push(`${answer.by} said ${answer.action} although ${about}: ${answer.comment}`);
    await noteToRollout(
      this.input.rollout.name,
      `${this.input.subject}: ${answer.by} said ${answer.action} although ${about}: ${answer.comment}`,
    );
  }
}

/** Tasks and their work as the fold takes them. */
export function foldUnits(
  units: readonly { readonly task: Task; readonly work: Work }[],
  n: number,
): readonly FoldUnit[] {
  return units.map(({ task, work }) => ({
    task: task.id,
    title: task.title,
    author: `Agent ${task.agent}`,
    needs: task.needs,
    base: work.base,
    head: work.head,
    n,
  }));
}

function reopened({ answer }: Closed): readonly Reopening[] {
  return (answer.tasks ?? []).map((task) => ({ task, feedback: `${answer.by} rejected it: ${answer.comment}` }));
}
