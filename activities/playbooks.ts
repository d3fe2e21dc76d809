/** The playbooks port: carries a playbook out on a task's branch, and anew on the tree of a fold. */
import { posix } from 'node:path';
import { recordedBranch, taskChain } from '../git/branch.js';
import { treeOf, treesOf, treeWith, writeCommit, type TreeChange } from '../git/commit.js';
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
      const run = (tree: RevisionTree) => runPlaybook(playbook, tree, parameters, looked);
      const attempted = await carryOut(mirror, request, playbook, run);
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
    try {
      return changesOf(runStage(playbook, laterStage ?? playbook.stages[0].name, files, parameters, looked), files);
    } catch (error) {
      // A retry would meet the same: whoever owns the task has to look at it.
      if (error instanceof StepRefused) return { refused: error.message };
      throw error;
    }
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

type Run = (tree: RevisionTree) => readonly StageRun[];

/** A commit for each stage that changes something; what cannot be edited exactly fails the attempt and changes nothing. */
async function carryOut(mirror: Mirror, request: PlaybookRequest, playbook: Playbook, run: Run): Promise<Attempted> {
  try {
    const tree = await readRevision(mirror.dir, request.head, '');
    const runs = run(tree);
    const { head, later } = await commitStages(mirror, request, tree, runs);
    const isMixed = !(await isAlone(mirror, request, head, run));
    const log = redact(renderPlaybookPlan(playbook, runs));
    const { summary } = playbook;
    // The whole is kept in git; what workflows carry stays small.
    const result = { head, later, why: '', summary, comment: excerpt(log), excerpt: '' };
    return { result: { status: 'finished', ...result, ...(isMixed && { isMixed }) }, log };
  } catch (error) {
    if (!(error instanceof StepRefused)) throw error;
    const why = `could not go on: ${error.message}`;
    return { result: { status: 'failed', head: request.head, why, summary: '', excerpt: '' }, log: why };
  }
}

async function commitStages(
  mirror: Mirror,
  request: PlaybookRequest,
  tree: RevisionTree,
  runs: readonly StageRun[],
): Promise<{ readonly head: string; readonly later: readonly LaterStage[] }> {
  const { task, agentName, at } = request;
  const parts = await partsOf(mirror, request);
  let head = request.head;
  const later: LaterStage[] = [];
  for (const [index, run] of runs.entries()) {
    // What a branch has of a stage stays in it, and what is new comes after: no stage lands earlier than it was to.
    if (index > 0) later.push(parts.find(({ stage }) => stage === run.stage) ?? { stage: run.stage, from: head });
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

/** The stages that the branch is parted into before this attempt: by one before it, or as it was replayed. */
async function partsOf(mirror: Mirror, request: PlaybookRequest): Promise<readonly LaterStage[]> {
  const { rollout, task, generation, head } = request;
  for (let attempt = request.attempt - 1; attempt > 0; attempt--) {
    const made = await recordedAttempt(mirror, { ...request, attempt });
    if (made?.later && made.head === head) return made.later;
  }
  const branch = await recordedBranch(mirror, rollout.uid, task.id, generation);
  return branch?.head === head ? (branch.later ?? []) : [];
}

/** Whether `head` is what the playbook makes of the branch's base, and nothing else. */
async function isAlone(
  mirror: Mirror,
  { branch, head: start }: PlaybookRequest,
  head: string,
  run: Run,
): Promise<boolean> {
  if (start === branch.base) return true;
  const tree = await readRevision(mirror.dir, branch.base, '');
  const [base, whole] = (await treesOf(mirror, [branch.base, head])) as [string, string];
  try {
    const changes = run(tree).flatMap((made) => changesOf(made, tree));
    return (await treeWith(mirror, base, changes)) === whole;
  } catch (error) {
    // Somebody made it possible since.
    if (error instanceof StepRefused) return false;
    throw error;
  }
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
