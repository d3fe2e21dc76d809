import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type CliResult, ensureBuilt, RunningCli, runCli } from '../harness/cli.js';

interface Report {
  readonly counts: {
    readonly error: number;
    readonly byRule: Readonly<Record<string, number>>;
    readonly accepted: number;
  };
  readonly findings: readonly {
    readonly rule: string;
    readonly file: string;
    readonly line: number;
    readonly message: string;
  }[];
  readonly layers: readonly { readonly layer: string; readonly status: string; readonly why?: string }[];
  readonly fixed: readonly unknown[];
}

/** Tools of this machine must not change what a test sees. */
const onlyGit = { PATH: dirname(execFileSync('which', ['git'], { encoding: 'utf8' }).trim()) };

let cwd: string;
const write = (path: string, text: string | Uint8Array): void => {
  mkdirSync(dirname(join(cwd, path)), { recursive: true });
  writeFileSync(join(cwd, path), text);
};
const lint = (...args: string[]): Promise<CliResult> => runCli(['lint', ...args], { cwd, env: onlyGit });
const report = async (...args: string[]): Promise<Report> =>
  JSON.parse((await lint('--json', ...args)).stdout) as Report;
const git = (...args: string[]): string =>
  execFileSync('git', ['-c', 'user.name=S', '-c', 'user.email=s@example.invalid', ...args], { cwd, encoding: 'utf8' });
const commit = (): string => {
  git('add', '--all');
  git('commit', '-qm', 'x');
  return git('rev-parse', 'HEAD').trim();
};

/** A small repository of Flux with nothing wrong in it. */
function writeRepository(): void {
  write(
    'flux/ks.yaml',
    `apiVersion: source.toolkit.fluxcd.io/v1
kind: GitRepository
metadata: { name: flux-system, namespace: flux-system }
spec: { interval: 1h, url: https://example.invalid/home.git, ref: { branch: main } }
---
apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata: { name: apps, namespace: flux-system }
spec:
  interval: 1h
  retryInterval: 1m
  timeout: 5m
  path: ./apps
  prune: true
  wait: true
  sourceRef: { kind: GitRepository, name: flux-system }
`,
  );
  write('apps/kustomization.yaml', 'resources:\n  - settings.yaml\n');
  write(
    'apps/settings.yaml',
    'apiVersion: v1\nkind: ConfigMap\nmetadata: { name: settings, namespace: default }\ndata: { a: "1" }\n',
  );
}

beforeAll(ensureBuilt, 300_000);
beforeEach(() => {
  cwd = mkdtempSync(join(tmpdir(), 'joinpoint-lint-'));
  writeRepository();
});
afterEach(() => rmSync(cwd, { recursive: true, force: true }));

const twice =
  'apiVersion: v1\nkind: ConfigMap\nmetadata: { name: settings, namespace: default }\ndata:\n  a: "1"\n  a: "2"\n';

test('a clean repository: nothing is wrong, and what did not run is said', async () => {
  const { exitCode, stdout, stderr } = await lint();
  expect(stderr).toBe('');
  expect(stdout.trimEnd().split('\n')).toEqual([
    'kustomize-build: not run: kustomize is not on PATH',
    'kubeconform: not run: kubeconform is not on PATH',
    'helm-template: not run: helm is not on PATH',
    'nothing is wrong; 3 YAML files read',
  ]);
  expect(exitCode).toBe(0);
});

test('findings are errors of the exit code, in every form', async () => {
  write('apps/settings.yaml', twice);
  const text = await lint();
  expect(text.exitCode).toBe(1);
  expect(text.stdout).toContain('apps/settings.yaml:6:3 error duplicate-key ConfigMap settings: data.a is given twice');
  const json = await report();
  expect(json.counts.byRule).toMatchObject({ 'duplicate-key': 1 });
  const sarif = JSON.parse((await lint('--format', 'sarif')).stdout) as { runs: [{ results: { ruleId: string }[] }] };
  expect(sarif.runs[0].results.map(({ ruleId }) => ruleId)).toContain('duplicate-key');
  const github = await lint('--format', 'github');
  expect(github.stdout).toMatch(/^::error file=apps\/settings\.yaml,line=6,col=3,title=duplicate-key::/m);
  expect([json.counts.error > 0, github.exitCode]).toEqual([true, 1]);
});

