/** Playbook monitoring over the real repositories: what it leaves of each, and beside the playbooks of its phase. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { lint } from '../../gitops/lint/lint.js';
import { readRepository } from '../../gitops/model/read-repository.js';
import { metricNames, promqlProblem } from '../../gitops/promql/read-promql.js';
import { changedLines } from '../../gitops/source/changed-lines.js';
import { readFolder } from '../../gitops/source/folder-tree.js';
import type { FileTree } from '../../gitops/source/file-tree.js';
import { treeWithFiles } from '../../gitops/source/tree-with-files.js';
import { fluxStandardization } from '../../playbooks/flux-standardization/playbook.js';
import { monitoring } from '../../playbooks/monitoring/playbook.js';
import { expressionsOf } from '../../playbooks/monitoring/testing.js';
import { knownMetrics } from '../../playbooks/monitoring/testing-metrics.js';
import type { Playbook } from '../../playbooks/playbook.js';
import { resourceLimits } from '../../playbooks/resource-limits/playbook.js';
import { runPlaybook } from '../../playbooks/run-playbook.js';
import { homelabNames, missingData, treeOfFolders } from './homelab-trees.js';

const example = new URL('../../examples/homelab', import.meta.url).pathname;
const stack = 'kubernetes/apps/monitoring/kube-prometheus-stack';
const program = 'kustomize';
const hasKustomize = !spawnSync(program, ['version']).error;
const withoutProgram = hasKustomize ? '' : ` (not run: ${program} is not on PATH)`;

type Name = (typeof homelabNames)[number] | 'the example';
const names: readonly Name[] = missingData === '' ? ['the example', ...homelabNames] : ['the example'];
const treeOf = (name: Name): FileTree => (name === 'the example' ? readFolder(example) : treeOfFolders([name]));

function changesOf(tree: FileTree, playbook: Playbook): ReadonlyMap<string, string | null> {
  const runs = runPlaybook(playbook, tree, playbook.parameters.parse({}), []);
  return new Map(runs.flatMap(({ files }) => [...files]));
}

function after(tree: FileTree, ...playbooks: readonly Playbook[]): FileTree {
  return playbooks.reduce((current, one) => treeWithFiles(current, changesOf(current, one)), tree);
}

function textOf(tree: FileTree, path: string): string {
  return new TextDecoder().decode(tree.read(path));
}

/** Without messages: those count what else a thing stops. */
function errorsOf(tree: FileTree): readonly string[] {
  return lint(readRepository(tree), { now: 0 })
    .findings.filter(({ severity }) => severity === 'error')
    .map(({ rule, file, subject }) => `${rule} ${file} ${subject}`);
}

describe.each(names)(`%s${missingData}`, (name) => {
  const tree = treeOf(name);
  const changes = changesOf(tree, monitoring);
  const done = treeWithFiles(tree, changes);

  test('no new error, and a second run changes nothing', () => {
    const known = new Set(errorsOf(tree));
    expect(errorsOf(done).filter((error) => !known.has(error))).toEqual([]);
    expect([...changesOf(done, monitoring).keys()]).toEqual([]);
  });

  test('what was there only gains lines', () => {
    for (const [path, text] of changes) {
      if (!tree.paths.includes(path)) continue;
      // A last line without its line break is the same line.
      const [before, now] = [textOf(tree, path), text!].map((one) => one.trimEnd().split('\n'));
      expect(changedLines(before!, now!).before, `${path} loses no line`).toEqual(new Set());
    }
  });

  test('every expression is PromQL, and asks for metrics that there are', () => {
    const written = Object.fromEntries([...changes].map(([path, text]) => [path, text ?? '']));
    const expressions = expressionsOf(written);
    expect(expressions.length).toBeGreaterThan(80);
    for (const { where, text } of expressions) {
      expect(promqlProblem(text), `${where} is PromQL`).toBeUndefined();
      for (const metric of metricNames(text))
        if (!metric.startsWith('slo:')) expect(knownMetrics, `${where} asks for it`).toContain(metric);
    }
  });

  test.skipIf(!hasKustomize)(`kustomize builds what it wrote, as the model does${withoutProgram}`, () => {
    const folder = [...changes.keys()].find((path) => path.endsWith('/alerts.yaml'))!.replace(/\/alerts.yaml$/, '');
    const copy = mkdtempSync(join(tmpdir(), 'joinpoint-monitoring-'));
    for (const [path, text] of changes) {
      mkdirSync(dirname(join(copy, path)), { recursive: true });
      writeFileSync(join(copy, path), text ?? '');
    }
    const { stdout, stderr, status } = spawnSync(program, ['build', folder], { cwd: copy, encoding: 'utf8' });
    rmSync(copy, { recursive: true, force: true });
    expect(stderr).toBe('');
    expect(status).toBe(0);
    const built = readRepository(done).kustomize.build(folder);
    expect(built.problems).toEqual([]);
    const values = parseAllDocuments(stdout).map((document): unknown => document.toJS());
    expect(values).toHaveLength(built.objects.length);
    for (const { composed } of built.objects) expect(values).toContainEqual(composed.value);
  });
});

test.skipIf(missingData !== '')(`toboshii says what it still lacks: an alert that never fires${missingData}`, () => {
  const { notes } = runPlaybook(monitoring, treeOf('toboshii'), monitoring.parameters.parse({}), undefined)[0]!;
  expect(notes.join('\n')).toContain('neither flux-operator nor its kube-state-metrics');
  expect(notes.join('\n')).toContain('have a PodMonitor already');
});

test.skipIf(missingData !== '').each(names.filter((name) => name !== 'toboshii'))(`%s: holds${missingData}`, (name) => {
  const parameters = monitoring.parameters.parse({});
  expect(monitoring.lacks(readRepository(treeOf(name)), parameters, 0)).not.toEqual([]);
  expect(monitoring.lacks(readRepository(after(treeOf(name), monitoring)), parameters, 0)).toEqual([]);
});

const others = [fluxStandardization, resourceLimits];

test.skipIf(missingData !== '').each(['the example', 'anton'] as const)(
  `%s: in any order with the playbooks of its phase the release has all of it${missingData}`,
  (name) => {
    const tree = treeOf(name);
    const orders = [
      [monitoring, ...others],
      [...others, monitoring],
      [others[0]!, monitoring, others[1]!],
    ];
    const trees = orders.map((order) => after(tree, ...order));
    const read = (path: string) =>
      trees.map((one) => parseAllDocuments(textOf(one, path)).map((document): unknown => document.toJS()));
    for (const path of [
      `${stack}/app/helmrelease.yaml`,
      'kubernetes/apps/flux-system/flux-operator/app/helm/values.yaml',
    ]) {
      const [first, ...rest] = read(path);
      for (const one of rest) expect(one, `${path} in any order`).toEqual(first);
      for (const text of trees.map((one) => textOf(one, path))) expect(text).toContain('memory: ');
    }
    for (const one of trees)
      for (const playbook of [monitoring, ...others])
        expect(
          [...changesOf(one, playbook).keys()].filter((path) => path.endsWith('.yaml')),
          `${playbook.id} has nothing left to do`,
        ).toEqual([]);
  },
);
