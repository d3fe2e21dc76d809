/** A join point's second half: gates on what has landed, ticks, soak, sign-off, checkpoint. */
import type { Check } from '../gates/check.js';
import { durationMs } from '../plan/duration.js';
import { tasksOf } from '../plan/landed.js';
import type { Reopening } from '../plan/phase-state.js';
import { proofsOf } from '../plan/proofs.js';
import type { TickItem } from '../plan/question.js';
import { summaryOf } from '../plan/verdict-summary.js';
import { leaveCheckpoint } from './checkpoint.js';
import type { JoinPointResult } from './contracts.js';
import { type JoinPoint, reopened } from './join-point.js';
import { joinMinutes, noMinutes } from './minutes.js';
import { proveUntilDecided, type Prover, type Round } from './prove.js';
import { soak } from './soak.js';
import { targetHead } from './target-head.js';
import { untilDone } from './until-done.js';

export async function closePhase(point: JoinPoint): Promise<JoinPointResult> {
  return new Closing(point).run();
}

class Closing {
  private readonly prover: Prover;
  private rounds = 0;
  /** What the last round looked at; before the first, what the landing proved. Nothing goes on before that round has passed or a person let it pass. */
  private seen: string | undefined;

  constructor(private readonly point: JoinPoint) {
    const { rollout, writer, subject, baseline, onFailure } = point.input;
    this.seen = point.landedHead;
    this.prover = {
      rollout,
      writer,
      subject,
      baseline,
      onFailure,
      desk: point.desk,
      hasLanded: () => point.landed.length > 0,
      show: (verdicts) => (point.verdicts = verdicts),
      waivers: point.waivers,
      note: (closed, about) => point.note(closed, about),
    };
  }

  async run(): Promise<JoinPointResult> {
    const { point } = this;
    const { phase, gates, signOff } = point.input;
    const criteria = proofsOf(phase.criteria, `${phase.id}/c`);
    const steps = proofsOf(phase.joinPoint.steps, `${phase.id}/s`);
    const failed =
      (await this.prove([...gates, ...steps.checks, ...criteria.checks])) ??
      (await this.tick([...steps.ticks, ...criteria.ticks])) ??
      (await this.soak());
    point.until = undefined;
    if (failed) return this.rollBack(failed, []);
    const commit = this.seen ?? (await this.head());
    if (signOff) {
      const closed = await point.ask('signOff', {
        approval: signOff,
        why: 'landed and proven; the evidence is at hand',
        evidence: { commit, summary: `the last round: ${summaryOf(point.verdicts)}` },
      });
      if (closed.action === 'reject')
        return this.rollBack(`${closed.answer.by} rejected the sign-off: ${closed.answer.comment}`, reopened(closed));
    }
    point.tell('leaves a checkpoint');
    const { input, landed, verdicts, desk } = point;
    const minutes = joinMinutes(input.minutesBefore ?? noMinutes, point.minutes);
    return {
      outcome: 'passed',
      checkpoint: await leaveCheckpoint(desk, { ...input, commit, minutes, landed, verdicts }),
    };
  }

  private async prove(checks: readonly Check[]): Promise<string | undefined> {
    if (checks.length === 0) return undefined;
    return proveUntilDecided(this.prover, async () => {
      await this.point.stillness.over();
      this.point.tell('proves the phase');
      return this.round('proves the phase', checks);
    });
  }

  private async round(summary: string, checks: readonly Check[]): Promise<Round> {
    const { n } = this.point.input;
    this.seen = await this.head();
    return { key: `${n}-landed-${++this.rounds}`, summary, commit: this.seen, checks };
  }

  /** Not in a pause: what somebody works on then is no regression. */
  private async soakRound(summary: string, gates: readonly Check[]): Promise<Round> {
    await this.point.stillness.over();
    return this.round(summary, gates);
  }

  private head(): Promise<string> {
    const { rollout, subject } = this.point.input;
    return untilDone(this.point.desk, subject, () => targetHead(rollout));
  }

  private async tick(items: readonly TickItem[]): Promise<string | undefined> {
    if (items.length === 0) return undefined;
    const { point } = this;
    const closed = await point.desk.ask({
      kind: 'ticks',
      subject: point.input.subject,
      why: 'a person has to confirm what no command can prove',
      actions: ['done', 'override', ...(point.landed.length > 0 ? (['rollback'] as const) : [])],
      items,
    });
    point.minutes.ticks.push(...closed.ticks);
    if (closed.action === 'rollback')
      return `rolled back by ${closed.answer.by}: ${closed.answer.comment ?? 'no reason given'}`;
    if (closed.action === 'override') await point.note(closed, 'not everything was ticked');
    return undefined;
  }

  private async soak(): Promise<string | undefined> {
    const { point } = this;
    const { phase, gates, rollout } = point.input;
    const planned = phase.joinPoint.soak;
    if (!planned) return undefined;
    const plannedMs = durationMs(planned.duration);
    return soak(this.prover, {
      lengthMs: Math.min(plannedMs, rollout.settings.soakAtMostMs ?? plannedMs),
      everyMs: durationMs(planned.every),
      nextRound: gates.length > 0 ? (summary) => this.soakRound(summary, gates) : undefined,
      tell: (status, until) => {
        point.until = until;
        point.tell(status);
      },
    });
  }

  /** Everything that the phase has landed is undone, back to the checkpoint before it. */
  private async rollBack(why: string, reopenings: readonly Reopening[]): Promise<JoinPointResult> {
    const { point } = this;
    const { rollout, phase, subject, reportTo } = point.input;
    if (point.landed.length === 0) return { outcome: 'rolledBack', why, reopenings, undone: [], standing: [] };
    const input = { rollout, phase: phase.id, node: `undo of ${subject}`, reportTo };
    const { undone, standing } = await point.lock.undo(input, point.landed, why);
    point.onTarget = tasksOf(standing);
    point.tell('undone');
    await point.markUndone({ undone, standing }, why);
    return { outcome: 'rolledBack', why, reopenings, undone, standing };
  }
}
