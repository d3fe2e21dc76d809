/** The agents port: runs a command agent in a work tree of its task's branch, and records the attempt with its commits in one push. */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { readBranch } from '../git/branch.js';
import { fetchMirror, isAncestor, type Mirror, openMirror } from '../git/mirror.js';
import { removeFolder } from '../git/remove-folder.js';
import { GitError } from '../git/run.js';
import { commitWork, onlyHere, withWorkTree } from '../git/work-tree.js';
import { durationMs, durationText } from '../plan/duration.js';
import type { RolloutRef } from '../plan/rollout.js';
import type { Agent } from '../plan/schema.js';
import { type AttemptResult, type Attempt, type Attempted, recordAttempt, recordedAttempt } from './attempts.js';
import type { ActivityDeps } from './deps.js';
import { atEdge, cancellation } from './edge.js';
import { withPlanFolder } from './plan-folder.js';
import { cleanEnvironment } from './process/environment.js';
import { endLeftovers } from './process/leftovers.js';
import { excerpt, redact } from './process/redact.js';
import type { CommandResult } from './process/run-command.js';
import { runRecorded } from './process/run-recorded.js';
import { readResultFile } from './result-file.js';

export interface AgentRequest extends Attempt {
  readonly phase: { readonly id: string; readonly title: string };
  readonly agent: Extract<Agent, { kind: 'command' }>;
  /** What was wrong with the attempts before. */
  readonly feedback: readonly string[];
}

const logBytes = 256 * 1024;

export function createAgentActivities(deps: ActivityDeps) {
  return {
    /**
     * One attempt of a command agent.
     * Idempotent because an attempt whose result is recorded is not made again: the result and the branch move in one
     * push with a lease, so that a late twin of a lost attempt is refused. Heartbeats all along; cancelling ends the
     * agent's process group. Never fails for what an agent does; an agent that was ended as a leftover is tried again.
     */
    runAgent: atEdge(async (request: AgentRequest): Promise<AttemptResult> => {
      const mirror = await openMirror(deps.home, request.rollout.repo);
      const key = `${request.rollout.uid}-${request.task.id}`;
      await endLeftovers(deps.home, key);
      await fetchMirror(mirror);
      const known = await recordedAttempt(mirror, request);
      if (known) return known;
      return withWorkTree(mirror, request.head, `agent-${request.task.id}`, async (dir) => {
        const run = await runIn(deps, mirror, request, dir, key);
        return recordAttempt(mirror, request, run);
      });
    }),

    /** Where a person's branch is now. Idempotent: it only reads. Non-retryable when the branch is gone or rewritten. */
    collectWork: atEdge(
      async ({
        rollout,
        branch,
        base,
      }: {
        rollout: RolloutRef;
        branch: string;
        base: string;
      }): Promise<{ head: string }> => {
        const mirror = await openMirror(deps.home, rollout.repo);
        return { head: await readBranch(mirror, branch, base) };
      },
    ),
  };
}

async function runIn(
  deps: ActivityDeps,
  mirror: Mirror,
  request: AgentRequest,
  dir: string,
  key: string,
): Promise<Attempted> {
  const { rollout, phase, task, attempt, feedback, branch, agent, agentName } = request;
  const desk = join(deps.home, 'desk', key);
  const taskFile = join(desk, 'task.json');
  const resultFile = join(desk, 'result.json');
  await removeFolder(desk);
  await mkdir(desk, { recursive: true });
  const brief = JSON.stringify(
    {
      rollout: { name: rollout.name, uid: rollout.uid },
      phase,
      task,
      attempt,
      feedback,
      branch: branch.branch,
      base: branch.base,
    },
    null,
    2,
  );
  await writeFile(taskFile, brief);
  const { ended } = await withPlanFolder(mirror, rollout.planCommit, async (plan) => ({
    ended: await runRecorded(deps.home, key, {
      run: agent.run,
      cwd: dir,
      env: cleanEnvironment({
        source: deps.env,
        allow: agent.env,
        set: {
          ...onlyHere(dir),
          JOINPOINT_PLAN: plan,
          JOINPOINT_ROLLOUT: rollout.name,
          JOINPOINT_UID: rollout.uid,
          JOINPOINT_TASK: task.id,
          JOINPOINT_ATTEMPT: String(attempt),
          JOINPOINT_TASK_FILE: taskFile,
          JOINPOINT_RESULT_FILE: resultFile,
        },
      }),
      stdin: brief,
      timeoutMs: durationMs(agent.timeout),
      keepBytes: logBytes,
      signal: cancellation(),
    }),
    // Nobody else gets a folder that an agent has had.
    spoilt: true,
  }));
  const log = redact(ended.output);
  const said = await readResultFile(resultFile);
  const message = `${task.id}: ${said.summary || task.title}\n\nAttempt ${attempt} of agent ${agentName}.\n`;
  const taken = await takeWork(mirror, request, dir, message);
  const why = whyFailed(ended, agent.timeout) || ('why' in taken ? taken.why : '');
  const result: AttemptResult = {
    status: why === '' ? 'finished' : 'failed',
    head: 'head' in taken ? taken.head : request.head,
    why,
    summary: said.summary ?? '',
    ...(said.comment && { comment: said.comment }),
    excerpt: excerpt(log, 1024),
  };
  return { result, log };
}

/** The commit with the agent's work, or why none can be made of what it left: that is the agent's to mend, and no retry's. */
async function takeWork(
  mirror: Mirror,
  request: AgentRequest,
  dir: string,
  message: string,
): Promise<{ readonly head: string } | { readonly why: string }> {
  try {
    const head = await commitWork(dir, message, `Agent ${request.agentName}`, request.at);
    if (await isAncestor(mirror, request.head, head)) return { head };
    return { why: 'rewrote the history of its branch; add commits instead' };
  } catch (error) {
    if (!(error instanceof GitError)) throw error;
    return { why: `left a work tree that git cannot commit (${redact(error.message)}); leave .git as it is` };
  }
}

function whyFailed(ended: CommandResult, timeout: string): string {
  switch (ended.exit) {
    case 'code':
      if (ended.code === 127)
        return 'exited with code 127: a command was not found; see that it is installed where its worker runs';
      return ended.code === 0 ? '' : `exited with code ${ended.code}`;
    case 'signal':
      return `was ended by ${ended.signal}`;
    case 'timeout':
      return `did not end within ${durationText(durationMs(timeout))}`;
    case 'notStarted':
      return `could not be started: ${ended.reason}`;
  }
}
