/** Tasks and their work as the fold takes them. */
import type { FoldUnit } from '../git/fold-unit.js';
import type { Work } from '../plan/phase-state.js';
import type { Task } from '../plan/schema.js';

export function foldUnits(
  units: readonly { readonly task: Task; readonly work: Work }[],
  n: number,
): readonly FoldUnit[] {
  return units.map(({ task, work }) => ({
    task: task.id,
    title: task.title,
    author: `Agent ${task.agent}`,
    needs: task.needs,
    base: work.base,
    head: work.head,
    n,
    ...(work.later && work.later.length > 0 && { later: work.later }),
    ...(work.byPlaybook && task.playbook && { playbook: { ...task.playbook, generation: work.generation } }),
  }));
}
