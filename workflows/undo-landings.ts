/** Undoes landings in one push, and says what is left for a person. */
import { CancellationScope } from '@temporalio/workflow';
import type { UndoResult } from '../activities/git.js';
import type { Compensation, RolloutRef } from '../plan/rollout.js';
import type { Desk } from './desk.js';
import { engine } from './engine.js';
import { noteToRollout } from './note.js';

export interface UndoRequest {
  readonly rollout: RolloutRef;
  readonly phase: string;
  readonly node: string;
  readonly desk: Desk;
  readonly compensations: readonly Compensation[];
  readonly reason: string;
}

const nothing: UndoResult = { head: '', undone: [], empty: [], manual: [] };

/** Not cancelled half way; a target that refuses it is put before a person until it lets it through. */
export async function undoLandings({
  rollout,
  phase,
  node,
  desk,
  compensations,
  reason,
}: UndoRequest): Promise<UndoResult> {
  if (compensations.length === 0) return nothing;
  return CancellationScope.nonCancellable(async () => {
    const at = Date.now();
    const outcome = await desk.insist(
      `undo of ${node}`,
      () => engine(rollout.settings, 'undo landings').undoLandings({ rollout, compensations, reason, at }),
      ['skip'],
    );
    if ('closed' in outcome) {
      const { by, comment } = outcome.closed.answer;
      await noteToRollout(rollout.name, `${node}: ${by} skipped the undo: ${comment}`);
      return nothing;
    }
    for (const { task, what } of outcome.done.manual)
      await noteToRollout(rollout.name, `${task}: ${what}`, { phase, task, what });
    return outcome.done;
  });
}
