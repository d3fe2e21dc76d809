/** What no schema can say of a plan: references, cycles, names that collide, globs that leave the repository. Pure. */
import { durationMs } from './duration.js';
import { lintCheckId } from './proofs.js';
import type { Plan, Task } from './schema.js';

export interface PlanProblem {
  readonly path: readonly PropertyKey[];
  /** `line:column`, filled in by the reader. */
  readonly place?: string;
  readonly what: string;
}

interface Placed {
  readonly task: Task;
  readonly path: readonly PropertyKey[];
  readonly phase: number;
}

export function lintPlan(plan: Plan): readonly PlanProblem[] {
  const tasks = plan.phases.flatMap((phase, at) =>
    phase.tasks.map((task, place): Placed => ({ task, phase: at, path: ['phases', at, 'tasks', place] })),
  );
  return [
    ...duplicateIds(plan, tasks),
    ...agentsOf(plan, tasks),
    ...playbooksOf(plan, tasks),
    ...needsOf(tasks),
    ...cycles(tasks),
    ...globs(plan, tasks),
    ...branches(tasks),
    ...checkNames(plan),
    ...soaks(plan),
    ...undos(tasks),
    ...approvals(plan),
  ];
}

function duplicateIds(plan: Plan, tasks: readonly Placed[]): PlanProblem[] {
  const phases = plan.phases.map(({ id }, at) => ({ id, path: ['phases', at, 'id'] as PropertyKey[] }));
  return [
    ...repeated(phases, 'phase'),
    ...repeated(
      tasks.map(({ task, path }) => ({ id: task.id, path: [...path, 'id'] })),
      'task',
    ),
  ];
}

function repeated(
  entries: readonly { readonly id: string; readonly path: readonly PropertyKey[] }[],
  kind: string,
): PlanProblem[] {
  const seen = new Set<string>();
  return entries.flatMap(({ id, path }) => {
    if (!seen.has(id)) {
      seen.add(id);
      return [];
    }
    return [{ path, what: `${kind} id ${id} is used twice; give one of them another` }];
  });
}

function saidOnce(problems: readonly PlanProblem[]): PlanProblem[] {
  return [...new Map(problems.map((problem) => [`${problem.path.join('.')} ${problem.what}`, problem])).values()];
}

function agentsOf(plan: Plan, tasks: readonly Placed[]): PlanProblem[] {
  const known = Object.keys(plan.agents);
  return tasks
    .filter(({ task }) => !known.includes(task.agent))
    .map(({ task, path }) => ({
      path: [...path, 'agent'],
      what: `task ${task.id} names agent ${task.agent}, which the plan does not have; use one of ${known.join(', ')}`,
    }));
}

/** A lane of playbooks has no command of its own, and a person does not carry one out. */
function playbooksOf({ agents }: Plan, tasks: readonly Placed[]): PlanProblem[] {
  return tasks.flatMap(({ task, path }) => {
    const kind = agents[task.agent]?.kind;
    if (kind === 'playbook' && !task.playbook)
      return [
        {
          path: [...path, 'agent'],
          what: `task ${task.id} names no playbook, and agent ${task.agent} does nothing else; add playbook: { name: … }`,
        },
      ];
    if (kind === 'human' && task.playbook)
      return [
        {
          path: [...path, 'playbook'],
          what: `task ${task.id} has a playbook, and agent ${task.agent} is a person; give it to another agent`,
        },
      ];
    return [];
  });
}

function needsOf(tasks: readonly Placed[]): PlanProblem[] {
  return tasks.flatMap(({ task, path, phase }) =>
    task.needs.flatMap((need, at) => {
      const found = tasks.find((one) => one.task.id === need);
      if (!found)
        return [
          {
            path: [...path, 'needs', at],
            what: `task ${task.id} needs ${need}, which is no task of the plan; correct or remove it`,
          },
        ];
      if (found.phase > phase)
        return [
          { path: [...path, 'needs', at], what: `task ${task.id} needs ${need} of a later phase; move one of them` },
        ];
      return [];
    }),
  );
}

function cycles(tasks: readonly Placed[]): PlanProblem[] {
  const needs = new Map(tasks.map(({ task }) => [task.id, task.needs]));
  const reported = new Set<string>();
  return tasks.flatMap(({ task, path }) => {
    const cycle = cycleFrom(task.id, needs);
    if (!cycle || cycle.some((id) => reported.has(id))) return [];
    cycle.forEach((id) => reported.add(id));
    return [
      {
        path: [...path, 'needs'],
        what: `needs go round in a circle: ${[...cycle, cycle[0]].join(' -> ')}; remove one of them`,
      },
    ];
  });
}

function cycleFrom(start: string, needs: ReadonlyMap<string, readonly string[]>): readonly string[] | undefined {
  const walk = (id: string, trail: readonly string[]): readonly string[] | undefined => {
    if (trail.includes(id)) return id === start ? trail : undefined;
    for (const need of needs.get(id) ?? []) {
      const found = walk(need, [...trail, id]);
      if (found) return found;
    }
    return undefined;
  };
  return walk(start, []);
}

