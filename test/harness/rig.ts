/** Server, worker and origin in one: runs a plan for real, with a scripted operator. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Worker } from '@temporalio/worker';
import { type RolloutHandle, startRollout, type StartRequest } from '../../client/start-rollout.js';
import type { Answer } from '../../plan/question.js';
import type { Plan } from '../../plan/schema.js';
import type { AddressedQuestion, PhaseView, RolloutView } from '../../plan/status.js';
import { createWorkers } from '../../worker/create-worker.js';
import type { RolloutResult } from '../../workflows/contracts.js';
import { phaseId } from '../../workflows/ids.js';
import { phaseStatusQuery, rolloutStatusQuery } from '../../workflows/messages.js';
import type { Origin } from './origin.js';
import { startTestServer, type TestServer } from './server.js';

/** A rollout's workflow, whoever started it. */
type OpenRollout = Pick<RolloutHandle, 'result' | 'query'>;

/** Answers a question, or leaves it to the next look. */
export type Operator = (question: AddressedQuestion) => Answer | undefined;

/** Approves, ticks and says done as the owner; retries nothing. */
export const agreeable: Operator = (question) => {
  if (question.actions.includes('approve')) return { action: 'approve', by: question.forWhom[0] ?? 'owner' };
  if (question.kind === 'ticks') return { action: 'done', by: 'owner', evidence: 'seen' };
  return undefined;
};

export class Rig {
  private stopped = false;
  private readonly playing: Promise<unknown>[] = [];
  /** The uid of the rollout that asks. */
  private readonly askedBy = new WeakMap<AddressedQuestion, string>();

  private constructor(
    readonly server: TestServer,
    readonly home: string,
    private readonly workers: readonly Worker[],
    private readonly running: Promise<unknown>,
  ) {}

  /** @param agents are the lanes served in this process; the engine always is. */
  static async start({ agents = ['A', 'B'] }: { readonly agents?: readonly string[] } = {}): Promise<Rig> {
    const server = await startTestServer();
    const home = mkdtempSync(join(tmpdir(), 'joinpoint-home-'));
    const workers = await createWorkers({
      connection: server.native,
      namespace: 'default',
      home,
      env: process.env,
      engine: true,
      agents,
    });
    return new Rig(server, home, workers, Promise.all(workers.map((worker) => worker.run())));
  }

  async stop(): Promise<void> {
    this.stopped = true;
    for (const worker of this.workers) worker.shutdown();
    await this.running;
    await this.server.stop();
    await Promise.allSettled(this.playing);
    rmSync(this.home, { recursive: true, force: true });
  }

  start(plan: Plan, origin: Origin, options: Partial<StartRequest> = {}): Promise<RolloutHandle> {
    return startRollout({
      client: this.server.client,
      home: this.home,
      name: plan.name,
      plan,
      files: { 'plan.yaml': JSON.stringify(plan) },
      target: { url: origin.url, branch: 'main' },
      settings: { heartbeatMs: 5_000, soakAtMostMs: 1_000 },
      now: Date.now(),
      ...options,
    });
  }

  /** Plays the operator until the rollout ends; returns its result. One that is left alone ends with the rig. */
  operate(handle: OpenRollout, operator: Operator = agreeable): Promise<RolloutResult> {
    const playing = this.play(handle, operator);
    this.playing.push(playing);
    playing.catch(() => undefined);
    return playing;
  }

  private async play(handle: OpenRollout, operator: Operator): Promise<RolloutResult> {
    let ended = false;
    const result = handle.result().finally(() => (ended = true));
    result.catch(() => undefined);
    while (!ended && !this.stopped) {
      for (const question of await this.questions(handle)) {
        const answer = operator(question);
        if (answer) await this.answer(question, answer).catch(unlessStale);
      }
      await new Promise((resolve) => setTimeout(resolve, 250));
    }
    return result;
  }

  /** Sends it as the client does: to the question that was looked at, of its rollout and no other. */
  async answer(question: AddressedQuestion, { action, ...said }: Answer): Promise<void> {
    const uid = this.askedBy.get(question);
    await this.server.client.workflow
      .getHandle(question.workflowId)
      .executeUpdate(action, { args: [{ uid, ...said, question: question.id }] });
  }

  /** Waits until a question fits, and returns it. */
  async untilAsked(
    handle: OpenRollout,
    fits: (question: AddressedQuestion) => boolean,
    withinMs = 30_000,
  ): Promise<AddressedQuestion> {
    const deadline = Date.now() + withinMs;
    for (;;) {
      const found = (await this.questions(handle)).find(fits);
      if (found) return found;
      if (Date.now() > deadline)
        throw new Error(
          `no such question within ${withinMs} ms; open: ${JSON.stringify(await this.questions(handle))}`,
        );
      await new Promise((resolve) => setTimeout(resolve, 250));
    }
  }

  async view(handle: OpenRollout): Promise<{ rollout: RolloutView; phase?: PhaseView }> {
    const rollout = await handle.query(rolloutStatusQuery);
    if (!rollout.openPhase) return { rollout };
    try {
      const phase = await this.server.client.workflow
        .getHandle(phaseId(rollout.name, rollout.openPhase))
        .query(phaseStatusQuery);
      return { rollout, phase };
    } catch {
      // The phase may have closed between the two looks.
      return { rollout };
    }
  }

  async questions(handle: OpenRollout): Promise<readonly AddressedQuestion[]> {
    const { rollout, phase } = await this.view(handle);
    const questions = [...rollout.questions, ...(phase?.questions ?? [])];
    for (const question of questions) this.askedBy.set(question, rollout.uid);
    return questions;
  }
}

/** Between the look and the answer somebody else, or the question's end, may have been faster. */
function unlessStale(error: unknown): void {
  const cause = error instanceof Error ? error.cause : undefined;
  if (!(cause instanceof Error && /nothing waits for|does not wait for/.test(cause.message))) throw error;
}
