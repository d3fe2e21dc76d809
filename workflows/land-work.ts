/** A join point's first half: a candidate, its approval, its landing. */
import { type Check, waive } from '../gates/check.js';
import { overall } from '../gates/verdict.js';
import type { Candidate } from '../git/fold.js';
import { counted } from '../plan/counted.js';
import { summaryOf } from '../plan/verdict-summary.js';
import { notPassed, overrideLets, overrideOf, waiversOf } from '../plan/override.js';
import { proofsOf } from '../plan/proofs.js';
import { type CandidateOutcome, type CandidateRequest, makeCandidate } from './candidate.js';
import type { JoinPointResult, CandidateJob, LandResult } from './contracts.js';
import { foldUnits } from './fold-units.js';
import { type JoinPoint, reopened } from './join-point.js';
import { untilDone } from './until-done.js';

/** Lands the work of `point`; again from the candidate on, where the target moved under an approved one. */
export async function landWork(point: JoinPoint): Promise<JoinPointResult> {
  const { input, minutes } = point;
  for (let round = 1; ; round++) {
    await point.stillness.over();
    const key = `${input.n}-${round}`;
    point.tell('folds the candidate');
    const made = await candidateOf(point, key);
    if (made.status === 'sentBack') return { outcome: 'reopen', reopenings: [made.reopening] };
    if (made.candidate.waves.length === 0) {
      minutes.history.push('nothing to land: the target has all of it already');
      point.onTarget = [...point.onTarget, ...point.ownTasks()];
      await point.markLanded(`Nothing to land: ${input.rollout.branch} has all of it already.`);
      return { outcome: 'landed', landed: [], waivers: point.waivers };
    }
    const refused = await approve(point, made);
    if (refused) return refused;
    await point.stillness.over();
    point.tell('lands');
    const result = await point.lock.land({
      rollout: input.rollout,
      phase: input.phase.id,
      node: `landing of ${input.subject}`,
      reportTo: input.reportTo,
      paused: point.stillness.isStill,
      job: jobOf(point, key, made),
    });
    if (result.outcome !== 'askAgain') return settle(point, made.candidate, result);
    minutes.history.push(`folded again: ${result.why}`);
    point.tell(result.why);
  }
}

type SentBack = Extract<CandidateOutcome, { status: 'sentBack' }>;

/** A candidate whose checks passed, or that a person let through; and what is asked of its patches wherever else they land. */
type Made = Exclude<CandidateOutcome, SentBack> & { readonly staticChecks: readonly Check[] };

async function candidateOf(point: JoinPoint, key: string): Promise<Made | SentBack> {
  const { rollout, writer, phase, staticChecks, units, n, subject } = point.input;
  const waivers = waiversOf(units.map(({ work }) => work));
  for (let look = 1; ; look++) {
    const request: CandidateRequest = {
      rollout,
      writer,
      key: look === 1 ? key : `${key}-look-${look}`,
      units: foldUnits(units, n),
      deliverables: Object.fromEntries(
        units.map(({ task }) => [task.id, waive(proofsOf(task.deliverables, `${task.id}/d`).checks, waivers)]),
      ),
      stages: phase.stages,
      staticChecks: waive(staticChecks, waivers, 'part'),
    };
    const made = await untilDone(point.desk, subject, () => makeCandidate(request));
    point.verdicts = made.verdicts;
    if (made.status === 'sentBack') return made;
    if (overall(made.verdicts) === 'passed') return { ...made, staticChecks: request.staticChecks };
    const unclear = notPassed(made.verdicts);
    const more = unclear.length > 1 ? ` (and ${unclear.length - 1} more)` : '';
    const closed = await point.desk.ask({
      kind: 'hold',
      subject,
      why: `${unclear[0]!.title} is inconclusive: ${unclear[0]!.why}${more}`,
      evidence: { commit: made.candidate.head, ref: made.evidence, summary: overrideLets(made.verdicts) },
      actions: ['retry', 'override'],
    });
    if (closed.action === 'retry') continue;
    const named = unclear.map(({ title }) => title).join(', ');
    const about = `${named} ${unclear.length === 1 ? 'was' : 'were'} inconclusive`;
    await point.note(closed, about);
    const waived = waiversOf([overrideOf(closed.answer, about, made.verdicts)]);
    return { ...made, staticChecks: waive(request.staticChecks, waived) };
  }
}

/** Asks before anything lands: a rejection costs nothing. */
async function approve(point: JoinPoint, { candidate, evidence }: Made): Promise<JoinPointResult | undefined> {
  const { approval } = point.input;
  if (!approval) return undefined;
  const commits = candidate.waves.flatMap((wave) => wave.commits).length;
  const closed = await point.ask('approval', {
    approval,
    why: `the candidate of ${point.ownTasks().join(', ')} (${counted(commits, 'commit')}, ${counted(candidate.waves.length, 'stage')}) is ready to land`,
    evidence: {
      commit: candidate.head,
      ref: evidence,
      summary: `${summaryOf(point.verdicts)}; ${counted(candidate.overlaps.length, 'file')} edited by more than one task`,
    },
  });
  if (closed.action === 'approve') return undefined;
  const reopenings = reopened(closed);
  return reopenings.length > 0
    ? { outcome: 'reopen', reopenings }
    : { outcome: 'rejected', why: `${closed.answer.by} rejected the candidate: ${closed.answer.comment}` };
}

function jobOf({ input, waivers }: JoinPoint, key: string, made: Made): CandidateJob {
  const { writer, units, n, phase, gates, baseline, onFailure } = input;
  return {
    kind: 'candidate',
    writer,
    key,
    candidate: made.candidate,
    units: foldUnits(units, n),
    stages: phase.stages,
    undo: Object.fromEntries(units.map(({ task }) => [task.id, task.undo])),
    staticChecks: made.staticChecks,
    gates,
    baseline,
    waivers,
    onFailure,
  };
}

async function settle(
  point: JoinPoint,
  candidate: Candidate,
  result: Exclude<LandResult, { outcome: 'askAgain' }>,
): Promise<JoinPointResult> {
  point.verdicts = result.verdicts;
  if (result.outcome === 'undone') {
    const { why, undone, standing } = result;
    await point.markUndone({ undone, standing }, why);
    return { outcome: 'rolledBack', why, undone, standing, reopenings: [] };
  }
  const { history } = point.minutes;
  history.push(...result.decisions);
  point.landed = [...point.landed, ...result.landed];
  point.onTarget = [...point.onTarget, ...point.ownTasks()];
  point.landedHead = result.head;
  point.waivers = result.waivers;
  if (result.movedFrom)
    history.push(
      `approved as ${result.movedFrom}, landed as ${result.head}: the target had moved, every patch was the same`,
      ...result.stillLetThrough.map((line) => `on the moved target ${line}`),
    );
  for (const { file, tasks } of candidate.overlaps)
    history.push(`${tasks.join(' and ')} both edit ${file}; their edits fold cleanly`);
  await point.markLanded(`Landed as ${result.head.slice(0, 12)}.`);
  point.tell(`landed ${counted(point.ownTasks().length, 'task')}`);
  return { outcome: 'landed', landed: result.landed, waivers: point.waivers };
}
