/** Workflow ids: deterministic, and built here only (design.md, section 4). */
import type { RolloutRef } from '../plan/rollout.js';

export const engineQueue = 'joinpoint';

export function agentQueue(agent: string): string {
  return `agent-${agent}`;
}

export function rolloutId(name: string): string {
  return `rollout/${name}`;
}

export function phaseId(name: string, phase: string): string {
  return `${rolloutId(name)}/phase/${phase}`;
}

export function taskId(name: string, task: string): string {
  return `${rolloutId(name)}/task/${task}`;
}

/** The join point of a phase, or of one task where a phase lands each by itself. */
export function joinPointId(name: string, phase: string, task?: string): string {
  return `${rolloutId(name)}/join/${phase}${task ? `.${task}` : ''}`;
}

/** The lock of a target: one landing at a time holds it, across rollouts. */
export function landId({ repoId, branch }: Pick<RolloutRef, 'repoId' | 'branch'>): string {
  return `land/${repoId}/${branch}`;
}
