/** Tells the worker of every workflow task that is not a replay, so that a test can kill the server exactly there. */
import { proxySinks, type Sinks, type WorkflowInterceptorsFactory, workflowInfo } from '@temporalio/workflow';

export interface ChaosSinks extends Sinks {
  chaos: { workflowTask(): void };
}

export const interceptors: WorkflowInterceptorsFactory = () => ({
  internals: [
    {
      activate(input, next) {
        // A query is no workflow task of its own in the history.
        if (!input.activation.jobs?.every((job) => job.queryWorkflow) && !workflowInfo().unsafe.isReplaying)
          proxySinks<ChaosSinks>().chaos.workflowTask();
        return next(input);
      },
    },
  ],
});
