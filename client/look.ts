/** Looks at a rollout through its workflows: its own view, and its phases' where they are wanted. */
import { type Client, WorkflowNotFoundError } from '@temporalio/client';
import { asItStands } from '../plan/as-it-stands.js';
import type { AddressedQuestion, PhaseView, RolloutView } from '../plan/status.js';
import { phaseId, rolloutId } from '../workflows/ids.js';
import { phaseStatusQuery, rolloutStatusQuery } from '../workflows/messages.js';
import { type Session, within } from './session.js';

export interface Look {
  readonly rollout: RolloutView;
  /** By id; a phase that closed between two questions is left out. */
  readonly phases: Readonly<Record<string, PhaseView>>;
  readonly questions: readonly AddressedQuestion[];
}

/** The rollout and its open phase, or every phase that has begun. Needs a worker of the engine; throws what the server says without one. */
export async function lookAt(
  session: Pick<Session, 'client'>,
  name: string,
  which: 'openPhase' | 'begunPhases' = 'openPhase',
): Promise<Look> {
  const { client } = session;
  const rollout = await within(session, () => client.workflow.getHandle(rolloutId(name)).query(rolloutStatusQuery));
  const wanted =
    which === 'openPhase'
      ? [rollout.openPhase]
      : rollout.phases.filter(({ status }) => status !== 'planned').map(({ id }) => id);
  const views = await Promise.all(
    wanted.flatMap((phase) => (phase === undefined ? [] : [within(session, () => phaseView(client, name, phase))])),
  );
  const phases = Object.fromEntries(
    rollout.phases.flatMap((line) => {
      const view = views.find((one) => one?.id === line.id);
      return view ? [[line.id, asItStands(view, line, rollout.status)]] : [];
    }),
  );
  const open = rollout.openPhase === undefined ? undefined : phases[rollout.openPhase];
  return { rollout, phases, questions: [...rollout.questions, ...(open?.questions ?? [])] };
}

async function phaseView(client: Client, name: string, phase: string): Promise<PhaseView | undefined> {
  try {
    return await client.workflow.getHandle(phaseId(name, phase)).query(phaseStatusQuery);
  } catch (error) {
    // The rollout says that a phase runs a moment before the phase does.
    if (error instanceof WorkflowNotFoundError) return undefined;
    throw error;
  }
}
