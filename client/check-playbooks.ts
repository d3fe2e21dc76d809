/** What is wrong with the playbooks that a plan names: ones that there are not, parameters that they do not take. */
import type { PlanProblem } from '../plan/lint.js';
import type { Plan, PlaybookUse, Proof } from '../plan/schema.js';
import { resolvePlaybook } from '../playbooks/resolve.js';

export function playbookProblems(plan: Plan): readonly PlanProblem[] {
  return usesIn(plan).flatMap(({ use, path }) => {
    const resolved = resolvePlaybook(use.name, use.with);
    if (resolved.status === 'found') return [];
    return resolved.problems.map((problem) => ({
      path: [...path, ...problem.path],
      what: `playbook ${use.name} ${problem.what}`,
    }));
  });
}

interface PlacedUse {
  readonly use: PlaybookUse;
  readonly path: readonly (string | number)[];
}

function usesIn({ phases }: Plan): readonly PlacedUse[] {
  return phases.flatMap(({ tasks, criteria, joinPoint }, at) => [
    ...tasks.flatMap(({ playbook, deliverables }, place): readonly PlacedUse[] => {
      const path = ['phases', at, 'tasks', place];
      return [
        ...(playbook ? [{ use: playbook, path: [...path, 'playbook'] }] : []),
        ...usesOf(deliverables, [...path, 'deliverables']),
      ];
    }),
    ...usesOf(criteria, ['phases', at, 'criteria']),
    ...usesOf(joinPoint.steps, ['phases', at, 'joinPoint', 'steps']),
  ]);
}

function usesOf(proofs: readonly Proof[], path: PlacedUse['path']): readonly PlacedUse[] {
  return proofs.flatMap((proof, at) =>
    'playbook' in proof ? [{ use: proof.playbook, path: [...path, at, 'playbook'] }] : [],
  );
}
