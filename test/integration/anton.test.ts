/** The Anton plan over the real repository of the cluster that it was written for, which lies beside this one as data. */
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { readPlanFile } from '../../client/plan-file.js';
import { lintChange } from '../../gitops/lint/lint.js';
import { readRepository } from '../../gitops/model/read-repository.js';
import type { FileTree } from '../../gitops/source/file-tree.js';
import { readRevision } from '../../git/revision-tree.js';
import type { Phase, PlaybookUse } from '../../plan/schema.js';
import type { Playbook } from '../../playbooks/playbook.js';
import { resolvePlaybook } from '../../playbooks/resolve.js';
import { runPlaybook } from '../../playbooks/run-playbook.js';
import { rolloutId } from '../../workflows/ids.js';
import { ensureBuilt, runCli } from '../harness/cli.js';
import { landingsOnMain, strays } from '../harness/landings.js';
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

function playbookOf(named: object): { readonly playbook: Playbook; readonly parameters: unknown } {
  const { name, with: given } = (named as { readonly playbook: PlaybookUse }).playbook;
  const resolved = resolvePlaybook(name, given);
  if (resolved.status === 'refused') throw new Error(resolved.problems[0].what);
  return resolved;
}

const where = existsSync(anton) ? '' : ' (../shared/homelabs/anton is not there)';

test.skipIf(where !== '')(
  `all 13 tasks land on the real repository, in one line, each inside its own files; phase 1 by playbooks that leave nothing to do${where}`,
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

    const git = (...words: string[]): string => origin.git(...words);
    const landings = landingsOnMain(git);
    expect(new Set(landings.map(({ task }) => task))).toEqual(
      new Set(plan.phases.flatMap(({ tasks }) => tasks.map(({ id }) => id))),
    );
    expect(strays(landings, plan)).toEqual([]);
    expect(origin.isLinear()).toBe(true);
    const checkpoints = origin.refs('refs/tags/joinpoint/');
    expect(checkpoints).toHaveLength(plan.phases.length);

    const treeAt = (revision: string): Promise<FileTree> => readRevision(origin.url, revision, '');
    const before = readRepository(await treeAt(origin.git('rev-list', '--max-parents=0', 'main').trim()));
    const tree = await treeAt(checkpoints.find((ref) => /\/1-\d+$/.test(ref))!);
    const after = readRepository(tree);
    const only = new Set(['unrelated-lines-rewritten']);
    expect(lintChange(before, after, { now: Date.now(), only }).findings).toEqual([]);
    const [{ criteria, tasks }] = plan.phases as [Phase, ...Phase[]];
    expect(criteria).toHaveLength(4);
    for (const criterion of criteria) {
      const { playbook, parameters } = playbookOf(criterion);
      expect(playbook.lacks(before, parameters, Date.now())).not.toEqual([]);
      expect(playbook.lacks(after, parameters, Date.now())).toEqual([]);
    }
    for (const task of tasks) {
      const { playbook, parameters } = playbookOf(task);
      const again = runPlaybook(playbook, tree, parameters, undefined);
      expect(
        again.flatMap(({ stage, files }) => [...files.keys()].map((file) => `${playbook.id} ${stage} ${file}`)),
      ).toEqual([]);
    }
    origin.remove();
  },
  480_000,
);
