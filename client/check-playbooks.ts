/** What is wrong with the playbooks that a plan names: ones that there are not, parameters that they do not take. */
import type { PlanProblem } from '../plan/lint.js';
import type { Plan } from '../plan/schema.js';
import { resolvePlaybook } from '../playbooks/resolve.js';

export function playbookProblems(plan: Plan): readonly PlanProblem[] {
  return plan.phases.flatMap((phase, at) =>
    phase.tasks.flatMap(({ playbook: use }, place): readonly PlanProblem[] => {
      if (!use) return [];
      const resolved = resolvePlaybook(use.name, use.with);
      if (resolved.status === 'found') return [];
      return resolved.problems.map(({ path, what }) => ({
        path: ['phases', at, 'tasks', place, 'playbook', ...path],
        what: `playbook ${use.name} ${what}`,
      }));
    }),
  );
}
