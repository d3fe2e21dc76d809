/** Playbooks without a rollout: what there is, and what one would do to a folder. */
import { z } from 'zod';
import { counted } from '../plan/counted.js';
import { listed } from '../gitops/lint/wording.js';
import type { Repository } from '../gitops/model/repository.js';
import { readRepository } from '../gitops/model/read-repository.js';
import type { FileTree } from '../gitops/source/file-tree.js';
import { isApart } from '../gitops/model/is-apart.js';
import { treeWithFiles } from '../gitops/source/tree-with-files.js';
import type { Playbook } from '../playbooks/playbook.js';
import { findingsOf } from '../playbooks/lacks.js';
import { findPlaybook, playbooks } from '../playbooks/registry.js';
import { renderPlaybookPlan } from '../playbooks/render-plan.js';
import { notThere, resolvePlaybook } from '../playbooks/resolve.js';
import { runPlaybook } from '../playbooks/run-playbook.js';
import { type StageRun, StepRefused } from '../playbooks/run-stage.js';
import { httpWorld } from '../playbooks/world.js';
import { shortPath } from './command-line.js';
import type { Context } from './context.js';
import { exitCode, type ExitCode } from './exit-code.js';
import { uncommittedAmong } from './uncommitted.js';
import { writeFiles } from './write-files.js';
import { folderAt } from './folder-at.js';
import { readKept } from './lint/read-tree.js';
import { exampleOf, parameterLines } from './playbook-page.js';
import { Refusal } from './refusal.js';

export interface PlaybookOptions {
  readonly with: string;
  readonly stage?: string;
  readonly write: boolean;
}

export function listPlaybooks(context: Context): Promise<void> {
  const { say, style } = context;
  for (const { id, summary } of playbooks) say(`${style.strong(id)}  ${summary}`);
  context.tell(playbooks.map(({ id, title, summary, risk, undo }) => ({ id, title, summary, risk, undo })));
  return Promise.resolve();
}

export function showPlaybook(context: Context, wanted: string): Promise<void> {
  const { say, style } = context;
  const { id, title, summary, risk, undo, files, rules, stages, parameters } = playbookNamed(wanted);
  say(`${style.strong(id)}  ${title}`);
  say(summary);
  say(`risk ${risk}, undone by ${undo}; stages ${stages.map((stage) => stage.name).join(', ')}`);
  say(`touches ${files.join(', ')}`);
  if (rules.length > 0) say(`afterwards silent, but for what it says that it leaves: ${rules.join(', ')}`);
  say('parameters:');
  for (const { name, default: value, choices, description } of parameterLines(parameters)) {
    const oneOf = choices.length > 0 ? ` (${choices.join(' or ')})` : '';
    say(`  ${style.strong(name)}${value === undefined ? '' : ` = ${value}`}${oneOf}`);
    say(`      ${description}`);
  }
  const example = exampleOf(parameters);
  say(`in a plan's task:  playbook: ${JSON.stringify({ name: id, with: example })}`);
  say(`from here:         joinpoint playbook run ${id} --with '${JSON.stringify(example)}'`);
  context.tell({
    id,
    title,
    summary,
    risk,
    undo,
    files,
    rules,
    stages: stages.map((stage) => stage.name),
    parameters: z.toJSONSchema(parameters, { io: 'input' }),
  });
  return Promise.resolve();
}

/** 0: done, or nothing to do. 1: what it would do was shown and not done, or it cannot go on. 2: it cannot be asked so. */
export async function runPlaybookHere(
  context: Context,
  name: string,
  folder: string,
  options: PlaybookOptions,
): Promise<ExitCode> {
  const { say } = context;
  const { playbook, parameters } = playbookWith(name, options.with);
  const { root, tree } = await fluxFolder(name, folder);
  const looked = await lookUp(playbook, parameters);
  const all = refusingSteps(name, () => runPlaybook(limitedTo(playbook, options.stage), tree, parameters, looked));
  const { runs, next } = options.write ? dueNow(all) : { runs: all, next: undefined };
  say(renderPlaybookPlan(playbook, runs));
  const files = new Map(runs.flatMap((run) => [...run.files]));
  const mixed = options.write ? await overUncommitted(name, root, files) : [];
  if (options.write) await writeFiles(root, tree, files);
  if (mixed.length > 0)
    say(`\nin ${mixed.length} of them are changes of yours, too, that are not committed: ${listed(mixed)}`);
  say(`\n${whatChanges(files.size, options.write)} in ${shortPath(root, process.cwd())}`);
  if (next !== undefined) say(`land it and let Flux apply it, then run this again for stage ${next}`);
  else if (!options.write && changing(all).length > 1)
    say(`--write carries out one stage at a time: land ${changing(all)[0]!.stage} before ${changing(all)[1]!.stage}`);
  const isAtItsEnd = options.stage === undefined && next === undefined && (options.write || files.size === 0);
  const lacks = isAtItsEnd ? lackingIn(readRepository(treeWithFiles(tree, files)), playbook, parameters) : [];
  if (lacks.length > 0)
    say(`${lacks.length} lacking that it does not mend by itself; see them with joinpoint playbook check ${name}`);
  context.tell({
    written: options.write,
    stages: runs.map(({ stage, steps, notes }) => ({ stage, steps, notes })),
    files: [...files.keys()],
    ...(next !== undefined && { next }),
    lacks,
  });
  return lacks.length === 0 && (options.write || files.size === 0) ? exitCode.done : exitCode.failed;
}

