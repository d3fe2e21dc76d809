/** Recorded histories of every workflow replay with the workflows as they are now; a changed workflow does not pass unnoticed. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { DeterminismViolationError } from '@temporalio/workflow';
import { Worker } from '@temporalio/worker';
import { beforeAll, describe, expect, test } from 'vitest';
import { bundleWorkflows } from '../../worker/bundle.js';
import * as workflows from '../../workflows/index.js';
import { quietRuntime } from '../harness/server.js';

const folder = fileURLToPath(new URL('../histories/', import.meta.url));
const files = readdirSync(folder).filter((file) => file.endsWith('.json'));
const workflowTypes = Object.keys(workflows);

let asItIs: string;
let withOneActivityMore: string;
beforeAll(async () => {
  quietRuntime();
  asItIs = await bundleWorkflows();
  withOneActivityMore = await bundleWorkflows([
    fileURLToPath(new URL('../histories/extra-activity.ts', import.meta.url)),
  ]);
});

interface History {
  readonly events: readonly [{ readonly workflowExecutionStartedEventAttributes: { readonly workflowId: string } }];
}

async function replay(file: string, code: string): Promise<void> {
  const history = JSON.parse(readFileSync(join(folder, file), 'utf8')) as History;
  const { workflowId } = history.events[0].workflowExecutionStartedEventAttributes;
  await Worker.runReplayHistory({ workflowBundle: { code }, replayName: file }, history, workflowId);
}

describe.each(workflowTypes)('%s', (workflowType) => {
  const own = files.filter((file) => file.startsWith(`${workflowType}-`));

  test('has a recorded history', () => {
    expect(own).not.toEqual([]);
  });

  test.each(own)('%s replays', async (file) => {
    await expect(replay(file, asItIs)).resolves.toBeUndefined();
  });

  test.each(own)('%s does not replay with one activity more', async (file) => {
    await expect(replay(file, withOneActivityMore)).rejects.toThrow(DeterminismViolationError);
  });
});

test('no history tells the machine that it was recorded on', () => {
  for (const file of files) {
    const text = readFileSync(join(folder, file), 'utf8');
    const payloads = [...text.matchAll(/"data":"([^"]*)"/g)].map(([, data]) =>
      Buffer.from(data!, 'base64').toString('utf8'),
    );
    for (const said of [text, ...payloads]) {
      expect(said).not.toMatch(/"\/(home|root|Users|work|private)\b|node_modules|joinpoint-\w+-\w{6}\b/);
      expect(said).not.toMatch(/"identity":"(?!joinpoint")|\d+@(?![0-9a-f]{12}\.json)/);
    }
  }
});
