/** Begins a rollout of a plan on a target, and says what to look at next. */
import { inspectTarget } from '../git/target.js';
import { durationMs, durationPattern, durationText } from '../plan/duration.js';
import { Name } from '../plan/schema.js';
import type { Context } from './context.js';
import { exitCode, type ExitCode } from './exit-code.js';
import { findRollout } from './list-rollouts.js';
import { readPlanFile } from './plan-file.js';
import { enginePollers, unservedAgents } from './pollers.js';
import { Refusal } from './refusal.js';
import { laneAgents } from './rollout-memo.js';
import { type Session, withSession } from './session.js';
import { startsWorker } from './silence.js';
import { startRollout } from './start-rollout.js';

export interface StartOptions {
  readonly plan: string;
  readonly repo: string;
  readonly branch?: string;
  readonly name?: string;
  readonly from?: string;
  readonly until?: string;
  readonly shortenSoaks?: string;
}

/** Everything that can be refused is refused before the server is asked, and nothing is changed until all of it holds. */
export async function start(context: Context, options: StartOptions): Promise<ExitCode> {
  const { shortenSoaks, from, until } = options;
  if (shortenSoaks !== undefined && !durationPattern.test(shortenSoaks))
    throw new Refusal(`--shorten-soaks ${shortenSoaks}: is no duration; write a number and ms, s, m, h or d`);
  const { plan, files } = await readPlanFile(options.plan);
  const name = checkedName(options.name ?? plan.name);
  const target = await inspectTarget(options.repo, options.branch);
  return withSession(context, async (session) => {
    await startRollout({
      client: session.client,
      home: context.home,
      name,
      plan,
      files,
      target,
      ...(shortenSoaks !== undefined && { settings: { soakAtMostMs: durationMs(shortenSoaks) } }),
      ...(from !== undefined && { from }),
      ...(until !== undefined && { until }),
      now: Date.now(),
    });
    const uid = (await findRollout(session, name))?.memo?.uid;
    context.say(
      `rollout ${context.style.strong(name)} (${uid}) has started on ${target.url}#${target.branch} at ${target.head.slice(0, 12)}`,
    );
    if (shortenSoaks !== undefined)
      context.say(`no soak takes longer than ${durationText(durationMs(shortenSoaks))} (--shorten-soaks)`);
    context.say(
      `look at it with: ${session.command('status', name)}\nfollow it with:  ${session.command('watch', name)}`,
    );
    await warnOfMissingWorkers(context, session, laneAgents(plan));
    context.tell({ name, uid, repo: target.url, branch: target.branch, head: target.head });
    return exitCode.done;
  });
}

function checkedName(name: string): string {
  const parsed = Name.safeParse(name);
  if (!parsed.success)
    throw new Refusal(`--name ${name}: ${parsed.error.issues[0]?.message ?? 'is no name'}; choose another`);
  return name;
}

/** A rollout waits patiently for workers that nobody starts. */
async function warnOfMissingWorkers(context: Context, session: Session, agents: readonly string[]): Promise<void> {
  if ((await enginePollers(session)).length === 0) {
    context.warn(`no worker serves it yet; start one with: ${startsWorker(session)}`);
    return;
  }
  const unserved = await unservedAgents(session, agents);
  // A worker that follows open rollouts adds their lanes within seconds.
  if (unserved.length > 0)
    context.say(`agents without a worker yet: ${unserved.join(', ')}; \`up\` and \`worker\` add them by themselves`);
}
