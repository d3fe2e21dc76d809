/** Sends the rollout what the plan's reader should know: a skip, an override, an undo that needs a person. */
import { getExternalWorkflowHandle } from '@temporalio/workflow';
import type { ManualTask } from '../plan/rollout.js';
import { rolloutId } from './ids.js';
import { noteSignal } from './messages.js';

export async function noteToRollout(name: string, text: string, manualTask?: ManualTask): Promise<void> {
  await getExternalWorkflowHandle(rolloutId(name)).signal(noteSignal, { text, ...(manualTask && { manualTask }) });
}
