/** Replays every open history before a worker polls: a version that would break a rollout refuses to start. */
import type { Client } from '@temporalio/client';
import { DefaultLogger, Worker, type WorkflowBundleOption } from '@temporalio/worker';
import { engineQueue } from '../workflows/ids.js';

/** A workflow that this version of joinpoint cannot go on with. */
export interface BrokenReplay {
  readonly workflowId: string;
  readonly why: string;
}

/** The open workflows of the engine whose histories this bundle does not replay; reads only, about 50 ms each. */
export async function replayOpenHistories(
  client: Client,
  workflowBundle: WorkflowBundleOption,
): Promise<readonly BrokenReplay[]> {
  const open = client.workflow.list({ query: `TaskQueue = '${engineQueue}' AND ExecutionStatus = 'Running'` });
  const histories = decidedHistories(client, open);
  const broken: BrokenReplay[] = [];
  for await (const { workflowId, error } of Worker.runReplayHistories(
    { workflowBundle, replayName: 'open', sinks: {}, ...quiet },
    histories,
  )) {
    if (error) broken.push({ workflowId, why: error.message.split('\n')[0] ?? error.name });
  }
  return broken;
}

const quiet = { logger: new DefaultLogger('ERROR') };

/** A workflow that ended since it was listed, or has decided nothing yet, has nothing to replay. */
async function* decidedHistories(
  client: Client,
  open: AsyncIterable<{ readonly workflowId: string; readonly runId: string }>,
) {
  for await (const { workflowId, runId } of open) {
    const history = await client.workflow.getHandle(workflowId, runId).fetchHistory();
    if (history.events?.some(({ workflowTaskCompletedEventAttributes }) => workflowTaskCompletedEventAttributes))
      yield { workflowId, history };
  }
}
