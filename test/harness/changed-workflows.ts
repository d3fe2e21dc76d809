/** The engine as a later version might have it, with one step that the recorded histories do not know. */
import { sleep } from '@temporalio/workflow';
import * as engine from '../../workflows/index.js';

export const { runPhase, runTask, runJoinPoint, land } = engine;

/** Sleeps before it does what the real one does. */
export async function runRollout(input: Parameters<typeof engine.runRollout>[0]): ReturnType<typeof engine.runRollout> {
  await sleep('1s');
  return engine.runRollout(input);
}
