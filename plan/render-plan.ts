/** Draws a plan as a tree and counts what is in it. Pure. */
import { counted } from './counted.js';
import { joinPointName } from './phase-view.js';
import { weeksText } from './planned-weeks.js';
import { cut, screenWidth, type Style } from './render-style.js';
import type { Approval, Phase, Plan, Proof, Task } from './schema.js';

/** The plan, a line each, closing with its counts. */
export function renderPlan(plan: Plan, style: Style): readonly string[] {
  return [
    `${style.strong(plan.name)}  ${plan.title}`,
    '',
    ...Object.entries(plan.agents).map(
      ([name, { kind, title, concurrency }]) =>
        `agent ${style.strong(name)}  ${title ? `${title}  ` : ''}${style.faint(`${kind}${concurrency > 1 ? `, ${concurrency} at once` : ''}`)}`,
    ),
    '',
    ...plan.phases.flatMap((phase) => phaseLines(phase, plan, style)),
    '',
    ...countsText(countPlan(plan)),
  ];
}

function phaseLines(phase: Phase, plan: Plan, style: Style): readonly string[] {
  const facts = [
    weeksText(phase.weeks),
    phase.land === 'each' && phase.tasks.length > 1 ? 'each task lands by itself' : '',
    phase.stages.length > 0 ? `in stages ${phase.stages.map(({ name }) => name).join(', ')}` : '',
  ].filter(Boolean);
  return [
    `${style.strong(phase.id)}  ${cut(phase.title, 60)}${style.faint(facts.length > 0 ? `  ${facts.join('; ')}` : '')}`,
    ...phase.tasks.flatMap((task) => taskLines(task, style)),
    `  └─ ◆ ${cut(joinPointName(phase), 60)}`,
    ...joinPointLines(phase, plan, style),
  ];
}

function taskLines(
  { id, title, agent, branch, estimate, needs, deliverables, applications }: Task,
  style: Style,
): readonly string[] {
  const facts = [branch, estimate, needs.length > 0 ? `needs ${needs.join(', ')}` : ''].filter(Boolean).join(', ');
  return [
    `  ├─ ${style.strong(id)}  ${agent}  ${cut(title, 60)}`,
    `  │    ${style.faint(cut(facts, screenWidth - 7))}`,
    ...deliverables.map((proof) => proofLine(proof, '  │    ', style)),
    ...applications.map((application, at) => `  │    ${at + 1}. ${cut(application, screenWidth - 10)}`),
  ];
}

function proofLine(proof: Proof, indent: string, style: Style): string {
  const mark = 'person' in proof ? style.asks('☐') : style.good('$');
  return `${indent}${mark} ${cut(proof.title, screenWidth - indent.length - 2)}`;
}

function joinPointLines({ joinPoint, criteria, gates }: Phase, { defaults }: Plan, style: Style): readonly string[] {
  const indent = '       ';
  const { soak } = joinPoint;
  const asks = [
    approvalText('approval', joinPoint.approval ?? defaults.approval),
    approvalText('sign-off', joinPoint.signOff ?? defaults.signOff),
  ].filter(Boolean);
  return [
    ...joinPoint.steps.map((proof) => proofLine(proof, indent, style)),
    ...gates.map(({ name, title }) => `${indent}${style.busy('%')} gate ${cut(title ?? name, 80)}`),
    ...criteria.map((proof) => proofLine(proof, indent, style)),
    style.faint(
      `${indent}${[...(soak ? [`soaks ${soak.duration}, gates every ${soak.every}`] : []), ...asks].join('; ')}`.trimEnd(),
    ),
  ];
}

function approvalText(what: string, approval: Approval | false): string {
  if (!approval) return '';
  const { approvers, need, deadline } = approval;
  return `${what} by ${need > 1 ? `${need} of ` : ''}${approvers.join(', ')}${deadline ? ` within ${deadline}` : ''}`;
}

/** How much of what a plan holds: what its author compares with the plan on paper. */
export interface PlanCounts {
  readonly phases: number;
  readonly namedJoinPoints: number;
  readonly tasks: number;
  readonly agents: number;
  readonly deliverables: { readonly command: number; readonly person: number };
  readonly criteria: { readonly command: number; readonly person: number };
  readonly steps: { readonly command: number; readonly person: number };
  readonly gates: number;
  readonly staticChecks: number;
}

export function countPlan(plan: Plan): PlanCounts {
  const { phases } = plan;
  return {
    phases: phases.length,
    namedJoinPoints: phases.filter(({ joinPoint }) => joinPoint.number !== undefined).length,
    tasks: phases.flatMap(({ tasks }) => tasks).length,
    agents: Object.keys(plan.agents).length,
    deliverables: split(phases.flatMap(({ tasks }) => tasks.flatMap(({ deliverables }) => deliverables))),
    criteria: split(phases.flatMap(({ criteria }) => criteria)),
    steps: split(phases.flatMap(({ joinPoint }) => joinPoint.steps)),
    gates: plan.gates.length + phases.flatMap(({ gates }) => gates).length,
    staticChecks: plan.staticChecks.length,
  };
}

function split(proofs: readonly Proof[]): { readonly command: number; readonly person: number } {
  const command = proofs.filter((proof) => !('person' in proof)).length;
  return { command, person: proofs.length - command };
}

function countsText({
  phases,
  namedJoinPoints,
  tasks,
  agents,
  deliverables,
  criteria,
  steps,
  gates,
  staticChecks,
}: PlanCounts): readonly string[] {
  const proofs = ({ command, person }: PlanCounts['steps'], one: string, many: string): string =>
    `${command + person} ${command + person === 1 ? one : many} (${command} by command, ${person} by a person)`;
  return [
    `${counted(phases, 'phase')}, each with its join point (${namedJoinPoints} numbered), ${counted(tasks, 'task')}, ${counted(agents, 'agent')}`,
    proofs(deliverables, 'deliverable', 'deliverables'),
    proofs(criteria, 'success criterion', 'success criteria'),
    proofs(steps, 'step of a join point', 'steps of join points'),
    `${counted(gates, 'gate')} and ${counted(staticChecks, 'static check')}`,
  ];
}
