/** The end of a task whose work is verified, or let through: a person ticks what no command can prove, then its pull request is ready. */
import type { TaskBranch } from '../git/branch.js';
import type { overrideOf } from '../plan/override.js';
import type { Work } from '../plan/phase-state.js';
import { proofsOf } from '../plan/proofs.js';
import { summaryOf } from '../plan/verdict-summary.js';
import type { TaskResult } from './contracts.js';
import { skipped, type TaskRun } from './task-run.js';
import { idInPullRequest, provenBy } from './verify-task.js';

export async function finishTask(
  run: TaskRun,
  branch: TaskBranch,
  head: string,
  override?: ReturnType<typeof overrideOf>,
): Promise<TaskResult> {
  const { task, start } = run.input;
  const { checks, ticks: items } = proofsOf(task.deliverables, `${task.id}/d`);
  const proven = provenBy(run.verdicts, checks);
  if (items.length > 0) {
    const closed = await run.desk.ask({
      kind: 'ticks',
      subject: run.subject,
      why: 'a person has to confirm what no command can prove',
      actions: ['done', 'skip'],
      items,
      evidence: { commit: head, ...(run.evidence && { ref: run.evidence }), summary: summaryOf(run.verdicts) },
    });
    if (closed.action === 'skip') return skipped(closed);
    proven.push(
      ...closed.ticks.map(({ id, by, evidence }) => ({ id: idInPullRequest(id), by: `${by} (claimed)`, evidence })),
    );
  }
  await run.update({
    key: `ready-${start.generation}`,
    status: 'ready',
    ticks: proven,
    ...(override && { comment: { by: 'joinpoint', text: override.said } }),
  });
  return {
    outcome: 'ready',
    work: {
      branch: branch.branch,
      base: branch.base,
      head,
      generation: start.generation,
      ...(override && { overridden: override.overridden }),
      ...stagesAt(run, branch, head),
    },
  };
}

/**
 * A playbook's stages as the fold is to have them: of what it wrote, or else of what this generation brought along.
 * A branch that somebody went on from is replayed, stage by stage.
 */
function stagesAt(
  { written }: TaskRun,
  { later: brought = [] }: TaskBranch,
  head: string,
): Pick<Work, 'later' | 'byPlaybook'> {
  if (!written) return brought.length > 0 ? { later: brought } : {};
  const { later = brought, isMixed = false } = written;
  return { later, byPlaybook: written.head === head && !isMixed };
}
