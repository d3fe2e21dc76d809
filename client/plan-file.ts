/** Reads a plan's file and the assets beside it. */
import { lstat, readdir, readFile } from 'node:fs/promises';
import { dirname, join, relative, resolve } from 'node:path';
import picomatch from 'picomatch';
import type { PlanProblem } from '../plan/lint.js';
import { problemLine, readPlan } from '../plan/read.js';
import { RolloutError } from '../plan/rollout-error.js';
import type { Plan } from '../plan/schema.js';
import { playbookProblems } from './check-playbooks.js';
import { shortPath } from './command-line.js';
import { Refusal } from './refusal.js';

export interface PlanFile {
  readonly plan: Plan;
  /** `plan.yaml` and the assets, by path beside the plan. */
  readonly files: Readonly<Record<string, string>>;
}

/** Temporal and git both carry them: more is no script any more. */
const assetBytesAtMost = 1_500_000;

/** The plan with its assets. @throws Refusal with one line for each problem. */
export async function readPlanFile(path: string): Promise<PlanFile> {
  const text = await readPlanText(path);
  const reading = readPlan(text, playbookProblems);
  if (!reading.ok) throw new Refusal(problemLines(path, reading.problems).join('\n'));
  return {
    plan: reading.plan,
    files: { ...(await readAssets(dirname(resolve(path)), reading.plan.assets)), 'plan.yaml': text },
  };
}

/** @throws Refusal for a file that cannot be read. */
export async function readPlanText(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new Refusal(`${path}: cannot be read (${code ?? String(error)}); give the path of a plan, such as plan.yaml`);
  }
}

/** `plan.yaml:12:5: phases.0.id: what is wrong; what to do`. */
export function problemLines(path: string, problems: readonly PlanProblem[]): readonly string[] {
  return problems.map((problem) => problemLine(shortPath(resolve(path), process.cwd()), problem));
}

async function readAssets(folder: string, globs: readonly string[]): Promise<Record<string, string>> {
  if (globs.length === 0) return {};
  const isAsset = picomatch([...globs], { dot: true, ignore: ['**/node_modules/**', '**/.git/**'] });
  const files: Record<string, string> = {};
  let bytes = 0;
  for (const path of (await filesBelow(folder)).filter((found) => isAsset(found))) {
    const content = await readFile(join(folder, path));
    bytes += content.length;
    if (bytes > assetBytesAtMost)
      throw new RolloutError(
        'planInvalid',
        'plan.assets',
        `hold more than ${assetBytesAtMost / 1_000_000} MB at ${path}; name fewer files, and fetch large ones in the agent`,
      );
    if (content.includes(0))
      throw new RolloutError('planInvalid', `asset ${path}`, 'is not a text file; name only scripts and manifests');
    files[path] = content.toString('utf8');
  }
  return files;
}

/** Files below a folder, sorted, links not followed. */
async function filesBelow(folder: string, at = folder): Promise<readonly string[]> {
  const found: string[] = [];
  for (const name of (await readdir(at)).sort()) {
    if (name === 'node_modules' || name === '.git' || name === '.joinpoint') continue;
    const path = join(at, name);
    const stat = await lstat(path);
    if (stat.isDirectory()) found.push(...(await filesBelow(folder, path)));
    else if (stat.isFile()) found.push(relative(folder, path));
  }
  return found;
}
