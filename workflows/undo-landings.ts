/** Undoes landings in one push, and says what is left for a person. */
import { CancellationScope } from '@temporalio/workflow';
import { among, type Undone, without } from '../plan/landed.js';
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

/** Says what it came to, by what stands in git afterwards. Not cancelled half way; a target that refuses it is put before a person until it lets it through. */
export async function undoLandings({
  rollout,
  phase,
  node,
  desk,
  compensations,
  reason,
}: UndoRequest): Promise<Undone> {
  if (compensations.length === 0) return { undone: [], standing: [] };
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
      return { undone: [], standing: compensations };
    }
    for (const { task, what } of outcome.done.manual) {
      const own = compensations.find((one) => one.task === task)?.phase ?? phase;
      await noteToRollout(rollout.name, `${task}: ${what}`, { phase: own, task, what });
    }
    const standing = among(compensations, outcome.done.standing);
    return { undone: without(compensations, standing), standing };
  });
}
