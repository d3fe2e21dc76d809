/** The playbooks port: carries a playbook out on a task's branch, and anew on the tree of a fold. */
import { posix } from 'node:path';
import { treeOf, treeWith, writeCommit, type TreeChange } from '../git/commit.js';
import { taskChain } from '../git/branch.js';
import type { FoldUnit, LaterStage, PlaybookWork, Rerun } from '../git/fold-unit.js';
import { fetchMirror, type Mirror, openMirror } from '../git/mirror.js';
import { readRevision, type RevisionTree } from '../git/revision-tree.js';
import { readRecord, recordOnce } from '../git/store.js';
import type { PlaybookUse } from '../plan/schema.js';
import type { Playbook } from '../playbooks/playbook.js';
import { renderPlaybookPlan } from '../playbooks/render-plan.js';
import { runPlaybook } from '../playbooks/run-playbook.js';
import { runStage, type StageRun, StepRefused } from '../playbooks/run-stage.js';
import { httpWorld } from '../playbooks/world.js';
import { type Attempt, type Attempted, type AttemptResult, recordAttempt, recordedAttempt } from './attempts.js';
import type { ActivityDeps } from './deps.js';
import { atEdge, cancellation } from './edge.js';
import { excerpt, redact } from './process/redact.js';
import { requirePlaybook } from './require-playbook.js';

export interface PlaybookRequest extends Attempt {
  readonly playbook: PlaybookUse;
}

export function createPlaybookActivities(deps: ActivityDeps) {
  return {
    /**
     * One attempt of a playbook: a commit for each of its stages on the task's branch.
     * Idempotent because an attempt whose result is recorded is not made again, and because a playbook is a pure function
     * of the branch and of look-ups that are recorded once. Heartbeats all along. Non-retryable when the plan names a
     * playbook or parameters that this version does not have.
     */
    runPlaybook: atEdge(async (request: PlaybookRequest): Promise<AttemptResult> => {
      const mirror = await openMirror(deps.home, request.rollout.repo);
      await fetchMirror(mirror);
      const known = await recordedAttempt(mirror, request);
      if (known) return known;
      const { playbook, parameters } = requirePlaybook(request.playbook);
      const looked = await lookUpOnce(mirror, request, playbook, parameters);
      const tree = await readRevision(mirror.dir, request.head, '');
      const attempted = await carryOut(mirror, request, playbook, tree, () =>
        runPlaybook(playbook, tree, parameters, looked),
      );
      return recordAttempt(mirror, request, attempted);
    }),
  };
}

/** What a playbook changes in the tree of a fold, with the look-ups that its task recorded. */
export function rerunner(mirror: Mirror, uid: string): Rerun {
  return async (unit, laterStage, tree) => {
    const { playbook, parameters } = requirePlaybook(unit.playbook);
    const looked = await recordedLookUp(mirror, uid, unit, unit.playbook);
    const files = await readRevision(mirror.dir, tree, '');
    return changesOf(runStage(playbook, laterStage ?? playbook.stages[0].name, files, parameters, looked), files);
  };
}

async function lookUpOnce(
  mirror: Mirror,
  request: PlaybookRequest,
  { lookUp }: Playbook,
  parameters: unknown,
): Promise<unknown> {
  if (!lookUp) return undefined;
  const chain = taskChain(request.rollout.uid, request.task.id);
  const path = lookUpPath(request.generation);
  const known = await readRecord(mirror, chain, path);
  if (known !== undefined) return JSON.parse(known);
  const looked = await lookUp(parameters, httpWorld(cancellation()));
  const recorded = await recordOnce(mirror, chain, {
    path,
    files: { [path]: JSON.stringify(looked ?? null, null, 2) },
    message: `task ${request.task.id}: what its playbook looked up`,
    stamp: { author: 'joinpoint', at: request.at },
  });
  return JSON.parse(recorded);
}

async function recordedLookUp(mirror: Mirror, uid: string, { task }: FoldUnit, work: PlaybookWork): Promise<unknown> {
  const known = await readRecord(mirror, taskChain(uid, task), lookUpPath(work.generation));
  return known === undefined ? undefined : JSON.parse(known);
}

function lookUpPath(generation: number): string {
  return `look-ups/${generation}.json`;
}

/** A commit for each stage that changes something; what cannot be edited exactly fails the attempt and changes nothing. */
async function carryOut(
  mirror: Mirror,
  request: PlaybookRequest,
  playbook: Playbook,
  tree: RevisionTree,
  run: () => readonly StageRun[],
): Promise<Attempted> {
  try {
    const runs = run();
    const { head, later } = await commitStages(mirror, request, tree, runs);
    const log = redact(renderPlaybookPlan(playbook, runs));
    const { summary } = playbook;
    // The whole is kept in git; what workflows carry stays small.
    const result = { head, later, why: '', summary, comment: excerpt(log), excerpt: '' };
    return { result: { status: 'finished', ...result }, log };
  } catch (error) {
    if (!(error instanceof StepRefused)) throw error;
    const why = `could not go on: ${error.message}`;
    return { result: { status: 'failed', head: request.head, why, summary: '', excerpt: '' }, log: why };
  }
}

async function commitStages(
  mirror: Mirror,
  { task, agentName, head: start, at }: PlaybookRequest,
  tree: RevisionTree,
  runs: readonly StageRun[],
): Promise<{ readonly head: string; readonly later: readonly LaterStage[] }> {
  let head = start;
  const later: LaterStage[] = [];
  for (const [index, run] of runs.entries()) {
    if (index > 0) later.push({ stage: run.stage, from: head });
    const changes = changesOf(run, tree);
    if (changes.length === 0) continue;
    const message = `${task.id}: ${task.title} [${run.stage}]\n\n${run.steps.map(({ what }) => `- ${what}`).join('\n')}\n`;
    head = await writeCommit(mirror, {
      parents: [head],
      tree: await treeWith(mirror, await treeOf(mirror, head), changes),
      message,
      stamp: { author: `Agent ${agentName}`, at },
    });
  }
  return { head, later };
}

/** What a stage changes where git has it: a text goes to the file that a link leads to, and what is removed is the link. */
function changesOf({ files }: StageRun, tree: RevisionTree): readonly TreeChange[] {
  const texts = new Map<string, string | null>();
  for (const [shown, text] of files) {
    const { dir, base } = posix.parse(shown);
    const path = text === null ? posix.join(tree.placeOf(dir), base) : tree.placeOf(shown);
    if (texts.has(path) && texts.get(path) !== text)
      throw new StepRefused(`${shown}: is ${path} by a link, which changes in another way; edit one of them only`);
    texts.set(path, text);
  }
  return [...texts].map(([path, text]) => (text === null ? { path, gone: true } : { path, text }));
}
