import { chmodSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { readRepository } from '../../../gitops/model/read-repository.js';
import { fluxKustomization } from '../../../gitops/model/testing.js';
import { type FileTree, treeOfTexts } from '../../../gitops/source/file-tree.js';
import { gistOfBuildError, placeOfBuildError } from './build-error.js';
import { chartAtHand } from './chart-folder.js';
import { helmErrors } from './helm-template.js';
import { pointerPath, refusals } from './kubeconform.js';
import { writeTree } from './run-layers.js';
import { ask, each, grouped, missing } from './tool.js';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'joinpoint-exact-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** As kustomize v5.8.1 wrote them. */
const buildErrors: readonly (readonly [stderr: string, gist: string, place: string])[] = [
  [
    `Error: accumulating resources: accumulation err='accumulating resources from './nope': open /root/a/nope: no such file or directory': must build at directory: not a valid directory: evalsymlink failure on '/root/a/nope' : lstat /root/a/nope: no such file or directory`,
    `accumulating resources from './nope': open a/nope: no such file or directory`,
    'a/kustomization.yaml:1',
  ],
  [
    `Error: accumulating resources: accumulation err='merging resources from 'b.yaml': may not add resource with an already registered id: ConfigMap.v1.[noGrp]/a.[noNs]': must build at directory: '/root/a/b.yaml': file is not directory`,
    `merging resources from 'b.yaml': may not add resource with an already registered id: ConfigMap.v1.[noGrp]/a.[noNs]`,
    'a/b.yaml:1',
  ],
  [
    `Error: accumulating resources: accumulation err='accumulating resources from '../a': read /root/a: is a directory': cycle detected: candidate root '/root/a' contains visited root '/root/a'`,
    `cycle detected: candidate root 'a' contains visited root 'a'`,
    'a/kustomization.yaml:1',
  ],
  [
    `Error: accumulating resources: accumulating resources from 'b.yaml': MalformedYAMLError: yaml: line 4: did not find expected key in File: b.yaml`,
    `accumulating resources: accumulating resources from 'b.yaml': MalformedYAMLError: yaml: line 4: did not find expected key in File: b.yaml`,
    'a/b.yaml:4',
  ],
  [
    `Error: accumulating resources: accumulation err='accumulating resources from './deep': read /root/a/deep: is a directory': recursed accumulation of path '/root/a/deep': loading KV pairs: file sources: [home.json]: open /root/a/deep/home.json: no such file or directory`,
    'loading KV pairs: file sources: [home.json]: open a/deep/home.json: no such file or directory',
    'a/deep/kustomization.yml:1',
  ],
  [
    'Error: map[string]interface {}(nil): yaml: unmarshal errors:\n  line 7: mapping key "a" already defined at line 6',
    'map[string]interface {}(nil): yaml: unmarshal errors: line 7: mapping key "a" already defined at line 6',
    'a/twice.yaml:2',
  ],
];

test.each(buildErrors)('of a build that failed: %#', (stderr, gist, place) => {
  const texts = {
    'kustomization.yaml': 'resources: [b.yaml, twice.yaml, deep]\n',
    'b.yaml': '',
    'deep/kustomization.yml': '',
  };
  const twice = stderr.includes('already defined') ? { 'a/twice.yaml': 'a: 1\na: 2\n' } : {};
  const files = Object.fromEntries(Object.entries(texts).map(([path, text]) => [`a/${path}`, text]));
  const repository = readRepository(treeOfTexts({ ...files, ...twice }));
  const build = repository.kustomize.build('a');
  const { file, line } = placeOfBuildError(repository, '/root', build, stderr);
  expect(gistOfBuildError(stderr, '/root')).toBe(gist);
  expect(`${file}:${line}`).toBe(place);
});

test('what Helm says: each value that the schema refuses, or its one message', () => {
  const refused = `Error: values don't meet the specifications of the schema(s) in the following chart(s):
ch:
- at '/a/0/b': got number, want string
- at '': additional properties 'zz' not allowed
`;
  expect(helmErrors(refused)).toEqual([
    { path: ['a', 0, 'b'], what: 'got number, want string' },
    { path: [], what: "additional properties 'zz' not allowed" },
  ]);
  const older = `Error: values don't meet the specifications of the schema(s) in the following chart(s):
ch:
- (root): Additional property zz is not allowed
- a.b: Invalid type. Expected: string, given: integer
`;
  expect(helmErrors(older)).toEqual([
    { path: [], what: 'Additional property zz is not allowed' },
    { path: ['a', 'b'], what: 'Invalid type. Expected: string, given: integer' },
  ]);
  const failed = `coalesce.go:289: warning: destination for x is a table
Error: execution error at (ch/templates/a.yaml:1:6): no domain

Use --debug flag to render out invalid YAML
`;
  expect(helmErrors(failed)).toEqual([{ path: [], what: 'execution error at (ch/templates/a.yaml:1:6): no domain' }]);
});

test('a JSON pointer as a path', () => {
  expect(pointerPath('')).toEqual([]);
  expect(pointerPath('/spec/containers/0/a~1b~0c')).toEqual(['spec', 'containers', 0, 'a/b~c']);
});

test('a chart is at hand in just its version, as a folder or packed', async () => {
  mkdirSync(join(folder, 'velero'));
  writeFileSync(join(folder, 'velero/Chart.yaml'), 'name: velero\nversion: v9.1.2\n');
  writeFileSync(join(folder, 'loki-6.30.1.tgz'), '');
  expect(await chartAtHand(folder, 'velero', '9.1.2')).toEqual({ path: join(folder, 'velero') });
  expect(await chartAtHand(folder, 'loki', '6.30.1')).toEqual({ path: join(folder, 'loki-6.30.1.tgz') });
  expect(await chartAtHand(folder, 'velero', '9.1.3')).toEqual({ leftOut: 'velero 9.1.3 (--charts has v9.1.2)' });
  expect(await chartAtHand(folder, 'other', '1.0.0')).toEqual({ leftOut: 'other 1.0.0 (not in --charts)' });
  for (const version of ['9.x', '^9.1.0', '*', '>=9.0.0 <10', undefined])
    expect(await chartAtHand(folder, 'velero', version)).toEqual({
      leftOut: `velero ${version ?? ''} (no exact version)`,
    });
});

test('a tool is a program on PATH', () => {
  writeFileSync(join(folder, 'there'), '');
  chmodSync(join(folder, 'there'), 0o755);
  mkdirSync(join(folder, 'folder'));
  const path = `/nowhere:${folder}`;
  expect(missing('there', path)).toBeUndefined();
  expect(missing('folder', path)).toBe('folder is not on PATH');
  expect(missing('nothing', path)).toBe('nothing is not on PATH');
});

test('asked in turn, answered in order', async () => {
  const answers = await each([30, 1, 10], (ms) => new Promise<number>((resolve) => setTimeout(() => resolve(ms), ms)));
  expect(answers).toEqual([30, 1, 10]);
  expect(await each([], () => Promise.resolve(1))).toEqual([]);
  expect(await ask('cat', [], 'in')).toMatchObject({ exitCode: 0, stdout: 'in' });
  expect(await ask('sh', ['-c', 'echo no >&2; exit 3'])).toMatchObject({ exitCode: 3, stderr: 'no' });
  expect(await ask('sh', ['-c', 'kill -9 $$'])).toMatch(/SIGKILL/);
  expect(grouped(['a', 'b', 'a'])).toEqual(['a, 2 times', 'b']);
});

test('kubeconform quotes a value that does not match, which is not passed on of a Secret', () => {
  const texts = {
    'flux.yaml': fluxKustomization('app', 'app'),
    'app/a.yaml': `apiVersion: v1\nkind: Secret\nmetadata: { name: a, namespace: default }\ndata: { pin: hunter2 }\n`,
  };
  const [object] = readRepository(treeOfTexts(texts)).flux.objects.filter(({ id }) => id.kind === 'Secret');
  const validationErrors = [{ path: '/data/pin', msg: "'hunter2' is not valid byte" }];
  const resource = { filename: '0.json', kind: 'Secret', version: 'v1', status: 'statusInvalid', msg: '' };
  const [finding] = refusals({ ...resource, validationErrors }, object!);
  expect(finding?.message).toBe('data.pin: has a wrong value; the schema of Secret v1 refuses that');
  expect(JSON.stringify(finding)).not.toContain('hunter2');
});

test('a file that cannot be read is left out of the revision that tools are asked about', async () => {
  const tree: FileTree = {
    ...treeOfTexts({ 'a.yaml': '', 'huge.bin': '' }),
    read(path) {
      if (path === 'huge.bin') throw new Error('too large to be read');
      return Buffer.from('a: 1\n');
    },
  };
  await writeTree(tree, folder);
  expect(readdirSync(folder)).toEqual(['a.yaml']);
});
