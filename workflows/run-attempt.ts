/** One attempt of a command agent or a playbook, on whichever worker serves the agent's lane. */
import type { AttemptResult } from '../activities/attempts.js';
import type { TaskBranch } from '../git/branch.js';
import { durationMs } from '../plan/duration.js';
import type { Agent } from '../plan/schema.js';
import type { TaskInput } from './contracts.js';
import { lane } from './engine.js';

export interface Attempting {
  readonly branch: TaskBranch;
  readonly attempt: number;
  /** Where the branch is. */
  readonly head: string;
  /** What was wrong with the attempts before. */
  readonly feedback: readonly string[];
}

/** A playbook reads and commits a repository; this is far beyond what the largest takes. */
const playbookTimeoutMs = 600_000;

export function runAttempt(
  { rollout, phase, task, start }: TaskInput,
  agent: Exclude<Agent, { kind: 'human' }>,
  { branch, attempt, head, feedback }: Attempting,
): Promise<AttemptResult> {
  const summary = `${task.id} attempt ${attempt}`;
  const made = {
    rollout,
    task,
    agentName: task.agent,
    generation: start.generation,
    attempt,
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
