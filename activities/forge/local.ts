/** The forge that needs no server: a pull request is a chain `refs/joinpoint/<uid>/pull-<task>` with Markdown that people can read. */
import { fetchMirror, type Mirror, openMirror } from '../../git/mirror.js';
import { type Chain, chainRef, readRecord, recordOnce } from '../../git/store.js';
import { excerpt, redact } from '../process/redact.js';
import type { ActivityDeps } from '../deps.js';
import { atEdge } from '../edge.js';
import type { ForgeActivities, OpenPullRequest, PullRequestUpdate } from './forge.js';
import { type PullRequest, renderPullRequest } from './render.js';

/** Creates the forge `local`. Every activity is idempotent because its key is a path in the pull request's chain. */
export function createLocalForge(deps: ActivityDeps): ForgeActivities {
  return {
    openPullRequest: atEdge(async (request: OpenPullRequest) => {
      const mirror = await openMirror(deps.home, request.rollout.repo);
      const chain = pullChain(request.rollout.uid, request.task.id);
      await write(mirror, chain, `events/open-${request.generation}.json`, request.at, (before) => ({
        status: 'draft',
        task: request.task.id,
        title: `${request.task.id}: ${request.task.title}`,
        branch: request.branch,
        base: request.base,
        into: request.rollout.branch,
        description: request.task.description ?? '',
        files: request.task.files,
        deliverables: request.task.deliverables.map(({ title }, at) => ({ id: `d${at + 1}`, title })),
        ticks: {},
        comments: before?.comments ?? [],
      }));
      return { id: chainRef(chain) };
    }),

    updatePullRequest: atEdge(async (update: PullRequestUpdate) => {
      const mirror = await openMirror(deps.home, update.rollout.repo);
      const chain = pullChain(update.rollout.uid, update.task);
      if ((await readPull(mirror, chain)) === undefined) await fetchMirror(mirror);
      // A task that was skipped before it began has no pull request to say so on.
      if ((await readPull(mirror, chain)) === undefined) return;
      await write(mirror, chain, `events/${update.key}.json`, update.at, (before) => changed(before!, update));
    }),
  };
}

function changed(before: PullRequest, { key, status, comment, ticks = [], at }: PullRequestUpdate): PullRequest {
  const comments = comment
    ? [...before.comments, { key, by: comment.by, text: excerpt(redact(comment.text)), at }]
    : before.comments;
  return {
    ...before,
    comments,
    ticks: { ...before.ticks, ...Object.fromEntries(ticks.map((tick) => [tick.id, tick])) },
    status: status ?? before.status,
  };
}

function pullChain(uid: string, task: string): Chain {
  return { uid, writer: `pull-${task}` };
}

/** One event of a pull request: `change` gets it as it is (undefined: there is none yet) and returns it as it shall be. */
async function write(
  mirror: Mirror,
  chain: Chain,
  event: string,
  at: number,
  change: (before: PullRequest | undefined) => PullRequest,
): Promise<void> {
  await recordOnce(mirror, chain, {
    path: event,
    files: async () => {
      const after = change(await readPull(mirror, chain));
      return {
        [event]: JSON.stringify({ at }),
        'pull.json': JSON.stringify(after, null, 2),
        'pull.md': renderPullRequest(after),
      };
    },
    message: `pull request of ${chain.writer.replace(/^pull-/, '')}: ${event.replace(/^events\/|\.json$/g, '')}`,
    stamp: { author: 'joinpoint', at },
  });
}

async function readPull(mirror: Mirror, chain: Chain): Promise<PullRequest | undefined> {
  const recorded = await readRecord(mirror, chain, 'pull.json');
  return recorded === undefined ? undefined : (JSON.parse(recorded) as PullRequest);
}
