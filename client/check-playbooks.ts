/** What is wrong with the playbooks that a plan names: ones that there are not, parameters that they do not take. */
import type { PlanProblem } from '../plan/lint.js';
import type { Plan } from '../plan/schema.js';
import { findPlaybook, playbooks } from '../playbooks/registry.js';

export function playbookProblems(plan: Plan): readonly PlanProblem[] {
  return plan.phases.flatMap((phase, at) =>
    phase.tasks.flatMap(({ id, playbook: use }, place): readonly PlanProblem[] => {
      if (!use) return [];
      const path = ['phases', at, 'tasks', place, 'playbook'];
      const found = findPlaybook(use.name);
      if (!found)
        return [
          {
            path: [...path, 'name'],
            what: `task ${id} names playbook ${use.name}, which there is not; use one of ${playbooks.map((one) => one.id).join(', ')}`,
          },
        ];
      const parsed = found.parameters.safeParse(use.with);
      if (parsed.success) return [];
      return parsed.error.issues.map((issue) => ({
        path: [...path, 'with', ...issue.path],
        what: `playbook ${use.name} does not take this: ${issue.message}; see joinpoint playbook show ${use.name}`,
      }));
    }),
  );
}