test('files are named from where the reader stands', async () => {
  write('apps/settings.yaml', twice);
  const inside = await runCli(['lint', '..'], { cwd: join(cwd, 'apps'), env: onlyGit });
  expect(inside.stdout).toContain(`${join(cwd, 'apps/settings.yaml')}:6:3 error`);
  const above = await runCli(['lint', cwd.split('/').at(-1)!], { cwd: dirname(cwd), env: onlyGit });
  expect(above.stdout).toContain(`${cwd.split('/').at(-1)}/apps/settings.yaml:6:3 error`);
});

test('accepted by a comment, and by the file; an expired one is an error', async () => {
  write('apps/settings.yaml', twice.replace('a: "2"', 'a: "2" # joinpoint:accept duplicate-key until 2999-12-31: why'));
  write('docs/a.yaml', 'a: [\n');
  write('.joinpoint-accept.yaml', '- { rule: yaml-parse, file: docs/**, reason: an example, until: 2999-12-31 }\n');
  const accepted = await report('--rule', 'duplicate-key', 'yaml-parse');
  expect(accepted).toMatchObject({ counts: { findings: 0, accepted: 2 } });
  write('.joinpoint-accept.yaml', '- { rule: yaml-parse, file: docs/**, reason: an example, until: 2020-12-31 }\n');
  const expired = await report('--rule', 'duplicate-key', 'yaml-parse');
  expect(expired.counts.byRule).toEqual({ 'accept-expired': 1, 'yaml-parse': 1 });
});

describe('--since', () => {
  test('only what is new, in a folder of the repository too', async () => {
    git('init', '-q');
    write('apps/settings.yaml', twice);
    const before = commit();
    expect((await report('--since', before)).findings).toEqual([]);
    write('apps/settings.yaml', `# moved\n${twice}`);
    write('apps/more.yaml', 'a: [\n');
    const since = await report('--since', before, '--rule', 'duplicate-key', 'yaml-parse');
    expect(since.findings.map(({ file, rule }) => `${file} ${rule}`)).toEqual(['apps/more.yaml yaml-parse']);
    const folder = await report('apps', '--since', before, '--rule', 'duplicate-key', 'yaml-parse');
    expect(folder.findings.map(({ file }) => file)).toEqual(['more.yaml']);
  });

  test('sees what the change itself breaks', async () => {
    git('init', '-q');
    const before = commit();
    write('flux/ks.yaml', readFileSync(join(cwd, 'flux/ks.yaml'), 'utf8').replace('  timeout: 5m\n', ''));
    const { findings } = await report('--since', before, '--rule', 'setting-removed');
    expect(findings).toMatchObject([{ rule: 'setting-removed', file: 'flux/ks.yaml' }]);
  });

  test('works inside a hook, whose environment names another repository', async () => {
    git('init', '-q');
    commit();
    const env = { ...onlyGit, GIT_DIR: '/nowhere', GIT_INDEX_FILE: '/nowhere/index' };
    expect((await runCli(['lint', '--since', 'HEAD'], { cwd, env })).exitCode).toBe(0);
  });
});

test('what git ignores is not judged', async () => {
  git('init', '-q');
  write('.gitignore', 'out/\n');
  write('out/a.yaml', 'a: [\n');
  expect((await lint()).exitCode).toBe(0);
});

test('--severity and --strict', async () => {
  write('docs/a.yaml', 'a: [\n');
  const args = ['--rule', 'yaml-parse'];
  expect((await lint(...args)).exitCode).toBe(0);
  expect((await lint(...args, '--strict')).exitCode).toBe(1);
  expect((await lint(...args, '--strict', '--severity', 'error')).exitCode).toBe(1);
  const errors = await lint(...args, '--severity', 'error');
  expect(errors.stdout).toContain('nothing is wrong; 4 YAML files read; 1 less severe not shown');
});

test.each([
  [['nowhere'], 'lint nowhere: is not there; give the root of a GitOps repository'],
  [['flux/ks.yaml'], 'lint flux/ks.yaml: is no folder; give the root of a GitOps repository'],
  [['--since', 'HEAD'], /^--since HEAD: \S+ is in no git repository; leave --since out$/],
  [['--rule', 'duplicate-keys'], '--rule duplicate-keys: there is no such rule; did you mean duplicate-key?'],
  [['--rule', 'xyz'], '--rule xyz: there is no such rule; docs/rules.md lists them'],
  [['--format', 'xml'], '--format xml: is none; give one of text, json, sarif, github'],
  [['--severity', 'fatal'], '--severity fatal: is none; give one of error, warning, info'],
  [['--watch', '--fix'], '--watch --fix: mean two things; fix first, then watch'],
  [['--watch', '--format', 'json'], '--watch: writes text for people; leave --format json out'],
  [['--charts', 'nowhere'], '--charts nowhere: is not there; give a folder of charts'],
])('usage: %j', async (args, message) => {
  const { exitCode, stdout, stderr } = await lint(...args);
  expect(stderr.trimEnd()).toMatch(message);
  expect([exitCode, stdout]).toEqual([2, '']);
});

