/** What somebody can look at when the example has ended: its landings, its evidence, and their own repository. Pure. */
import type { RolloutView } from '../../plan/status.js';
import { quoted, shortPath } from '../command-line.js';

export interface Ended {
  readonly rollout: Pick<RolloutView, 'name' | 'uid' | 'branch' | 'phases'>;
  /** The folder of the origin. */
  readonly origin: string;
  readonly program: string;
  /** A command that reaches the example's server. */
  readonly command: (...words: readonly string[]) => string;
}

/** A line for each thing to look at; everything is in git, so that no server is needed for it. */
export function lastWords({ rollout, origin, program, command }: Ended): readonly string[] {
  const { name, uid, branch, phases } = rollout;
  const git = `git -C ${quoted(shortPath(origin, process.cwd()))}`;
  const last = phases.findLast(({ checkpoint }) => checkpoint)?.checkpoint;
  return [
    `the landings    ${git} log -p --reverse ${branch}`,
    ...(last ? [`last evidence   ${git} show ${quoted(last.evidence)}`] : []),
    `the report      ${git} show ${quoted(`refs/joinpoint/${uid}/rollout:end.json`)}`,
    `the tree again  ${command('up')}, and beside it ${command('status', name)}`,
    `your own repo   ${program} lint FOLDER, then "On your own repository" in README.md`,
  ];
}
