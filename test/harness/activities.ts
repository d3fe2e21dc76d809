/** The activities of one worker on a throw-away origin, called by themselves: no server, no workflow. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MockActivityEnvironment } from '@temporalio/testing';
import { DefaultLogger } from '@temporalio/worker';
import { createActivities, createLaneActivities } from '../../activities/index.js';
import { openMirror } from '../../git/mirror.js';
import { publishPlan } from '../../git/plan-store.js';
import type { RolloutRef } from '../../plan/rollout.js';
import { stamp } from './mirror.js';
import { Origin } from './origin.js';

/** A failure is what a test asks for; it looks at the error. */
const quiet = new DefaultLogger('ERROR');

export class ActivityRig {
  readonly activities: ReturnType<typeof createActivities> & ReturnType<typeof createLaneActivities>;

  private constructor(
    readonly origin: Origin,
    readonly home: string,
    readonly rollout: RolloutRef,
  ) {
    const deps = { home, env: process.env };
    this.activities = { ...createActivities(deps), ...createLaneActivities(deps) };
  }

  /** @param assets of the plan, by path beside it. */
  static async of(
    files: Readonly<Record<string, string>>,
    assets: Readonly<Record<string, string>> = {},
  ): Promise<ActivityRig> {
    const origin = Origin.create(files);
    const home = mkdtempSync(join(tmpdir(), 'joinpoint-home-'));
    const uid = 'u1';
    const planCommit = await publishPlan(
      await openMirror(home, origin.url),
      uid,
      { 'plan.yaml': '{}', ...assets },
      stamp.at,
    );
    return new ActivityRig(origin, home, {
      name: 'test',
      uid,
      title: 'A rollout for a test',
      repo: origin.url,
      branch: 'main',
      repoId: 'r1',
      start: origin.head(),
      planCommit,
      settings: { heartbeatMs: 5_000, tasksPerRun: 200 },
    });
  }

  run<A, R>(activity: (request: A) => Promise<R>, request: A): Promise<R> {
    return new MockActivityEnvironment({}, { logger: quiet }).run(activity, request);
  }

  remove(): void {
    this.origin.remove();
    rmSync(this.home, { recursive: true, force: true });
  }
}