test('a revision that git does not know', async () => {
  git('init', '-q');
  commit();
  const { exitCode, stderr } = await lint('--since', 'nowhere');
  expect([exitCode, stderr.trimEnd()]).toEqual([
    2,
    '--since nowhere: git knows no such revision; fetch it (a shallow clone has few), or name another',
  ]);
});

test('--fix makes the safe fixes and no other byte, keeps the mode, and says what it did', async () => {
  const dependent = (namespace: string): string => `apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata: { name: web, namespace: web } # the site
spec:
  interval: 1h
  retryInterval: 1m
  timeout: 5m
  path: ./web
  prune: true
  wait: true
  sourceRef: { kind: GitRepository, name: flux-system, namespace: flux-system }
  dependsOn:
    - { name: database, namespace:   ${namespace} }   # must be there first`;
  write('apps/kustomization.yaml', 'resources: [web.yaml, database]\n');
  write('apps/database/kustomization.yaml', 'namespace: data\nresources: [ks.yaml]\n');
  write(
    'apps/database/ks.yaml',
    dependent('x')
      .replace('{ name: web, namespace: web }', '{ name: database }')
      .replace(/ {2}dependsOn[^]*/, ''),
  );
  write('web/kustomization.yaml', 'resources: [../apps/settings.yaml]\n');
  write('apps/web.yaml', dependent('flux-system'));
  chmodSync(join(cwd, 'apps/web.yaml'), 0o640);
  const args = ['--rule', 'dangling-depends-on'];
  const { exitCode, stdout } = await lint('--fix', ...args);
  expect(readFileSync(join(cwd, 'apps/web.yaml'), 'utf8')).toBe(dependent('data'));
  expect(stdout).toMatch(/^fixed apps\/web\.yaml:13 dangling-depends-on: /m);
  expect(stdout.trimEnd()).toMatch(/nothing is wrong; \d+ YAML files read; 1 fixed$/);
  expect(exitCode).toBe(0);
  expect(statSync(join(cwd, 'apps/web.yaml')).mode & 0o777).toBe(0o640);
  expect((await lint('--fix', ...args)).stdout).not.toContain('fixed');
});

test('--watch judges again after a change, a new folder and a removal', async () => {
  const watching = new RunningCli(['lint', '--watch', '--rule', 'yaml-parse'], { cwd, env: onlyGit });
  await watching.untilSaid('watching; end with Ctrl-C');
  expect(watching.output).toContain('nothing is wrong; 3 YAML files read');
  watching.output = '';
  write('apps/settings.yaml', 'a: [\n');
  await watching.untilSaid(/apps\/settings\.yaml:2:1 error yaml-parse[\s\S]*judged again in \d+ ms/);
  watching.output = '';
  write('new/deep/folder/b.yaml', 'b: [\n');
  await watching.untilSaid('new/deep/folder/b.yaml:2:1 warning yaml-parse');
  watching.output = '';
  rmSync(join(cwd, 'new'), { recursive: true });
  write('apps/settings.yaml', 'a: 1\n');
  await watching.untilSaid('nothing is wrong; 3 YAML files read');
  expect(await watching.end('SIGINT')).toBe(0);
});

