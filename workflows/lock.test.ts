import type { ChildWorkflowHandle } from '@temporalio/workflow';
import { expect, test, vi } from 'vitest';
import type { LandInput } from './contracts.js';
import type { land } from './land.js';
import { LandingLock } from './lock.js';

const startChild = vi.hoisted(() => vi.fn<() => Promise<ChildWorkflowHandle<typeof land>>>());
vi.mock('@temporalio/workflow', async (original) => ({
  ...(await original<object>()),
  log: { info: () => undefined },
  setHandler: () => undefined,
  startChild,
}));

const input = {
  rollout: { name: 'mine', repoId: 'r1', branch: 'main' },
  phase: '1',
  node: 'landing of phase 1',
  job: { kind: 'candidate' },
} as LandInput;

test('a landing hears of every pause and its end that come from the moment on that it is being started', async () => {
  const told: boolean[] = [];
  let started!: () => void;
  startChild.mockImplementation(
    () =>
      new Promise((resolve) => {
        started = () =>
          resolve({
            signal: (_: unknown, still: boolean) => Promise.resolve(told.push(still)),
            result: () => Promise.resolve({ outcome: 'askAgain', why: 'it moved' }),
          } as unknown as ChildWorkflowHandle<typeof land>);
      }),
  );
  const lock = new LandingLock(
    () => undefined,
    () => false,
  );
  lock.holdStill(true);
  const landing = lock.land(input);
  lock.holdStill(true);
  lock.holdStill(false);
  started();
  expect(await landing).toEqual({ outcome: 'askAgain', why: 'it moved' });
  expect(told).toEqual([true, false]);
  lock.holdStill(true);
  await new Promise((resolve) => setImmediate(resolve));
  expect(told).toHaveLength(2);
});
