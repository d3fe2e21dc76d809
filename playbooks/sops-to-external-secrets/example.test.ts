/** The playbook on the example's repository, beside what the example's plan checks of its task 1.3. */
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import picomatch from 'picomatch';
import { parse } from 'yaml';
import { runRules } from '../../gitops/lint/run-rules.js';
import { readRepository } from '../../gitops/model/read-repository.js';
import { rules } from '../../gitops/rules/registry.js';
import { readFolder } from '../../gitops/source/folder-tree.js';
import type { FileTree } from '../../gitops/source/file-tree.js';
import { runAll } from './testing.js';

const examples = fileURLToPath(new URL('../../examples', import.meta.url));
const before = readFolder(join(examples, 'homelab'));
const { runs, after } = runAll(before);

let copy: string;
beforeAll(() => {
  copy = mkdtempSync(join(tmpdir(), 'joinpoint-example-'));
  cpSync(join(examples, 'homelab'), copy, { recursive: true });
  for (const [path, text] of runs.flatMap(({ files }) => [...files])) {
    mkdirSync(dirname(join(copy, path)), { recursive: true });
    if (text === null) rmSync(join(copy, path));
    else writeFileSync(join(copy, path), text);
  }
});
afterAll(() => rmSync(copy, { recursive: true, force: true }));

test.each(['inventory', 'migrated', 'documentation', 'configuration'])('the check %s passes', (check) => {
  const { status, stdout } = spawnSync('node', [join(examples, 'anton/checks/secrets.mjs'), check], {
    cwd: copy,
    encoding: 'utf8',
  });
  expect({ status, stdout }).toMatchObject({ status: 0 });
});

test('no new error, nothing encrypted but what is exempt, and every file one that the task may touch', () => {
  expect(errorsOf(after)).toEqual(errorsOf(before));
  expect(readRepository(after).encrypted.map(({ file }) => file.path)).toEqual(['talos/talsecret.sops.yaml']);
  const plan = parse(readFileSync(join(examples, 'anton/plan.yaml'), 'utf8')) as Plan;
  const task = plan.phases.flatMap(({ tasks }) => tasks).find(({ id }) => id === '1.3')!;
  const touched = runs.flatMap(({ files }) => [...files.keys()]);
  expect(touched.filter((path) => !picomatch.isMatch(path, [...task.files], { dot: true }))).toEqual([]);
});

interface Plan {
  readonly phases: readonly { readonly tasks: readonly { readonly id: string; readonly files: readonly string[] }[] }[];
}

function errorsOf(tree: FileTree): readonly string[] {
  return runRules(rules, readRepository(tree))
    .filter(({ severity }) => severity === 'error')
    .map(({ rule, subject }) => `${rule} ${subject}`);
}
