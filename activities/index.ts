/** All activities of a worker, composed from one factory a port. */
import { createAgentActivities } from './agents.js';
import { createChecksActivities } from './checks.js';
import type { ActivityDeps } from './deps.js';
import { createLocalForge } from './forge/local.js';
import { createGitActivities } from './git.js';
import { createPlaybookActivities } from './playbooks.js';

/** What the engine's task queue serves. */
export function createActivities(deps: ActivityDeps) {
  const { collectWork } = createAgentActivities(deps);
  return { ...createGitActivities(deps), ...createLocalForge(deps), ...createChecksActivities(deps), collectWork };
}

/** What an agent's task queue serves. */
export function createLaneActivities(deps: ActivityDeps) {
  const { runAgent } = createAgentActivities(deps);
  return { runAgent, ...createPlaybookActivities(deps) };
}

export type EngineActivities = ReturnType<typeof createActivities>;
export type LaneActivities = ReturnType<typeof createLaneActivities>;
