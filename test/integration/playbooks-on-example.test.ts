/** Tasks 1.1 and 1.2 of the Anton plan done by playbooks: what the plan's own checks say of it. */
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { readFolder } from '../../gitops/source/folder-tree.js';
import { fluxStandardization } from '../../playbooks/flux-standardization/playbook.js';
import { resourceLimits } from '../../playbooks/resource-limits/playbook.js';
import { runPlaybook } from '../../playbooks/run-playbook.js';

const examples = fileURLToPath(new URL('../../examples', import.meta.url));
let folder: string;

/** What a check of the plan ends with; it prints what is missing. */
function check(file: string, name: string) {
  const { status, stdout } = spawnSync(process.execPath, [join(examples, 'anton/checks', file), name], {
    cwd: folder,
    encoding: 'utf8',
  });
  return { status, missing: status === 0 ? '' : stdout };
}

const proofs = [
  ...['retries', 'intervals', 'health', 'dependencies', 'timeouts', 'standards'].map((name) => ['flux.mjs', name]),
  ...['analysis', 'limits', 'strategy'].map((name) => ['resources.mjs', name]),
] as [string, string][];

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'joinpoint-example-'));
  cpSync(join(examples, 'homelab'), folder, { recursive: true });
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test('every deliverable fails before, and passes when both playbooks are done with their defaults', () => {
  expect(proofs.filter(([file, name]) => check(file, name).status === 0)).toEqual([]);
  for (const playbook of [fluxStandardization, resourceLimits])
    for (const { files } of runPlaybook(playbook, readFolder(folder), playbook.parameters.parse({}), undefined))
      for (const [path, text] of files) {
        mkdirSync(dirname(join(folder, path)), { recursive: true });
        writeFileSync(join(folder, path), text ?? '');
      }
  expect(proofs.map(([file, name]) => ({ file, name, ...check(file, name) }))).toEqual(
    proofs.map(([file, name]) => ({ file, name, status: 0, missing: '' })),
  );
  for (const name of ['parses', 'references', 'graph', 'owners'])
    expect(check('repository.mjs', name)).toEqual({ status: 0, missing: '' });
});
