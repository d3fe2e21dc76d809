/** A task that neither its agent nor joinpoint can go on with: a person decides. */
import type { TaskBranch } from '../git/branch.js';
import { overrideLets, overrideOf } from '../plan/override.js';
import type { TaskResult } from './contracts.js';
import { finishTask } from './finish-task.js';
import { skipped, type TaskRun } from './task-run.js';

interface Held {
  /** Where the branch is. */
  readonly head: string;
  /** What is wrong. */
  readonly feedback: string;
  /** Said before it. */
  readonly prefix: string;
}

/** The task's end; or, on a retry, where to go on and what was said. A person's own work is verified like an agent's. */
export async function holdTask(
  run: TaskRun,
  branch: TaskBranch,
  held: Held,
): Promise<TaskResult | { readonly head: string; readonly said?: string }> {
  let { head, feedback, prefix } = held;
  for (;;) {
    const about = feedback.split('\n')[0]!;
    const hasWork = head !== branch.base;
    // Nobody lets through what nobody has looked at: what a failed agent left is not verified yet.
    if (hasWork && run.verdicts.length === 0) await run.verify(branch, head);
    const { evidence: ref, verdicts } = run;
    const closed = await run.desk.ask({
      kind: 'hold',
      subject: run.subject,
      why: `${prefix}${about}`,
      actions: hasWork ? ['retry', 'done', 'override', 'skip'] : ['retry', 'done', 'skip'],
      ...(hasWork && { evidence: { commit: head, ...(ref && { ref }), summary: overrideLets(verdicts) } }),
    });
    if (closed.action === 'skip') return skipped(closed);
    if (closed.action === 'override') return finishTask(run, branch, head, overrideOf(closed.answer, about, verdicts));
    if (closed.action === 'retry') return { head, ...(closed.answer.comment && { said: closed.answer.comment }) };
    const collected = await run.collect(branch);
    if ('outcome' in collected) return collected;
    prefix = '';
    if (isAsItWas(run, branch, collected.head)) {
      ({ head } = collected);
      feedback = asItWas(branch);
      continue;
    }
    const verified = await run.verify(branch, collected.head);
    if (verified.verified) return finishTask(run, branch, verified.head);
    ({ head, feedback } = verified);
  }
}

/** Work that was sent back and is handed in again without a change: as it was brought along, or as a playbook wrote it anew. */
export function isAsItWas({ input, written }: TaskRun, branch: TaskBranch, head: string): boolean {
  return input.start.feedback.length > 0 && (head === branch.head || head === written?.head);
}

export function asItWas({ branch }: TaskBranch): string {
  return `nothing has changed since it was sent back; push to ${branch}`;
}