describe('bad input is a finding or a clear refusal', () => {
  const rules = async (): Promise<readonly string[]> =>
    (await report()).findings.map(({ file, rule }) => `${file} ${rule}`);

  test('no Flux at all, no YAML at all, nothing at all', async () => {
    rmSync(join(cwd, 'flux'), { recursive: true });
    expect((await lint()).exitCode).toBe(0);
    rmSync(join(cwd, 'apps'), { recursive: true });
    write('README.md', 'text');
    expect(await lint()).toMatchObject({
      exitCode: 2,
      stderr: expect.stringContaining('holds no YAML file; give the root of the repository'),
    });
  });

  test('links that loop, lead out and multiply', async () => {
    symlinkSync('loop.yaml', join(cwd, 'loop.yaml'));
    symlinkSync('/etc', join(cwd, 'etc'));
    symlinkSync('..', join(cwd, 'apps/up'));
    expect(await rules()).toEqual(['apps/up unreadable-file', 'etc unreadable-file', 'loop.yaml unreadable-file']);
  });

  test('binary, huge, unreadable, not UTF-8, UTF-16', async () => {
    write('binary.yaml', Buffer.from([0x89, 0x50, 0x4e, 0x47, 0, 1, 2, 3]));
    write('nul.yaml', 'a: \0\n');
    write('utf16.yaml', Buffer.from('\uFEFFa: 1\n', 'utf16le'));
    write('huge.yaml', `a: ${'x'.repeat(17 * 1024 * 1024)}\n`);
    const seen = await rules();
    expect(seen).toEqual([
      'binary.yaml unreadable-file',
      'huge.yaml unreadable-file',
      'nul.yaml yaml-parse',
      'utf16.yaml unreadable-file',
    ]);
  });

  test('an alias bomb, deep nesting, a cycle of kustomizations, keys of objects', async () => {
    write(
      'bomb.yaml',
      `a: &a [1]\nb: &b [${'*a,'.repeat(30)}]\nc: &c [${'*b,'.repeat(30)}]\nd: &d [${'*c,'.repeat(30)}]\n`,
    );
    write('deep.yaml', '['.repeat(50_000));
    write('deep-map.yaml', Array.from({ length: 3_000 }, (_, level) => `${' '.repeat(level)}a:`).join('\n'));
    write('apps/kustomization.yaml', 'resources: [settings.yaml, ../apps]\n');
    write('proto.yaml', '__proto__: { polluted: true }\nconstructor: 1\n');
    expect((await lint()).stderr).toBe('');
    const seen = await rules();
    expect(seen).toContain('bomb.yaml yaml-parse');
    expect(seen).toContain('deep.yaml yaml-parse');
    expect(seen.filter((line) => line.includes('rule-failed'))).toEqual([]);
  });

  test('nesting at whose end the stack would end the process', async () => {
    for (const levels of [1_000, 1_300, 1_700, 2_200, 2_900, 3_800])
      write(`flow-${levels}.yaml`, '['.repeat(levels) + ']'.repeat(levels));
    const seen = await report('--rule', 'yaml-parse');
    expect(seen.findings.map(({ message }) => message.includes('300 levels'))).toEqual(Array(6).fill(true));
  });

  test('kustomizations that include each other', async () => {
    write('apps/kustomization.yaml', 'resources: [settings.yaml, ../more]\n');
    write('more/kustomization.yaml', 'resources: [../apps]\n');
    expect(await rules()).toContain('more/kustomization.yaml kustomize-cycle');
  });

  test('a remote base is not fetched, and what it would bring is not missed', async () => {
    write('apps/kustomization.yaml', 'resources: [settings.yaml, "https://localhost:1/base?ref=v1.0.0"]\n');
    const { exitCode, stdout, stderr } = await lint();
    expect([exitCode, stderr]).toEqual([0, '']);
    expect(stdout).toContain('apps/kustomization.yaml:1:28 info remote-base');
  });

  test('no git: everything is read, and a revision is refused in one line', async () => {
    git('init', '-q');
    const noGit = { cwd, env: { PATH: join(cwd, 'nothing') } };
    const whole = await runCli(['lint'], noGit);
    expect([whole.exitCode, whole.stderr]).toEqual([0, '']);
    expect(whole.stdout).toContain('nothing is wrong; 3 YAML files read');
    const since = await runCli(['lint', '--since', 'HEAD'], noGit);
    expect([since.exitCode, since.stdout, since.stderr.trimEnd().split('\n').length]).toEqual([2, '', 1]);
    expect(since.stderr).toMatch(/^--since HEAD: .*git/);
  });

  test('a folder that may not be read', async () => {
    // Root may read everything.
    if (process.getuid?.() === 0) return;
    mkdirSync(join(cwd, 'closed'));
    chmodSync(join(cwd, 'closed'), 0);
    expect(await rules()).toEqual(['closed unreadable-file']);
    expect((await lint('closed')).exitCode).toBe(2);
  });

  test('a hundred thousand files', async () => {
    for (let folder = 0; folder < 100; folder++) {
      mkdirSync(join(cwd, `data/${folder}`), { recursive: true });
      for (let file = 0; file < 1_000; file++)
        writeFileSync(join(cwd, `data/${folder}/${file}.${file % 100 ? 'txt' : 'yaml'}`), 'a: 1\n');
    }
    const { exitCode, stdout } = await lint();
    expect([exitCode, stdout.trimEnd().split('\n').at(-1)]).toEqual([0, 'nothing is wrong; 1003 YAML files read']);
  }, 300_000);
});
