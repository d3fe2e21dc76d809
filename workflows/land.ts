/** The landing: pushes a candidate wave by wave, proves each, undoes what fails; or undoes landings. Holding its workflow id is holding the target's lock. */
import {
  allHandlersFinished,
  CancellationScope,
  condition,
  getExternalWorkflowHandle,
  setHandler,
  type SignalDefinition,
} from '@temporalio/workflow';
import type { Verdict } from '../gates/verdict.js';
import type { Candidate } from '../git/fold.js';
import type { LandOutcome } from '../git/landing.js';
import type { Undone } from '../plan/landed.js';
import type { Compensation } from '../plan/rollout.js';
import { verdictLines } from '../plan/status.js';
import type { LandInput, CandidateJob, LandResult } from './contracts.js';
import { Desk } from './desk.js';
import { engine } from './engine.js';
import { rolloutId } from './ids.js';
import { lockFreedSignal, lockHeldSignal, recordCompensationsSignal, waitForLockSignal } from './messages.js';
import { noteDecision, proveUntilDecided, type Prover, type Round } from './prove.js';
import { refold, type RefoldRequest } from './refold.js';
import { Reporter } from './reporter.js';
import { Stillness } from './stillness.js';
import { undoLandings } from './undo-landings.js';

type Wave = Candidate['waves'][number];

/** Static checks that were left for after the push, and the head before it that they are compared with. */
type Late = Pick<Required<Round>, 'base' | 'checks'>;

/** A stage that is on the target and not proven yet. */
interface Pushed {
  readonly stage: string;
  readonly commit: string;
  readonly late?: Late;
}

/** After so many lost races in a row a re-fold with unchanged patches is pushed first and its static checks are made with the gates. */
const racesBeforeCheckingAfter = 3;

const rolledBack = 'a person rolled it back';

export async function land(input: LandInput): Promise<LandResult> {
  const waiters = new Set<string>();
  setHandler(waitForLockSignal, async (workflowId) => {
    waiters.add(workflowId);
    await tellWaiter(workflowId, lockHeldSignal, `${input.node} of rollout ${input.rollout.name}`);
  });
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
  for (;;) {
    await condition(allHandlersFinished);
    const [workflowId] = waiters;
    if (workflowId === undefined) return;
    waiters.delete(workflowId);
    await tellWaiter(workflowId, lockFreedSignal);
  }
}

async function tellWaiter<Args extends string[]>(
  workflowId: string,
  signal: SignalDefinition<Args>,
  ...args: Args
): Promise<void> {
  try {
    await getExternalWorkflowHandle(workflowId).signal(signal, ...args);
  } catch {
    // A waiter that is gone no longer waits.
  }
}

class Landing {
  readonly reporter: Reporter;
  private readonly desk: Desk;
  private readonly stillness: Stillness;
  private readonly landed: Compensation[] = [];
  private status = 'starts';
  private verdicts: readonly Verdict[] = [];
  private stillLetThrough: readonly string[] = [];
  private readonly decisions: string[] = [];
  private rounds = 0;

  constructor(private readonly input: LandInput) {
    this.reporter = new Reporter(input.reportTo, input.node);
    this.desk = new Desk({ subject: input.node, uid: input.rollout.uid, isShared: true }, () => this.tell(this.status));
    this.stillness = new Stillness(input.paused);
  }

  async run(): Promise<LandResult> {
    const { job } = this.input;
    if (job.kind === 'candidate') return this.landCandidate(job);
    return { outcome: 'undone', why: job.reason, verdicts: [], ...(await this.undo(job.compensations, job.reason)) };
  }

  private tell(status: string): void {
    this.status = status;
    this.reporter.tell({ status, questions: this.desk.questions, verdicts: verdictLines(this.verdicts) });
  }

