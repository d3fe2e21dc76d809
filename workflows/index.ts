/** The workflows that a worker serves. */
export { land } from './land.js';
export { runJoinPoint } from './run-join-point.js';
export { runPhase } from './run-phase.js';
export { runRollout } from './run-rollout.js';
export { runTask } from './run-task.js';
