/** `joinpoint lint` of each of six repositories, as one process, beside `kustomize build` of every path that Flux applies of it. */
import { spawnSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { readRepository } from '../../gitops/model/read-repository.js';
import { buildableCopy } from '../homelabs/buildable-copy.js';
import { homelabNames, treeOfFolders } from '../homelabs/homelab-trees.js';
import { childrenCpuMs, median, runLintProcess, runProcess } from './run-process.js';

const rounds = 5;
/** In the sum over the six. */
const ratioAtMost = 1;

/** Why there is nothing to compare with. */
export function whyNoKustomize(): string | undefined {
  return spawnSync('kustomize', ['version']).error ? 'kustomize is not on PATH; install it' : undefined;
}

interface Subject {
  readonly name: string;
  readonly folder: string;
  /** Each once, however many Kustomizations apply it. */
  readonly paths: readonly string[];
}

function subjectOf(name: string): Subject {
  const tree = treeOfFolders([name]);
  const { flux } = readRepository(tree);
  const builds = [...flux.entryPoints, ...flux.kustomizations].flatMap(({ build }) => build ?? []);
  return { name, folder: buildableCopy(tree, builds), paths: [...new Set(builds.map(({ directory }) => directory))] };
}

interface Cost {
  readonly tookMs: number;
  readonly cpuMs: number;
}

async function costOf(work: () => Promise<void>): Promise<Cost> {
  const [startedAt, cpuBefore] = [performance.now(), childrenCpuMs()];
  await work();
  return { tookMs: performance.now() - startedAt, cpuMs: (childrenCpuMs() ?? NaN) - (cpuBefore ?? NaN) };
}

const lintOnce = ({ folder }: Subject) =>
  costOf(async () => {
    const { exitCode } = await runLintProcess(folder);
    if (exitCode > 1) throw new Error(`lint of ${folder}: ended with ${exitCode}; the measurement is void`);
  });

/** One after the other, as a script does it. */
const buildAll = ({ folder, paths }: Subject) =>
  costOf(async () => {
    for (const path of paths) {
      const { exitCode } = await runProcess('kustomize', buildArguments(`${folder}/${path}`));
      if (exitCode !== 0) throw new Error(`kustomize build ${path}: ended with ${exitCode}; the measurement is void`);
    }
  });

const buildArguments = (folder: string): readonly string[] => [
  'build',
  '--load-restrictor',
  'LoadRestrictionsNone',
  folder,
];

interface Pair {
  readonly lint: Cost;
  readonly kustomize: Cost;
}

/** Whether lint is no slower in the sum. */
export async function benchBesideKustomize(): Promise<boolean> {
  const subjects = homelabNames.map(subjectOf);
  try {
    const measured = new Map<Subject, Pair[]>(subjects.map((subject) => [subject, []]));
    for (let round = 0; round < rounds; round++)
      for (const [subject, pairs] of measured) pairs.push(await measurePair(subject, round % 2 === 0));
    return tell(measured);
  } finally {
    for (const { folder } of subjects) rmSync(folder, { recursive: true, force: true });
  }
}

/** In turns: who is first finds a colder disk. */
async function measurePair(subject: Subject, isLintFirst: boolean): Promise<Pair> {
  const early = isLintFirst ? await lintOnce(subject) : undefined;
  const kustomize = await buildAll(subject);
  return { lint: early ?? (await lintOnce(subject)), kustomize };
}

function tell(measured: ReadonlyMap<Subject, readonly Pair[]>): boolean {
  console.log(`\nlint (a process) beside kustomize build (a process for each path), medians of ${rounds} rounds`);
  for (const [{ name, paths }, pairs] of measured) {
    const took = (who: keyof Pair): string => `${median(pairs.map((pair) => pair[who].tookMs)).toFixed()} ms`;
    console.log(`  ${name.padEnd(9)} lint ${took('lint')}, kustomize ${took('kustomize')} for ${paths.length} paths`);
  }
  const sums = Array.from({ length: rounds }, (_, round) => {
    const sum = (who: keyof Pair, what: keyof Cost): number =>
      [...measured.values()].reduce((total, pairs) => total + pairs[round]![who][what], 0);
    return {
      took: sum('lint', 'tookMs') / sum('kustomize', 'tookMs'),
      cpu: sum('lint', 'cpuMs') / sum('kustomize', 'cpuMs'),
    };
  });
  const ratio = median(sums.map(({ took }) => took));
  const each = sums.map(({ took }) => took.toFixed(2)).join(', ');
  console.log(`  sum of six: lint takes ${ratio.toFixed(2)} times as long (each round: ${each}), limit ${ratioAtMost}`);
  console.log(`  processor time: ${median(sums.map(({ cpu }) => cpu)).toFixed(2)} times as much`);
  if (ratio > ratioAtMost) console.error('bench lint: slower than kustomize in the sum; see where the time goes');
  return ratio <= ratioAtMost;
}
