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
      const mirror = await freshMirror(deps, request.rollout.repo);
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
      const mirror = await freshMirror(deps, update.rollout.repo);
      const chain = pullChain(update.rollout.uid, update.task);
      await write(mirror, chain, `events/${update.key}.json`, update.at, (before) => {
        if (!before) return undefined;
        const comments = update.comment
          ? [
              ...before.comments,
              { key: update.key, by: update.comment.by, text: excerpt(redact(update.comment.text)), at: update.at },
            ]
          : before.comments;
        const ticks = { ...before.ticks, ...Object.fromEntries((update.ticks ?? []).map((tick) => [tick.id, tick])) };
        return { ...before, comments, ticks, status: update.status ?? before.status };
      });
    }),
  };
}

function pullChain(uid: string, task: string): Chain {
  return { uid, writer: `pull-${task}` };
}

async function freshMirror(deps: ActivityDeps, repo: string): Promise<Mirror> {
  const mirror = await openMirror(deps.home, repo);
  await fetchMirror(mirror);
  return mirror;
}

/** One event of a pull request: `change` gets it as it is and returns it as it shall be, or undefined where there is none to change. */
async function write(
  mirror: Mirror,
  chain: Chain,
  event: string,
  at: number,
  change: (before: PullRequest | undefined) => PullRequest | undefined,
): Promise<void> {
  if ((await readRecord(mirror, chain, event)) !== undefined) return;
  const recorded = await readRecord(mirror, chain, 'pull.json');
  const after = change(recorded === undefined ? undefined : (JSON.parse(recorded) as PullRequest));
  if (!after) return;
  await recordOnce(mirror, chain, {
    path: event,
    files: {
      [event]: JSON.stringify({ at }),
      'pull.json': JSON.stringify(after, null, 2),
      'pull.md': renderPullRequest(after),
    },
    message: `${after.title}: ${event.replace(/^events\/|\.json$/g, '')}`,
    stamp: { author: 'joinpoint', at },
  });
}
