/** A plan carried to its end by an operator who goes on whatever is dead just then, and a small plan for it that reaches everything. */
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Client } from '@temporalio/client';
import { startRollout, type StartRequest } from '../../client/start-rollout.js';
import { RolloutError } from '../../plan/rollout-error.js';
import type { Answer } from '../../plan/question.js';
import type { AddressedQuestion, PhaseView, RolloutView } from '../../plan/status.js';
import { phaseId, rolloutId } from '../../workflows/ids.js';
import { Origin } from '../harness/origin.js';
import { aPlan } from '../harness/plans.js';
import type { Operator } from '../harness/rig.js';
import { type Fingerprint, fingerprint } from './fingerprint.js';

export interface Rehearsal {
  readonly outcome: string;
  readonly fingerprint: Fingerprint;
  readonly isLinear: boolean;
}

export interface Staging extends Pick<StartRequest, 'client' | 'home' | 'name' | 'plan' | 'files'> {
  readonly origin: Origin;
  readonly operator: Operator;
}

/** Runs a small plan that reaches every activity and workflow; `onQuestion` is called before each answer. */
export async function rehearse(
  client: Client,
  home: string,
  name: string,
  onQuestion: (question: AddressedQuestion) => void = () => undefined,
): Promise<Rehearsal> {
  const origin = Origin.create({ 'README.md': 'start\n', 'apps/a.yaml': 'a: 1\n' });
  const cluster = mkdtempSync(join(tmpdir(), 'joinpoint-cluster-'));
  writeFileSync(join(cluster, 'broken'), '');
  try {
    const plan = smallPlan(cluster);
    const operator = (question: AddressedQuestion): Answer | undefined => {
      onQuestion(question);
      return decide(question, origin, cluster);
    };
    return await carryOut({
      client,
      home,
      name,
      plan,
      files: { 'plan.yaml': JSON.stringify(plan) },
      origin,
      operator,
    });
  } finally {
    origin.remove();
    rmSync(cluster, { recursive: true, force: true });
  }
}

/** Runs a plan to its end, whatever is dead just then, and returns what it left at its origin. */
export async function carryOut({ origin, operator, ...request }: Staging): Promise<Rehearsal> {
  const { client, name } = request;
  const target = { url: origin.url, branch: 'main' };
  const settings = { heartbeatMs: 2_000, soakAtMostMs: 1_000 };
  await insist(() => startOnce({ ...request, target, settings, now: Date.now() }));
  const outcome = await operate(client, name, operator);
  const { uid } = await insist(() => client.workflow.getHandle(rolloutId(name)).query<RolloutView>('status'));
  return { outcome, fingerprint: fingerprint(origin, uid), isLinear: origin.isLinear() };
}

/** A start whose reply was lost has started it. */
async function startOnce(request: StartRequest): Promise<void> {
  await startRollout(request).catch((error: unknown) => {
    if (!(error instanceof RolloutError && /is open already/.test(error.message))) throw error;
  });
}

function smallPlan(cluster: string) {
  const gate = `grep -q one apps/a.yaml || exit 0; test ! -f ${cluster}/broken`;
  return aPlan()
    .script(
      '1.1',
      'grep -q one apps/a.yaml || echo "one: 1" >> apps/a.yaml; [ "$JOINPOINT_ATTEMPT" = 1 ] || echo mended > core.txt; echo "{\\"comment\\":\\"I did 1.1\\"}" > "$JOINPOINT_RESULT_FILE"',
    )
    .phase('1', (phase) =>
      phase
        .task('1.1', { files: ['apps/**', 'core.txt'], checks: ['grep -q one apps/a.yaml', 'test -f core.txt'] })
        .task('1.2', { agent: 'H', ticks: ['a person looked'] })
        .with({
          stages: [{ name: 'apps', paths: ['apps/**'] }, { name: 'core' }],
          gates: [{ name: 'live', run: gate }],
          joinPoint: { soak: { duration: '1d', every: '12h' }, steps: [{ title: 'seen', person: 'what you saw' }] },
        }),
    )
    .phase('2', (phase) =>
      phase
        .task('2.1', { agent: 'B' })
        .task('2.2', {
          agent: 'P',
          needs: ['2.1'],
          playbook: { name: 'flux-standardization' },
          files: ['docs/**'],
          checks: [],
        })
        .with({ land: 'each' }),
    )
    .with({
      defaults: { approval: { approvers: ['owner'] }, signOff: { approvers: ['owner'] } },
    })
    .build();
}

function decide(question: AddressedQuestion, origin: Origin, cluster: string): Answer | undefined {
  switch (question.kind) {
    case 'approval':
    case 'signOff':
      return { action: 'approve', by: 'owner' };
    case 'ticks':
      return { action: 'done', by: 'owner', evidence: 'seen' };
    case 'work':
      if (!origin.refs('refs/heads/').some((ref) => origin.git('ls-tree', '--name-only', ref).includes('1.2.txt')))
        origin.commit({ '1.2.txt': 'by hand\n' }, 'by hand', 'feature/1.2');
      return { action: 'done', by: 'hanna' };
    case 'hold':
      if (existsSync(join(cluster, 'broken'))) rmSync(join(cluster, 'broken'));
      return { action: 'retry', by: 'owner' };
  }
}

/** Looks and answers until the rollout has ended; errors only mean that something is dead just now. */
async function operate(client: Client, name: string, operator: Operator): Promise<string> {
  const handle = client.workflow.getHandle(rolloutId(name));
  const deadline = Date.now() + 480_000;
  let open: readonly AddressedQuestion[] = [];
  for (;;) {
    if (Date.now() > deadline)
      throw new Error(
        `rollout ${name}: not at its end after eight minutes; last asked: ${open.map(({ subject, why }) => `${subject} ${why}`).join('; ') || 'nothing'}`,
      );
    await new Promise((resolve) => setTimeout(resolve, 300));
    try {
      const { status } = await soon(client, () => handle.describe());
      if (status.name !== 'RUNNING') return status.name === 'COMPLETED' ? (await handle.result()).outcome : status.name;
      const view = await soon(client, () => handle.query<RolloutView>('status'));
      const phase = view.openPhase
        ? await soon(client, () => client.workflow.getHandle(phaseId(name, view.openPhase!)).query<PhaseView>('status'))
        : undefined;
      open = [...view.questions, ...(phase?.questions ?? [])];
      for (const question of open) {
        const answer = operator(question);
        if (!answer) continue;
        const { action, ...said } = answer;
        await soon(client, () =>
          client.workflow
            .getHandle(question.workflowId)
            .executeUpdate<string, [unknown]>(action, { args: [{ ...said, uid: view.uid, question: question.id }] }),
        );
      }
    } catch {
      // Dead just now, or the question was answered by a call whose reply was lost: look again.
    }
  }
}

function soon<T>(client: Client, call: () => Promise<T>): Promise<T> {
  return client.withDeadline(Date.now() + 4_000, call);
}

/** Tries until it works. */
async function insist<T>(call: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await call();
    } catch (error) {
      if (attempt > 60) throw error;
      await new Promise((resolve) => setTimeout(resolve, 500));
    }
  }
}
