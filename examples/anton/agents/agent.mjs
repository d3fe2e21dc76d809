/**
 * The scripted agent of every lane: reads the task from stdin, does the work of `tasks/<id>.mjs` in the current
 * work tree, and reports what it did. It stands where a coding agent would stand and keeps the same contract.
 */
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

const job = JSON.parse(readFileSync(process.env.JOINPOINT_TASK_FILE ?? 0, 'utf8'));
const { task, attempt, feedback = [], base } = job;

const { default: work } = await import(`./tasks/${task.id}.mjs`);
await sleep(150);
const { summary, notes = [] } = work({ task, attempt, base, hasFeedback: feedback.length > 0 });

const changed = execFileSync('git', ['status', '--porcelain', '--untracked-files=all'], { encoding: 'utf8' })
  .trimEnd()
  .split('\n')
  .filter(Boolean);
const comment = [
  `### ${task.id} ${task.title}`,
  summary,
  ...(feedback.length
    ? [
        '',
        `Attempt ${attempt} answers ${feedback.length === 1 ? 'a finding' : `${feedback.length} findings`} of the last one.`,
      ]
    : []),
  ...(notes.length ? ['', ...notes.map((note) => `- ${note}`)] : []),
  '',
  `${changed.length} files changed.`,
].join('\n');

if (process.env.JOINPOINT_RESULT_FILE)
  writeFileSync(process.env.JOINPOINT_RESULT_FILE, JSON.stringify({ summary, comment }, null, 2));
console.log(`${task.id}: ${summary}`);
