/** Whether the rollout is paused, as a workflow below it knows: nothing new begins, what runs is finished. */
import { condition, setHandler } from '@temporalio/workflow';
import { holdStillSignal } from './messages.js';

export class Stillness {
  private still: boolean;

  constructor(still: boolean, passOn: (still: boolean) => void = () => undefined) {
    this.still = still;
    setHandler(holdStillSignal, (next) => {
      this.still = next;
      passOn(next);
    });
  }

  get isStill(): boolean {
    return this.still;
  }

  /** Returns at once unless the rollout is paused. */
  async over(): Promise<void> {
    await condition(() => !this.still);
  }
}
