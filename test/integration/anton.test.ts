/** The Anton plan over the real repository of the cluster that it was written for, which lies beside this one as data. */
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import picomatch from 'picomatch';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { readPlanFile } from '../../client/plan-file.js';
import { rolloutId } from '../../workflows/ids.js';
import { ensureBuilt, runCli } from '../harness/cli.js';
import { Origin } from '../harness/origin.js';
import { Rig } from '../harness/rig.js';

const anton = fileURLToPath(new URL('../../../shared/homelabs/anton', import.meta.url));
const planPath = fileURLToPath(new URL('../../examples/anton/plan.yaml', import.meta.url));

let rig: Rig;
let home: string;
beforeAll(async () => {
  if (!existsSync(anton)) return;
  await ensureBuilt();
  rig = await Rig.start({ agents: ['A', 'B', 'C', 'D', 'E'] });
  home = mkdtempSync(join(tmpdir(), 'joinpoint-home-'));
}, 120_000);
afterAll(async () => {
  await rig?.stop();
  if (home) rmSync(home, { recursive: true, force: true });
});

const where = existsSync(anton) ? '' : ' (../shared/homelabs/anton is not there)';

test.skipIf(where !== '')(
  `all 13 tasks land on the real repository, in one line, each inside its own files${where}`,
  async () => {
    const origin = Origin.ofFolder(anton);
    const { plan } = await readPlanFile(planPath);
    const started = await runCli(
      ['--home', home, 'start', '--plan', planPath, '--repo', origin.url, '--shorten-soaks', '1s'],
      { cwd: home, env: { TEMPORAL_ADDRESS: rig.server.address } },
    );
    expect(started.stderr).toBe('');
    expect(started.exitCode).toBe(0);
    const result = await rig.operate(rig.server.client.workflow.getHandle(rolloutId(plan.name)));
    expect(result.outcome).toBe('done');

    const tasks = new Map(plan.phases.flatMap((phase) => phase.tasks).map((task) => [task.id, task]));
    const landings = origin
      .git('log', '--reverse', '--format=%H %(trailers:key=Joinpoint-Landing,valueonly,separator=%x2C)', 'main')
      .split('\n')
      .filter(Boolean)
      .slice(1)
      .map((line) => line.split(' ') as [string, string]);
    expect(new Set(landings.map(([, landing]) => landing.split('/')[0]))).toEqual(new Set(tasks.keys()));
    const strays = landings.flatMap(([commit, landing]) => {
      const { files } = tasks.get(landing.split('/')[0]!)!;
      const changed = origin
        .git('diff-tree', '-r', '--name-only', '--no-commit-id', commit)
        .split('\n')
        .filter(Boolean);
      const outside = changed.filter((path) => !picomatch.isMatch(path, files, { dot: true }));
      return changed.length === 0 ? [`${landing}: empty`] : outside.map((path) => `${landing}: ${path}`);
    });
    expect(strays).toEqual([]);
    expect(origin.isLinear()).toBe(true);
    expect(origin.refs('refs/tags/joinpoint/')).toHaveLength(plan.phases.length);
    origin.remove();
  },
  480_000,
);
