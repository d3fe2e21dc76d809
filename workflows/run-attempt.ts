/** One attempt of a command agent, on whichever worker serves its lane. */
import type { AgentResult } from '../activities/agents.js';
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

export function runAttempt(
  { rollout, phase, task, start }: TaskInput,
  agent: Extract<Agent, { kind: 'command' }>,
  { branch, attempt, head, feedback }: Attempting,
): Promise<AgentResult> {
  const summary = `${task.id} attempt ${attempt}`;
  return lane(rollout.settings, task.agent, durationMs(agent.timeout), summary).runAgent({
    rollout,
    phase,
    task,
    agentName: task.agent,
    agent,
    generation: start.generation,
    attempt,
    branch: { branch: branch.branch, base: branch.base },
    head,
    feedback,
    at: Date.now(),
  });
}