  private async landCandidate(job: CandidateJob): Promise<LandResult> {
    const prover = this.proverOf(job);
    let candidate = job.candidate;
    let movedFrom: string | undefined;
    let racesLost = 0;
    for (let at = 0; at < candidate.waves.length;) {
      const wave = candidate.waves[at]!;
      const onto = at === 0 ? candidate.onto : candidate.waves[at - 1]!.commits.at(-1)!.commit;
      await this.stillness.over();
      this.tell(`lands stage ${wave.stage}`);
      const outcome = await this.push(job, wave, onto);
      if (outcome === 'rollback') return this.giveUp(rolledBack);
      if (outcome.status === 'moved') {
        racesLost++;
        this.tell('the target moved: folds again');
        const request: RefoldRequest = {
          rollout: this.input.rollout,
          job,
          before: candidate,
          landed: this.landed,
          race: racesLost,
          checkFirst: racesLost <= racesBeforeCheckingAfter,
        };
        const outcomeOfFold = await this.desk.insist(this.input.node, () => refold(request), ['rollback']);
        if ('closed' in outcomeOfFold) return this.giveUp(rolledBack);
        const refolded = outcomeOfFold.done;
        if ('why' in refolded)
          return this.landed.length === 0 ? { outcome: 'askAgain', why: refolded.why } : this.giveUp(refolded.why);
        movedFrom ??= job.candidate.head;
        candidate = refolded.candidate;
        this.stillLetThrough = letThrough(refolded.verdicts);
        at = 0;
        continue;
      }
      const late =
        racesLost > racesBeforeCheckingAfter ? { base: candidate.onto, checks: job.staticChecks } : undefined;
      racesLost = 0;
      const undoWhy = await this.prove(prover, job, { stage: wave.stage, commit: outcome.head, ...(late && { late }) });
      if (undoWhy) return this.giveUp(undoWhy);
      if (late) this.stillLetThrough = letThrough(this.verdicts);
      at++;
    }
    const head = candidate.waves.at(-1)?.commits.at(-1)?.commit ?? candidate.onto;
    this.tell('landed');
    const { landed, verdicts, stillLetThrough, decisions } = this;
    const { waivers } = prover;
    return {
      outcome: 'landed',
      head,
      landed,
      verdicts,
      stillLetThrough,
      waivers,
      decisions,
      ...(movedFrom && { movedFrom }),
    };
  }

  /** Records how to undo the wave, then pushes it: once begun, no cancellation comes between. */
  private async push(job: CandidateJob, wave: Wave, onto: string): Promise<LandOutcome | 'rollback'> {
    const { rollout, phase, node } = this.input;
    const compensations = wave.commits.map(({ task, stage, n }): Compensation => ({
      phase,
      task,
      stage,
      n,
      undo: job.undo[task]!,
    }));
    const pushed = await this.desk.insist(
      node,
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
    if ('closed' in pushed) return 'rollback';
    if (pushed.done.status === 'landed') this.landed.push(...compensations);
    return pushed.done;
  }

  private proverOf({ writer, baseline, waivers, onFailure }: CandidateJob): Prover {
    const { rollout, node: subject } = this.input;
    return {
      rollout,
      writer,
      subject,
      baseline,
      onFailure,
      desk: this.desk,
      hasLanded: () => true,
      show: (verdicts) => (this.verdicts = verdicts),
      waivers,
      note: async (closed, about) => {
        this.decisions.push(await noteDecision({ rollout, subject }, closed, about));
      },
    };
  }

  /** Why the landing is to be undone, or undefined. */
  private prove(
    prover: Prover,
    { key, gates }: CandidateJob,
    { stage, commit, late }: Pushed,
  ): Promise<string | undefined> {
    const nextRound = async (): Promise<Round> => {
      this.tell(`proves stage ${stage}`);
      return Promise.resolve({
        key: `${key}-${stage}-${this.landed.length}-${++this.rounds}`,
        summary: `gates after stage ${stage}`,
        commit,
        checks: [...(late?.checks ?? []), ...gates],
        ...(late && { base: late.base }),
      });
    };
    return proveUntilDecided(prover, nextRound, (why) => `after stage ${stage}, ${why}`);
  }

  private async giveUp(why: string): Promise<LandResult> {
    return { outcome: 'undone', why, verdicts: this.verdicts, ...(await this.undo(this.landed, why)) };
  }

  private async undo(compensations: readonly Compensation[], reason: string): Promise<Undone> {
    const { rollout, phase, node } = this.input;
    this.tell('undoes what landed');
    const undone = await undoLandings({ rollout, phase, node, desk: this.desk, compensations, reason });
    this.tell('undone');
    return undone;
  }
}

function letThrough(verdicts: readonly Verdict[]): readonly string[] {
  return verdicts.filter(({ note }) => note === 'overridden').map(({ title, why }) => `${title}: ${why}`);
}
