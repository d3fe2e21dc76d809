/** Runs checks until they pass, fail in a way that undoes, or a person decides. */
import type { Check, Waivers } from '../gates/check.js';
import { type Verdict, type VerdictStatus, worstOf } from '../gates/verdict.js';
import { lettingThrough, notPassed, overrideLets, overrideOf, stillWaived, waiversOf } from '../plan/override.js';
import type { RolloutRef } from '../plan/rollout.js';
import type { Closed, Desk } from './desk.js';
import { engine } from './engine.js';
import { noteToRollout } from './note.js';
import { untilDone } from './until-done.js';

/** Who proves, against what, and what a failure means here. */
export interface Prover {
  readonly rollout: RolloutRef;
  /** The chain that keeps the evidence. */
  readonly writer: string;
  readonly subject: string;
  /** What was broken before may stay broken. */
  readonly baseline: readonly Verdict[];
  readonly onFailure: 'rollback' | 'hold';
  readonly desk: Desk;
  /** Something has landed that a rollback would undo. */
  readonly hasLanded: () => boolean;
  readonly show: (verdicts: readonly Verdict[]) => void;
  /** What a person let through so far: asked again only where it gets worse, or fails anew after it had passed. */
  waivers: Waivers;
  /** Tells the plan's reader that a person let something through. */
  readonly note: (closed: Closed, about: string) => Promise<void>;
}

/** One round of checks; the same key gives the same verdicts. */
export interface Round {
  readonly key: string;
  readonly summary: string;
  readonly commit: string;
  /** What checks without a baseline are compared with. */
  readonly base?: string;
  readonly checks: readonly Check[];
}

export interface Proof {
  readonly outcome: VerdictStatus;
  /** One line: the worst verdict, and whatever else did not pass by name; empty where all passed. */
  readonly why: string;
  readonly verdicts: readonly Verdict[];
  /** Where they are kept. */
  readonly evidence: string;
}

export async function runRound(prover: Prover, round: Round): Promise<Proof> {
  const { rollout, writer, subject, desk, baseline, show } = prover;
  const { key, summary, commit, base, checks } = round;
  const { verdicts: found, evidence } = await untilDone(desk, subject, () =>
    engine(rollout.settings, summary).runChecks({
      rollout,
      writer,
      key,
      commit,
      ...(base && { base }),
      checks,
      baseline,
      at: Date.now(),
    }),
  );
  prover.waivers = stillWaived(prover.waivers, found);
  const verdicts = lettingThrough(found, prover.waivers);
  show(verdicts);
  const worst = worstOf(verdicts);
  if (!worst) return { outcome: 'passed', why: '', verdicts, evidence };
  const others = notPassed(verdicts).filter((one) => one !== worst);
  const beside =
    others.length > 0 ? ` (and ${others.map(({ title, status }) => `${title} ${status}`).join(', ')})` : '';
  return { outcome: worst.status, why: `${worst.title} ${worst.status}: ${worst.why}${beside}`, verdicts, evidence };
}

/** Why everything is to be undone, or undefined where the line goes on. A skip is for this round, an override for all that this prover proves. */
export async function proveUntilDecided(
  prover: Prover,
  nextRound: () => Promise<Round>,
  named: (why: string) => string = (why) => why,
): Promise<string | undefined> {
  for (;;) {
    const round = await nextRound();
    const proof = await runRound(prover, round);
    if (proof.outcome === 'passed') return undefined;
    const why = named(proof.why);
    if (proof.outcome === 'failed' && prover.onFailure === 'rollback') return why;
    const closed = await prover.desk.ask({
      kind: 'hold',
      subject: prover.subject,
      why,
      actions: ['retry', 'skip', 'override', ...(prover.hasLanded() ? (['rollback'] as const) : [])],
      evidence: { commit: round.commit, ref: proof.evidence, summary: overrideLets(proof.verdicts) },
    });
    if (closed.action === 'rollback') return `${why}; rolled back by ${closed.answer.by}`;
    if (closed.action === 'retry') continue;
    if (closed.action === 'override')
      prover.waivers = { ...prover.waivers, ...waiversOf([overrideOf(closed.answer, why, proof.verdicts)]) };
    await prover.note(closed, why);
    return undefined;
  }
}

/** Tells the plan's reader that a person let something through. */
export async function noteDecision(
  { rollout, subject }: Pick<Prover, 'rollout' | 'subject'>,
  { answer }: Closed,
  about: string,
): Promise<string> {
  const text = `${subject}: ${answer.by} said ${answer.action} although ${about}: ${answer.comment}`;
  await noteToRollout(rollout.name, text);
  return text;
}
