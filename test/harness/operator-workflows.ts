/** The engine's workflows, and an operator who lives in the workflows' time: for servers that skip it. */
import { getExternalWorkflowHandle, sleep } from '@temporalio/workflow';

export { land, runJoinPoint, runPhase, runRollout, runTask } from '../../workflows/index.js';

export interface OperatorOrder {
  readonly workflowId: string;
  readonly signal: string;
  readonly by: string;
  readonly comment?: string;
  readonly every: string;
  readonly times: number;
}

/** Says the same at intervals, whether anything waits for it or not. */
export async function operator({ workflowId, signal, by, comment, every, times }: OperatorOrder): Promise<void> {
  for (let said = 0; said < times; said++) {
    await sleep(every);
    // Whoever is addressed has not begun, or is done.
    await getExternalWorkflowHandle(workflowId)
      .signal(signal, { by, ...(comment && { comment }) })
      .catch(() => undefined);
  }
}