function globs(plan: Plan, tasks: readonly Placed[]): PlanProblem[] {
  const all = [
    ...tasks.flatMap(({ task, path }) => [
      ...task.files.map((glob, at) => ({ glob, path: [...path, 'files', at] })),
      ...task.undo.keep.map((glob, at) => ({ glob, path: [...path, 'undo', 'keep', at] })),
    ]),
    ...plan.phases.flatMap((phase, at) =>
      phase.stages.flatMap((stage, place) =>
        stage.paths.map((glob, index) => ({ glob, path: ['phases', at, 'stages', place, 'paths', index] })),
      ),
    ),
    ...plan.assets.map((glob, at) => ({ glob, path: ['assets', at] })),
  ];
  return all
    .filter(({ glob }) => leavesTree(glob))
    .map(({ glob, path }) => ({
      path,
      what: `glob ${glob} leaves the tree; write it relative to the root, without ..`,
    }));
}

function leavesTree(glob: string): boolean {
  const positive = glob.replace(/^!/, '');
  return (
    positive.startsWith('/') ||
    positive.startsWith('~') ||
    /^[A-Za-z]:/.test(positive) ||
    positive.split('/').includes('..') ||
    positive.split('/').includes('.git')
  );
}

/** git keeps branches as paths: `a/b` and `a/b/c` can't both be. */
function branches(tasks: readonly Placed[]): PlanProblem[] {
  return tasks.flatMap(({ task, path }, at) =>
    tasks.slice(0, at).flatMap(({ task: other }) => {
      if (other.branch === task.branch)
        return [
          {
            path: [...path, 'branch'],
            what: `tasks ${other.id} and ${task.id} share branch ${task.branch}; give each its own`,
          },
        ];
      if (task.branch.startsWith(`${other.branch}/`) || other.branch.startsWith(`${task.branch}/`))
        return [
          {
            path: [...path, 'branch'],
            what: `git can't hold branches ${other.branch} and ${task.branch} at once; rename one`,
          },
        ];
      return [];
    }),
  );
}

/** What joinpoint itself checks has these names. */
const ownChecks = ['files', lintCheckId];

/** Verdicts are told apart by name, and static checks and gates may meet in one round. */
function checkNames(plan: Plan): PlanProblem[] {
  const placed = (
    checks: readonly { readonly name: string }[],
    path: readonly PropertyKey[],
  ): { readonly id: string; readonly path: readonly PropertyKey[] }[] =>
    checks.map(({ name }, place) => ({ id: name, path: [...path, place, 'name'] }));
  const everywhere = [...placed(plan.staticChecks, ['staticChecks']), ...placed(plan.gates, ['gates'])];
  const phases = [[], ...plan.phases.map(({ gates }, at) => placed(gates, ['phases', at, 'gates']))];
  return saidOnce(
    phases.flatMap((gates) => [
      ...repeated([...everywhere, ...gates], 'check'),
      ...[...everywhere, ...gates]
        .filter(({ id }) => ownChecks.includes(id))
        .map(({ id, path }) => ({ path, what: `check id ${id} is joinpoint's own; give it another` })),
    ]),
  );
}

/**
 * A round leaves 23.5 events in the join point's history and 4.3 workflow tasks, measured over 40 rounds; a worker that
 * takes it up replays them at about 4 ms a task, for which it has ten seconds.
 */
const roundsAtMost = 500;

function soaks({ phases }: Plan): PlanProblem[] {
  return phases.flatMap(({ joinPoint: { soak } }, at) => {
    if (!soak) return [];
    const rounds = durationMs(soak.duration) / durationMs(soak.every);
    if (rounds <= roundsAtMost) return [];
    const path = ['phases', at, 'joinPoint', 'soak', 'every'];
    return [
      {
        path,
        what: `soak of ${soak.duration} with gates every ${soak.every} has ${Number.isFinite(rounds) ? Math.ceil(rounds).toLocaleString('en') : 'endless'} rounds, more than ${roundsAtMost.toLocaleString('en')}; look less often`,
      },
    ];
  });
}

function undos(tasks: readonly Placed[]): PlanProblem[] {
  return tasks
    .filter(({ task: { undo } }) => undo.class === 'quarantine' && undo.keep.length === 0)
    .map(({ task, path }) => ({
      path: [...path, 'undo'],
      what: `task ${task.id} is undone by quarantine and keeps nothing, so Flux would prune its data; name the paths that stay under keep`,
    }));
}

function approvals(plan: Plan): PlanProblem[] {
  const { agents, defaults, phases } = plan;
  const problems = phases.flatMap(({ id, tasks, joinPoint }, at) => {
    const workers = new Set(
      tasks.flatMap(({ agent }) => {
        const lane = agents[agent];
        return lane?.kind === 'human' ? lane.people : [];
      }),
    );
    return (['approval', 'signOff'] as const).flatMap((kind) => {
      const approval = joinPoint[kind] ?? defaults[kind];
      if (!approval) return [];
      const people = [...new Set([...approval.approvers, ...(approval.deadline ? approval.escalateTo : [])])];
      const excluded = people.filter((person) => workers.has(person));
      const path = joinPoint[kind] ? ['phases', at, 'joinPoint', kind, 'need'] : ['defaults', kind, 'need'];
      if (approval.need > people.length)
        return [{ path, what: `needs ${approval.need} of ${people.length} approvers; name more or lower it` }];
      if (approval.need > people.length - excluded.length)
        return [
          {
            path,
            what: `needs ${approval.need} of ${people.length} approvers, and ${excluded.join(', ')} may not approve their own work in phase ${id}; name others`,
          },
        ];
      return [];
    });
  });
  return saidOnce(problems);
}