/**
 * The files to be edited that hold a person's uncommitted work: an edit keeps it, and is mixed with it.
 * @throws Refusal where such a file would be removed, since nothing could bring it back
 */
async function overUncommitted(
  name: string,
  root: string,
  files: ReadonlyMap<string, string | null>,
): Promise<readonly string[]> {
  const removed = [...files.keys()].filter((path) => files.get(path) === null);
  const refuse = (paths: readonly string[], what: string): never => {
    throw new Refusal(
      `playbook ${name}: nothing was changed, since it would remove ${what} (${listed(paths)}); commit first, then run this again`,
      exitCode.failed,
    );
  };
  const found = await uncommittedAmong(root, [...files.keys()]);
  if (!found) return removed.length === 0 ? [] : refuse(removed, 'files of a folder that no git repository keeps');
  const lost = removed.filter((path) => found.includes(path));
  return lost.length === 0 ? found : refuse(lost, 'what is not committed');
}

/** What does not parse holds nothing either: nobody knows what stands there. */
function lackingIn(repository: Repository, playbook: Playbook, parameters: unknown): readonly string[] {
  const now = Date.now();
  return [...findingsOf(['yaml-parse'], repository, now), ...playbook.lacks(repository, parameters, now)];
}

function changing(runs: readonly StageRun[]): readonly StageRun[] {
  return runs.filter(({ files }) => files.size > 0);
}

/** Stages are apart for what happens between them: only the first that changes something is due, and the next one waits. */
function dueNow(runs: readonly StageRun[]): { readonly runs: readonly StageRun[]; readonly next: string | undefined } {
  const [first, second] = changing(runs);
  return first && second
    ? { runs: runs.slice(0, runs.indexOf(first) + 1), next: second.stage }
    : { runs, next: undefined };
}

function whatChanges(files: number, isWritten: boolean): string {
  if (isWritten) return `${counted(files, 'file')} changed`;
  return files === 0 ? 'nothing to change' : `${counted(files, 'file')} would change; add --write to change them`;
}

/** 0: what the playbook is for holds. 1: what it lacks is said, a line each. */
export async function checkPlaybook(
  context: Context,
  name: string,
  folder: string,
  options: Pick<PlaybookOptions, 'with'>,
): Promise<ExitCode> {
  const { playbook, parameters } = playbookWith(name, options.with);
  const { repository } = await fluxFolder(name, folder);
  const lacks = lackingIn(repository, playbook, parameters);
  for (const line of lacks) context.say(line);
  context.say(
    lacks.length === 0
      ? `playbook ${name}: holds`
      : `playbook ${name}: ${lacks.length} lacking; see what it would do with joinpoint playbook run ${name}`,
  );
  context.tell({ playbook: name, holds: lacks.length === 0, lacks });
  return lacks.length === 0 ? exitCode.done : exitCode.failed;
}

interface FluxFolder {
  readonly root: string;
  readonly tree: FileTree;
  readonly repository: Repository;
}

/** Of a folder without Flux a playbook would hold, and write documents about nothing. */
async function fluxFolder(name: string, folder: string): Promise<FluxFolder> {
  const root = await folderAt(folder, { subject: `playbook ${name}: ${folder}`, wanted: 'the root of a repository' });
  const { tree } = await readKept(root);
  const repository = readRepository(tree);
  if (!repository.manifests.some(({ apiVersion }) => apiVersion.includes('.toolkit.fluxcd.io/')))
    throw new Refusal(
      `playbook ${name}: ${folder} has no Flux object; give the root of a repository that Flux applies`,
    );
  if (isApart(repository))
    throw new Refusal(
      `playbook ${name}: no Flux Kustomization leads into ${folder}, though some stand there; give the root of the repository`,
    );
  return { root, tree, repository };
}

function playbookNamed(name: string): Playbook {
  const found = findPlaybook(name);
  if (!found) throw new Refusal(`playbook ${name}: ${notThere()}`);
  return found;
}

function playbookWith(name: string, text: string): { readonly playbook: Playbook; readonly parameters: unknown } {
  let given: unknown;
  try {
    given = JSON.parse(text);
  } catch {
    throw new Refusal(`--with: is no JSON; write an object such as {"key": "value"}`);
  }
  const resolved = resolvePlaybook(name, given);
  if (resolved.status === 'found') return resolved;
  throw new Refusal(resolved.problems.map(({ what }) => `playbook ${name}: ${what}`).join('\n'));
}

async function lookUp(playbook: Playbook, parameters: unknown): Promise<unknown> {
  try {
    return await playbook.lookUp?.(parameters, httpWorld());
  } catch (error) {
    throw new Refusal(`playbook ${playbook.id}: nothing was changed, ${(error as Error).message}`, exitCode.failed);
  }
}

function limitedTo(playbook: Playbook, stage: string | undefined): Playbook {
  if (stage === undefined) return playbook;
  const [only] = playbook.stages.filter(({ name }) => name === stage);
  if (only) return { ...playbook, stages: [only] };
  throw new Refusal(
    `--stage ${stage}: playbook ${playbook.id} has none; use one of ${playbook.stages.map(({ name }) => name).join(', ')}`,
  );
}

function refusingSteps(name: string, run: () => readonly StageRun[]): readonly StageRun[] {
  try {
    return run();
  } catch (error) {
    if (!(error instanceof StepRefused)) throw error;
    throw new Refusal(
      `playbook ${name}: nothing was changed, ${error.message}; mend that place by hand, then run it again`,
      exitCode.failed,
    );
  }
}
