/** What landed on a target's main, from its trailers, and whether it kept to its task's files. */
import picomatch from 'picomatch';
import type { Plan } from '../../plan/schema.js';

/** One landed commit. */
export interface Landed {
  readonly commit: string;
  readonly subject: string;
  readonly task: string;
  readonly changed: readonly string[];
}

/** The commits on main after the first, oldest first; `git` runs in the target's repository. */
export function landingsOnMain(git: (...args: string[]) => string): readonly Landed[] {
  const format = '--format=%H%x09%s%x09%(trailers:key=Joinpoint-Landing,valueonly,separator=%x2C)';
  const [, ...lines] = git('log', '--reverse', format, 'main').split('\n').filter(Boolean);
  return lines.map((line) => {
    const [commit, subject, landing] = line.split('\t') as [string, string, string];
    const changed = git('diff-tree', '-r', '--name-only', '--no-commit-id', commit).split('\n').filter(Boolean);
    return { commit, subject, task: landing.split('/')[0]!, changed };
  });
}

/** A line for each landing that changed nothing, and for each path outside its task's files. */
export function strays(landings: readonly Landed[], plan: Plan): readonly string[] {
  const tasks = new Map(plan.phases.flatMap((phase) => phase.tasks).map((task) => [task.id, task]));
  return landings.flatMap(({ subject, task, changed }) => {
    const files = tasks.get(task)?.files ?? [];
    const outside = changed.filter((path) => !picomatch.isMatch(path, files, { dot: true }));
    return changed.length === 0 ? [`${subject}: empty`] : outside.map((path) => `${subject}: ${path}`);
  });
}
