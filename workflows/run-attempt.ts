/** One attempt of a command agent or a playbook, on whichever worker serves the agent's lane. */
import type { AttemptResult } from '../activities/attempts.js';
import type { TaskBranch } from '../git/branch.js';
import { durationMs } from '../plan/duration.js';
import type { Agent } from '../plan/schema.js';
import type { TaskInput } from './contracts.js';
import { lane, terminalMessage } from './engine.js';

interface Attempting {
  readonly branch: TaskBranch;
  readonly attempt: number;
  /** Where the branch is. */
  readonly head: string;
  /** What was wrong with the attempts before. */
  readonly feedback: readonly string[];
}

/** A playbook reads and commits a repository; this is far beyond what the largest takes. */
const playbookTimeoutMs = 600_000;

/** What an attempt came to; or why nothing of it could be kept, as when the origin declines what the agent would push. */
export async function runAttempt(
  input: TaskInput,
  agent: Exclude<Agent, { kind: 'human' }>,
  attempting: Attempting,
): Promise<AttemptResult | { readonly refused: string }> {
  try {
    return await attempt(input, agent, attempting);
  } catch (error) {
    const refused = terminalMessage(error);
    if (refused === undefined) throw error;
    return { refused };
  }
}

function attempt(
  { rollout, phase, task, start }: TaskInput,
  agent: Exclude<Agent, { kind: 'human' }>,
  { branch, attempt: nth, head, feedback }: Attempting,
): Promise<AttemptResult> {
  const summary = `${task.id} attempt ${nth}`;
  const made = {
    rollout,
    task,
    agentName: task.agent,
    generation: start.generation,
    attempt: nth,
    branch: { branch: branch.branch, base: branch.base },
    head,
    at: Date.now(),
  };
  const { playbook } = task;
  if (playbook)
    return lane(rollout.settings, task.agent, playbookTimeoutMs, summary).runPlaybook({ ...made, playbook });
  if (agent.kind === 'playbook') throw new Error(`task ${task.id}: its agent does playbooks only, and it names none`);
  return lane(rollout.settings, task.agent, durationMs(agent.timeout), summary).runAgent({
    ...made,
    phase,
    agent,
    feedback,
  });
}

/** What of its earlier work an agent has to do again. */
export function conflictFeedback({ replayConflicts }: TaskBranch): readonly string[] {
  return replayConflicts.length > 0
    ? [
        `your earlier work no longer fits in ${replayConflicts.join(', ')}: it was left out, do it again on what is there now`,
      ]
    : [];
}
