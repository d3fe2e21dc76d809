import { beforeEach, expect, test, vi } from 'vitest';
import type { ChildWorkflowHandle, Workflow } from '@temporalio/workflow';
import { OpenChildren } from './open-children.js';

vi.mock('@temporalio/workflow', async (original) => ({
  ...(await original<object>()),
  log: { info: () => undefined },
}));

let children: OpenChildren;
/** What the child was told, in order. */
let told: boolean[];
beforeEach(() => {
  children = new OpenChildren();
  told = [];
});

/** A child workflow whose start the test lets succeed or fail, and which ends when the test says so. */
class Child {
  started!: () => void;
  cannotStart!: (error: Error) => void;
  ends!: (result: string) => void;
  private readonly result = new Promise<string>((resolve) => (this.ends = resolve));
  private readonly handle = {
    signal: (_: unknown, still: boolean) => Promise.resolve(told.push(still)),
    result: () => this.result,
  } as unknown as ChildWorkflowHandle<Workflow>;

  readonly start = (): Promise<ChildWorkflowHandle<Workflow>> =>
    new Promise((resolve, reject) => {
      this.started = () => resolve(this.handle);
      this.cannotStart = reject;
    });
}

const microtasks = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

test('a child that is being started hears of every change since, whatever it was given', async () => {
  const child = new Child();
  const run = children.run('child', child.start);
  children.holdStill(false);
  children.holdStill(true);
  await microtasks();
  expect(told).toEqual([]);
  child.started();
  await microtasks();
  expect(told).toEqual([false, true]);
  children.holdStill(false);
  await microtasks();
  expect(told).toEqual([false, true, false]);
  child.ends('done');
  expect(await run).toBe('done');
  children.holdStill(true);
  await microtasks();
  expect(told).toHaveLength(3);
});

test('a child that cannot be started is told nothing, and fails its run alone', async () => {
  const child = new Child();
  const run = children.run('child', child.start);
  children.holdStill(true);
  child.cannotStart(new Error('no'));
  await expect(run).rejects.toThrow('no');
  await microtasks();
  expect(told).toEqual([]);
});
