/** In which order the parts of a candidate land: stage by stage, tasks in plan order, never before what they need. */
import picomatch from 'picomatch';
import type { Stage } from './schema.js';

/** The one stage of a phase that names none. */
export const wholeStage = 'all';

/** The changed paths of one task, cut by stage: a path belongs to the first stage that matches it, else to the last. */
export function cutByStage(
  stages: readonly Stage[],
  paths: readonly string[],
): readonly { readonly stage: string; readonly paths: readonly string[] }[] {
  if (paths.length === 0) return [];
  if (stages.length === 0) return [{ stage: wholeStage, paths }];
  const matchers = stages.map(({ paths: globs }) =>
    globs.length > 0 ? picomatch([...globs], { dot: true }) : () => false,
  );
  const parts = stages.map(({ name }) => ({ stage: name, paths: [] as string[] }));
  for (const path of paths) {
    const first = matchers.findIndex((matches) => matches(path));
    parts[first === -1 ? stages.length - 1 : first]!.paths.push(path);
  }
  return parts.filter(({ paths: own }) => own.length > 0);
}

interface Unit {
  readonly task: string;
  readonly needs: readonly string[];
}

/** What one task lands in one stage. */
export interface StagedUnit<U extends Unit = Unit> {
  readonly unit: U;
  readonly stage: string;
  readonly paths: readonly string[];
}

/**
 * Groups staged parts into waves, each pushed and proven before the next: tasks in plan order, but after those they need.
 * A task that needs another of the same candidate starts no earlier than that one's last wave.
 * `staged` comes in plan order, a task's parts in stage order.
 */
export function landingOrder<S extends StagedUnit>(
  staged: readonly S[],
  stages: readonly Stage[],
): readonly { readonly stage: string; readonly units: readonly S[] }[] {
  const planned = stages.length > 0 ? stages.map(({ name }) => name) : [wholeStage];
  // Stages that a playbook names come after those of the plan.
  const names = [...new Set([...planned, ...staged.map(({ stage }) => stage)])];
  const waves = names.map((stage) => ({ stage, units: [] as S[] }));
  const lastWaveOf = new Map<string, number>();
  for (const part of neededFirst(staged)) {
    const { task, needs } = part.unit;
    const wave = Math.max(names.indexOf(part.stage), ...needs.map((need) => lastWaveOf.get(need) ?? 0));
    lastWaveOf.set(task, Math.max(wave, lastWaveOf.get(task) ?? 0));
    waves[wave]!.units.push(part);
  }
  return waves.filter(({ units }) => units.length > 0);
}

function neededFirst<S extends StagedUnit>(staged: readonly S[]): readonly S[] {
  const ordered = new Set<S>();
  const visit = (task: string): void => {
    for (const part of staged) {
      if (part.unit.task !== task || ordered.has(part)) continue;
      part.unit.needs.forEach(visit);
      ordered.add(part);
    }
  };
  for (const { unit } of staged) visit(unit.task);
  return [...ordered];
}
