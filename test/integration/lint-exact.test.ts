import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { ensureBuilt, runCli } from '../harness/cli.js';

interface Report {
  readonly findings: readonly Readonly<
    Record<'rule' | 'file' | 'subject' | 'message' | 'severity', string> & { line: number }
  >[];
  readonly layers: readonly {
    readonly layer: string;
    readonly status: string;
    readonly checked?: number;
    readonly leftOut?: string[];
  }[];
}

let cwd: string;
const write = (path: string, text: string): void => {
  mkdirSync(dirname(join(cwd, path)), { recursive: true });
  writeFileSync(join(cwd, path), text);
};
/** Stands in for the real tool: it takes what the real one takes, and answers as the real one was seen to. */
const tool = (name: string, script: string): void => {
  write(`bin/${name}`, `#!/bin/sh\n${script}\n`);
  chmodSync(join(cwd, 'bin', name), 0o755);
};
const git = dirname(execFileSync('which', ['git'], { encoding: 'utf8' }).trim());
const lint = async (...args: string[]): Promise<Report> => {
  const { stdout, stderr } = await runCli(['lint', 'home', '--json', ...args], {
    cwd,
    env: { PATH: `${join(cwd, 'bin')}:${git}:/bin:/usr/bin` },
  });
  expect(stderr).toBe('');
  return JSON.parse(stdout) as Report;
};

const header = 'apiVersion: kustomize.toolkit.fluxcd.io/v1\nkind: Kustomization\n';
const spec = (path: string): string =>
  `spec: { interval: 1h, path: ${path}, prune: true, sourceRef: { kind: GitRepository, name: flux-system } }\n`;

beforeAll(ensureBuilt, 300_000);
beforeEach(() => {
  cwd = mkdtempSync(join(tmpdir(), 'joinpoint-lint-exact-'));
  write('home/flux/ks.yaml', `${header}metadata: { name: apps, namespace: flux-system }\n${spec('./apps')}`);
  write('home/apps/kustomization.yaml', 'resources: [settings.yaml, release.yaml]\n');
  write(
    'home/apps/settings.yaml',
    'apiVersion: v1\nkind: ConfigMap\nmetadata: { name: settings, namespace: web }\ndata:\n  a: "1"\n',
  );
  write(
    'home/apps/release.yaml',
    `apiVersion: source.toolkit.fluxcd.io/v1
kind: HelmRepository
metadata: { name: charts, namespace: web }
spec: { interval: 1h, url: https://example.invalid }
---
apiVersion: helm.toolkit.fluxcd.io/v2
kind: HelmRelease
metadata: { name: site, namespace: web }
spec:
  interval: 1h
  chart:
    spec: { chart: site, version: 1.0.0, sourceRef: { kind: HelmRepository, name: charts } }
  values:
    replicas:
      web: many
`,
  );
});
afterEach(() => rmSync(cwd, { recursive: true, force: true }));

test('kustomize-build: its message at the file that it names', async () => {
  tool(
    'kustomize',
    `[ "$1 $2 $3" = "build --load-restrictor LoadRestrictionsNone" ] || exit 9
case "$4" in */apps) echo "Error: accumulating resources: accumulation err='merging resources from 'settings.yaml': may not add resource': must build at directory: '$4/settings.yaml': file is not directory" >&2; exit 1;; esac`,
  );
  const { findings, layers } = await lint('--rule', 'kustomize-build');
  expect(findings).toMatchObject([
    {
      rule: 'kustomize-build',
      severity: 'error',
      file: 'apps/settings.yaml',
      line: 1,
      subject: 'Kustomization flux-system/apps',
      message:
        "kustomize cannot build apps for it: merging resources from 'settings.yaml': may not add resource; nothing of it is applied until that is mended",
    },
  ]);
  expect(layers[0]).toEqual({ layer: 'kustomize-build', status: 'ran', checked: 1, leftOut: [] });
});

test('helm-template: at the value that the chart refuses', async () => {
  tool(
    'helm',
    `[ "$*" = "template site ${join(cwd, 'charts')}/site --namespace web --values - --kube-version 1.33.1" ] || exit 9
grep -q '{"replicas":{"web":"many"}}' || exit 9
echo "Error: values don't meet the specifications of the schema(s) in the following chart(s):
site:
- at '/replicas/web': got string, want integer" >&2; exit 1`,
  );
  write('charts/site/Chart.yaml', 'name: site\nversion: 1.0.0\n');
  const { findings } = await lint('--rule', 'helm-template', '--charts', 'charts', '--kube-version', '1.33.1');
  expect(findings).toMatchObject([
    {
      file: 'apps/release.yaml',
      line: 15,
      subject: 'HelmRelease web/site',
      message:
        'Helm cannot render it: values.replicas.web: got string, want integer; the release fails until that is mended',
    },
  ]);
  const elsewhere = await lint('--rule', 'helm-template', '--charts', 'home');
  expect(elsewhere.layers[2]).toMatchObject({ checked: 0, leftOut: ['site 1.0.0 (not in --charts)'] });
});

test('kubeconform: at the field, as it is in effect', async () => {
  tool(
    'kubeconform',
    `for folder; do :; done
number=$(basename $(grep -l '"name":"settings"' "$folder"/*.json) .json)
echo '{"resources":[{"filename":"'$folder/$number'.json","kind":"ConfigMap","name":"settings","version":"v1","status":"statusInvalid","msg":"","validationErrors":[{"path":"/data/a","msg":"got number, want string"}]},{"filename":"x","kind":"HelmRelease","name":"site","version":"helm.toolkit.fluxcd.io/v2","status":"statusSkipped","msg":""}]}'
exit 1`,
  );
  mkdirSync(join(cwd, 'schemas'));
  const { findings, layers } = await lint('--rule', 'kubeconform', '--schemas', 'schemas');
  expect(findings).toMatchObject([
    {
      file: 'apps/settings.yaml',
      line: 5,
      subject: 'ConfigMap web/settings',
      message: 'data.a: got number, want string; the schema of ConfigMap v1 refuses that',
    },
  ]);
  expect(layers[1]).toMatchObject({ checked: 1, leftOut: ['HelmRelease helm.toolkit.fluxcd.io/v2 (no schema)'] });
});

test('a tool that gives no report did not run; what it found before a change is not new', async () => {
  tool('kubeconform', 'echo "no such schema" >&2; exit 1');
  const { layers } = await lint('--rule', 'kubeconform', '--schemas', 'home');
  expect(layers[1]).toEqual({ layer: 'kubeconform', status: 'notRun', why: 'it gave no report (no such schema)' });

  tool('kustomize', 'case "$4" in */apps) echo "Error: no" >&2; exit 1;; esac');
  execFileSync('git', ['init', '-q'], { cwd: join(cwd, 'home') });
  execFileSync('git', ['add', '--all'], { cwd: join(cwd, 'home') });
  const who = ['-c', 'user.name=S', '-c', 'user.email=s@example.invalid'];
  execFileSync('git', [...who, 'commit', '-qm', 'x'], { cwd: join(cwd, 'home') });
  const args = ['--rule', 'kustomize-build'];
  expect((await lint(...args)).findings).toHaveLength(1);
  expect((await lint(...args, '--since', 'HEAD')).findings).toHaveLength(0);
});

test('--no-exact leaves them out', async () => {
  tool('kustomize', 'exit 1');
  const { layers } = await lint('--no-exact');
  expect(layers.map(({ status }) => status)).toEqual(['notRun', 'notRun', 'notRun']);
});
