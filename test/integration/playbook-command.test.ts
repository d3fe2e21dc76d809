/** The built command line: which playbooks there are, what one would do to a folder, and doing it. */
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { execa } from 'execa';
import { afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { playbooks } from '../../playbooks/registry.js';
import { homelab } from '../../playbooks/sops-to-external-secrets/testing.js';
import { type CliResult, ensureBuilt, runCli } from '../harness/cli.js';

let cwd: string;
const write = (path: string, text: string): void => {
  mkdirSync(dirname(join(cwd, path)), { recursive: true });
  writeFileSync(join(cwd, path), text);
};
const read = (path: string): string => readFileSync(join(cwd, path), 'utf8');
const playbook = (...args: string[]): Promise<CliResult> => runCli(['playbook', ...args], { cwd });
const json = async (...args: string[]): Promise<unknown> => JSON.parse((await playbook('--json', ...args)).stdout);

const commitAll = async (): Promise<void> => {
  const git = (...args: string[]): Promise<unknown> =>
    execa('git', ['-c', 'user.name=a', '-c', 'user.email=a@example.org', ...args], { cwd });
  await git('init', '--quiet');
  await git('add', '--all');
  await git('commit', '--quiet', '--message', 'all');
};

const kustomization = `apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata: { name: apps, namespace: flux-system }
spec:
  interval: 1h # an hour
  path: ./apps
  prune: true
  sourceRef: { kind: GitRepository, name: flux-system }
`;
const standard = kustomization
  .replace('1h # an hour\n', '5m # an hour\n')
  .replace('  prune: true\n', '  prune: true\n  retryInterval: 2m\n')
  .concat('  timeout: 10m\n  wait: true\n');

beforeAll(ensureBuilt, 300_000);
beforeEach(() => {
  cwd = mkdtempSync(join(tmpdir(), 'joinpoint-playbook-'));
  write('flux/ks.yaml', kustomization);
  write('apps/a.yaml', 'apiVersion: v1\nkind: ConfigMap\nmetadata: { name: a, namespace: kube-system }\n');
});
afterEach(() => rmSync(cwd, { recursive: true, force: true }));

describe('list and show', () => {
  test('a line for each playbook, and all of them as JSON', async () => {
    const { exitCode, stdout } = await playbook('list');
    expect(exitCode).toBe(0);
    expect(stdout.trimEnd().split('\n')).toEqual(playbooks.map(({ id, summary }) => `${id}  ${summary}`));
    expect(await json('list')).toMatchObject(playbooks.map(({ id, risk, undo }) => ({ id, risk, undo })));
  });

  test('what one takes, touches and leaves', async () => {
    const { exitCode, stdout } = await playbook('show', 'flux-standardization');
    expect(exitCode).toBe(0);
    expect(stdout).toContain('risk stateless, undone by revert; stages standardize\n');
    expect(stdout).toContain('touches **/*.yaml, **/*.yml, **/*.md\n');
    expect(stdout).toMatch(/^afterwards silent, but for what it says that it leaves: dangling-depends-on, /m);
    expect(stdout).toContain('\n  retryInterval = "2m"\n      How long a Kustomization waits before it tries again\n');
    expect(stdout).toContain(
      `from here:         joinpoint playbook run flux-standardization --with '{"retryInterval":"2m"}'`,
    );
    expect(await json('show', 'flux-standardization')).toMatchObject({
      id: 'flux-standardization',
      stages: ['standardize'],
      parameters: { properties: { retries: { default: 3, minimum: 1 } } },
    });
  });
});

describe('run', () => {
  test('says what it would do, and does nothing: there is something to do', async () => {
    const { exitCode, stdout } = await playbook('run', 'flux-standardization');
    expect(exitCode).toBe(1);
    expect(stdout).toContain('- Kustomization flux-system/apps: timeout "10m" (`flux/ks.yaml`)\n');
    expect(stdout).toMatch(/\n2 files would change; add --write to change them in \.$/);
    expect(read('flux/ks.yaml')).toBe(kustomization);
    expect(existsSync(join(cwd, 'docs'))).toBe(false);
  });

  test('--write does it, to the byte; then there is nothing to do and no file is touched', async () => {
    const { exitCode, stdout } = await playbook('run', 'flux-standardization', '--write');
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/\n2 files changed in \.$/);
    expect(read('flux/ks.yaml')).toBe(standard);
    expect(read('docs/flux/standards.md')).toContain('# Flux standards');
    const before = statSync(join(cwd, 'flux/ks.yaml')).mtimeMs;
    const again = await playbook('run', 'flux-standardization', '--write');
    expect(again).toMatchObject({ exitCode: 0, stdout: expect.stringMatching(/\n0 files changed in \.$/) });
    expect(await playbook('run', 'flux-standardization')).toMatchObject({ exitCode: 0 });
    expect(statSync(join(cwd, 'flux/ks.yaml')).mtimeMs).toBe(before);
  });

  test('--write carries out the stage that is due, and says which is next once that has landed', async () => {
    rmSync(cwd, { recursive: true });
    for (const [path, text] of Object.entries(homelab)) write(path, text);
    await commitAll();
    const dry = await playbook('run', 'sops-to-external-secrets');
    expect(dry.stdout).toMatch(
      /add --write to change them in \.\n--write carries out one stage at a time: land store before expand$/,
    );
    for (const [stage, next] of [
      ['store', 'expand'],
      ['expand', 'contract'],
    ]) {
      const { exitCode, stdout } = await playbook('run', 'sops-to-external-secrets', '--write');
      expect(exitCode).toBe(0);
      expect(stdout).toContain(`### ${stage}: `);
      expect(stdout).not.toContain(`### ${next}: `);
      expect(stdout).toMatch(new RegExp(`\nland it and let Flux apply it, then run this again for stage ${next}$`));
      await commitAll();
    }
    expect(existsSync(join(cwd, 'apps/web/app/secret.sops.yaml'))).toBe(true);
    const last = await playbook('run', 'sops-to-external-secrets', '--write');
    expect(last.stdout).toMatch(/\n\d+ files changed in \.$/);
    expect(existsSync(join(cwd, 'apps/web/app/secret.sops.yaml'))).toBe(false);
    expect(await playbook('run', 'sops-to-external-secrets')).toMatchObject({
      exitCode: 0,
      stdout: expect.stringMatching(/\nnothing to change in \.$/),
    });
  });

  test('--write says in which files it is mixed with work that is not committed', async () => {
    await commitAll();
    write('flux/ks.yaml', `# mine\n${kustomization}`);
    const { exitCode, stdout } = await playbook('run', 'flux-standardization', '--write');
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(
      /\n\nin 1 of them are changes of yours, too, that are not committed: flux\/ks\.yaml\n\n2 files changed in \.$/,
    );
    expect(read('flux/ks.yaml')).toBe(`# mine\n${standard}`);
  });

  test('--write removes nothing that git could not give back', async () => {
    rmSync(cwd, { recursive: true });
    for (const [path, text] of Object.entries(homelab)) write(join('k8s', path), text);
    await commitAll();
    const root = join(cwd, 'k8s');
    const sops = (...args: string[]): Promise<CliResult> =>
      runCli(['playbook', 'run', 'sops-to-external-secrets', ...args], { cwd: root });
    await sops('--write');
    await sops('--write');
    await commitAll();
    const path = 'k8s/apps/web/app/secret.sops.yaml';
    write(path, `${read(path)}# a change\n`);
    expect(await sops('--write')).toMatchObject({
      exitCode: 1,
      stderr:
        'playbook sops-to-external-secrets: nothing was changed, since it would remove what is not committed (apps/web/app/secret.sops.yaml); commit first, then run this again',
    });
    expect((await execa('git', ['status', '--porcelain'], { cwd })).stdout).toBe(` M ${path}`);
    await commitAll();
    expect(await sops('--write')).toMatchObject({ exitCode: 0 });
    expect(existsSync(join(cwd, path))).toBe(false);
  });

  test('--write removes nothing from a folder that no repository keeps', async () => {
    rmSync(cwd, { recursive: true });
    for (const [path, text] of Object.entries(homelab)) write(path, text);
    await playbook('run', 'sops-to-external-secrets', '--write');
    await playbook('run', 'sops-to-external-secrets', '--write');
    expect(await playbook('run', 'sops-to-external-secrets', '--write')).toMatchObject({
      exitCode: 1,
      stderr: expect.stringMatching(
        /: nothing was changed, since it would remove files of a folder that no git repository keeps \(.*\); commit first, then run this again$/,
      ),
    });
    expect(existsSync(join(cwd, 'apps/web/app/secret.sops.yaml'))).toBe(true);
  });

  test('what git ignores is none of the repository', async () => {
    await commitAll();
    write('.gitignore', 'scratch/\n');
    write('scratch/flux/ks.yaml', kustomization);
    expect((await playbook('run', 'flux-standardization', '--write')).stdout).toMatch(/\n2 files changed in \.$/);
    expect(read('scratch/flux/ks.yaml')).toBe(kustomization);
  });

  test('as JSON, in another folder, with parameters', async () => {
    const given = JSON.stringify({ retryInterval: '7m', document: 'notes.md' });
    const result = await runCli(
      ['playbook', 'run', 'flux-standardization', cwd, '--with', given, '--write', '--json'],
      {
        cwd: dirname(cwd),
      },
    );
    expect(JSON.parse(result.stdout)).toMatchObject({
      written: true,
      stages: [{ stage: 'standardize', notes: [] }],
      files: ['flux/ks.yaml', 'notes.md'],
    });
    expect(read('flux/ks.yaml')).toContain('retryInterval: 7m');
  });

  test('--stage says nothing of what the stages after it are for', async () => {
    rmSync(cwd, { recursive: true });
    for (const [path, text] of Object.entries(homelab)) write(path, text);
    expect(await playbook('run', 'sops-to-external-secrets', '--stage', 'store', '--write')).toMatchObject({
      exitCode: 0,
      stdout: expect.stringMatching(/\n\d+ files changed in \.$/),
    });
  });

  test('what does not parse holds nothing, and is left', async () => {
    write('apps/broken.yaml', 'a: [\n');
    const written = await playbook('run', 'flux-standardization', '--write');
    expect(written).toMatchObject({
      exitCode: 1,
      stdout: expect.stringMatching(/\n1 lacking that it does not mend by itself; /),
    });
    expect(await playbook('check', 'flux-standardization')).toMatchObject({
      exitCode: 1,
      stdout: expect.stringMatching(/^apps\/broken\.yaml:\d+:\d+ /),
    });
  });

  test('--stage carries out that one', async () => {
    expect((await playbook('run', 'flux-standardization', '--stage', 'standardize')).stdout).toContain(
      '### standardize: ',
    );
    expect(await playbook('run', 'flux-standardization', '--stage', 'expand')).toMatchObject({
      exitCode: 2,
      stderr: '--stage expand: playbook flux-standardization has none; use one of standardize',
    });
  });

  test('what was looked up decides', async () => {
    write('apps/release.yaml', release);
    const server = createServer((_, response) => {
      const metric = { namespace: 'default', pod: 'reloader-x', container: 'a' };
      response.end(JSON.stringify({ data: { result: [{ metric, value: [0, '1073741824'] }] } }));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    try {
      const prometheus = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
      await playbook('run', 'resource-limits', '--write', '--with', JSON.stringify({ prometheus }));
      expect(read('apps/release.yaml')).toContain('memory: 1536Mi');
    } finally {
      server.close();
      server.closeAllConnections();
    }
  });
});

const release = `apiVersion: helm.toolkit.fluxcd.io/v2
kind: HelmRelease
metadata: { name: reloader, namespace: default }
spec:
  interval: 1h
  chart: { spec: { chart: reloader, version: 2.1.3, sourceRef: { kind: HelmRepository, name: a } } }
  values: { a: 1 }
`;

describe('refuses, with what to do', () => {
  test.each([
    [
      'a playbook that is not there',
      ['run', 'tidy'],
      /^playbook tidy: is not one of this version; use one of .*resource-limits/,
    ],
    ['to show one that is not there', ['show', 'tidy'], /^playbook tidy: is not one of this version; use one of /],
    ['what is no JSON', ['run', 'resource-limits', '--with', '{a}'], /^--with: is no JSON; write an object such as/],
    [
      'parameters that it does not take, each',
      ['run', 'flux-standardization', '--with', '{"retries":0,"timeouts":1}'],
      /^playbook flux-standardization: does not take retries: .*\nplaybook flux-standardization: does not take timeouts: /,
    ],
    [
      'a folder that is not there',
      ['check', 'flux-standardization', 'nope'],
      /^playbook flux-standardization: nope is not there; give the root of a repository$/,
    ],
    [
      'a part of a repository, to which no path leads',
      ['check', 'flux-standardization', 'flux'],
      /^playbook flux-standardization: no Flux Kustomization leads into flux, though some stand there; give the root of the repository$/,
    ],
    [
      'a folder without Flux',
      ['run', 'flux-standardization', 'apps'],
      /^playbook flux-standardization: apps has no Flux object; give the root of a repository that Flux applies$/,
    ],
  ])('%s', async (_, args, message) => {
    const { exitCode, stderr } = await playbook(...args);
    expect(stderr).toMatch(message);
    expect(exitCode).toBe(2);
  });

  test('a look-up that is not answered changes nothing', async () => {
    const given = '{"prometheus":"http://127.0.0.1:1"}';
    const { exitCode, stderr } = await playbook('run', 'resource-limits', '--write', '--with', given);
    expect(stderr).toMatch(
      /^playbook resource-limits: nothing was changed, http:\/\/127\.0\.0\.1:1\/api\/v1\/query: does not answer/,
    );
    expect(exitCode).toBe(1);
    expect(existsSync(join(cwd, 'docs'))).toBe(false);
  });

  test('a step that it cannot do without, and changes nothing', async () => {
    const more = kustomization.replace('name: apps', 'name: more').replace('./apps', './more');
    write('flux/more.yaml', `${more}  all: &all [{ name: apps, namespace: media }]\n  dependsOn: *all\n`);
    write('more/a.yaml', '');
    const { exitCode, stderr } = await playbook('run', 'flux-standardization', '--write');
    expect(stderr).toMatch(
      /^playbook flux-standardization: nothing was changed, Kustomization flux-system\/more: .*flux\/more\.yaml:\d+:\d+ cannot be edited, .+; mend that place by hand, then run it again/,
    );
    expect(exitCode).toBe(1);
    expect(read('flux/ks.yaml')).toBe(kustomization);
  });
});
