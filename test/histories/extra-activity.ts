/** Makes every workflow do one activity more than it did when its history was recorded, before anything else. */
import { proxyActivities, type WorkflowInterceptorsFactory } from '@temporalio/workflow';

const { extra } = proxyActivities<{ extra(): Promise<void> }>({ startToCloseTimeout: '1m' });

export const interceptors: WorkflowInterceptorsFactory = () => ({
  inbound: [
    {
      async execute(input, next) {
        await extra();
        return next(input);
      },
    },
  ],
});
