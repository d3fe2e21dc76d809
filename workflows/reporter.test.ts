import { expect, test, vi } from 'vitest';
import { Reporter } from './reporter.js';

const sent: string[] = [];
vi.mock('@temporalio/workflow', async (original) => ({
  ...(await original<object>()),
  workflowInfo: () => ({ workflowId: 'task' }),
  getExternalWorkflowHandle: () => ({
    signal: (_: unknown, { status }: { status: string }) => Promise.resolve(sent.push(status)),
  }),
}));

test('what was told already is not told again', async () => {
  sent.length = 0;
  const reporter = new Reporter('phase', 'task 1.1');
  for (const status of ['soaks', 'soaks', 'asks', 'soaks']) {
    reporter.tell({ status, questions: [] });
    await reporter.settle();
  }
  expect(sent).toEqual(['soaks', 'asks', 'soaks']);
});

test('whatever is told last is sent, however soon after the report before it', async () => {
  for (let microtasks = 0; microtasks < 8; microtasks++) {
    sent.length = 0;
    const reporter = new Reporter('phase', 'task 1.1');
    reporter.tell({ status: 'first', questions: [] });
    for (let passed = 0; passed < microtasks; passed++) await Promise.resolve();
    reporter.tell({ status: 'last', questions: [] });
    await reporter.settle();
    expect(sent, `${microtasks} microtasks later`).toEqual(['first', 'last']);
  }
});
