/** Cuts the work of a join point's tasks into the parts that land stage by stage. */
import { cutByStage, type StagedUnit, wholeStage } from '../plan/landing-order.js';
import type { Stage } from '../plan/schema.js';
import { changesBetween, type TreeChange, treesOf, treeWith } from './commit.js';
import { type FoldUnit, piecesOf } from './fold-unit.js';
import type { Mirror } from './mirror.js';

export interface StagingRequest {
  readonly units: readonly FoldUnit[];
  readonly stages: readonly Stage[];
  /** A playbook's work is made anew on the tree so far, not replayed. */
  readonly carriesOutPlaybooks: boolean;
}

/** A part of a unit's work that lands in one stage: from the tree that the parts before it left. */
export type StagedPart = StagedUnit<FoldUnit> & {
  readonly from: string;
  readonly to: string;
  /** One that the unit's playbook names, not the plan. */
  readonly isLater: boolean;
};

/** Cuts every task's difference by stage: stage k takes the tree from what the stages before it left. */
export async function stageUnits(mirror: Mirror, request: StagingRequest): Promise<readonly StagedPart[]> {
  const pieces = request.units.flatMap((unit) => piecesOf(unit).map((piece) => ({ unit, ...piece })));
  const trees = await treesOf(
    mirror,
    pieces.flatMap(({ from, to }) => [from, to]),
  );
  const staged: StagedPart[] = [];
  for (const [at, { unit, stage }] of pieces.entries()) {
    const [from, to] = [trees[2 * at]!, trees[2 * at + 1]!];
    const changes = await changesBetween(mirror, from, to);
    if (stage) staged.push({ unit, stage, isLater: true, paths: changes.map(({ path }) => path), from, to });
    else staged.push(...(await cutPiece(mirror, request, unit, changes, from, to)));
  }
  return staged;
}

async function cutPiece(
  mirror: Mirror,
  { stages, carriesOutPlaybooks }: StagingRequest,
  unit: FoldUnit,
  changes: readonly TreeChange[],
  before: string,
  whole: string,
): Promise<readonly StagedPart[]> {
  const staged: StagedPart[] = [];
  const parts = cutByStage(
    stages,
    changes.map(({ path }) => path),
  );
  let from = before;
  for (const [place, { stage, paths }] of parts.entries()) {
    const own = new Set(paths);
    const to =
      place === parts.length - 1
        ? whole
        : await treeWith(
            mirror,
            from,
            changes.filter(({ path }) => own.has(path)),
          );
    staged.push({ unit, stage, isLater: false, paths, from, to });
    from = to;
  }
  return carriesOutPlaybooks && unit.playbook ? withEveryStage(staged, unit, stages) : staged;
}

/** On another tree a playbook may have something to do in a stage where its branch has nothing. */
function withEveryStage(
  staged: readonly StagedPart[],
  unit: FoldUnit,
  stages: readonly Stage[],
): readonly StagedPart[] {
  const names = stages.length > 0 ? stages.map(({ name }) => name) : [wholeStage];
  return names.map(
    (stage) =>
      staged.find((part) => part.stage === stage) ?? { unit, stage, isLater: false, paths: [], from: '', to: '' },
  );
}
