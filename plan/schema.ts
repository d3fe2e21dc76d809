/** The plan file: the zod schema that reads it and the types that everything else uses. */
import { z } from 'zod';
import { durationMs, durationPattern } from './duration.js';

/** Names of rollouts, phases and tasks: they become workflow ids, git refs and trailers (design.md, section 4). */
export const Name = z
  .string()
  .regex(/^[a-z0-9.-]{1,40}$/, 'must match [a-z0-9.-]{1,40}')
  .refine(isRefComponent, 'must not start or end with a dot, hold "..", or end in .lock: git refuses such refs');

function isRefComponent(name: string): boolean {
  return (
    !name.startsWith('.') &&
    !name.startsWith('-') &&
    !name.endsWith('.') &&
    !name.endsWith('.lock') &&
    !name.includes('..')
  );
}

/** A duration as text; `durationMs` turns it into milliseconds where it is used. */
const Duration = z
  .string()
  .regex(durationPattern, 'is no duration; write a number and ms, s, m, h, d or w, such as 15m');

const AgentName = z.string().regex(/^[A-Za-z0-9.-]{1,40}$/, 'must match [A-Za-z0-9.-]{1,40}');
const Branch = z
  .string()
  .regex(
    /^(?!.*(\.\.|\/\/|@\{|\.lock(\/|$)|\/$))[A-Za-z0-9_][A-Za-z0-9._/-]{0,120}$/,
    'is no branch name that git accepts',
  );
const Line = z
  .string()
  .trim()
  .min(1)
  .regex(/^[^\n]*$/, 'must be one line');

/** A shell command, run by `sh -c` in a work tree with a clean environment; `$JOINPOINT_PLAN` is the folder of the plan's assets. */
const Run = z.string().trim().min(1);

/** Hours: what makes the checks has six in all, and what takes days is a soak's to wait for (design.md, Waiting). */
const checkHoursAtMost = 5;
const CheckTime = Duration.refine(
  (text) => !durationPattern.test(text) || durationMs(text) <= durationMs(`${checkHoursAtMost}h`),
  `must be ${checkHoursAtMost}h at most; wait for longer in a soak`,
);

/** A built-in playbook; `client/check-playbooks.ts` knows which there are and what each takes. */
export const PlaybookUse = z.strictObject({
  name: Name,
  with: z.record(z.string(), z.unknown()).default({}).describe('parameters that differ from the defaults'),
});
export type PlaybookUse = z.infer<typeof PlaybookUse>;

/**
 * What proves something: a command (exit 0 passed, 75 inconclusive, others failed), what a playbook is for, judged
 * over the files of the repository, or a person's tick with evidence.
 */
export const Proof = z.union([
  z.strictObject({ title: Line, run: Run, timeout: CheckTime.optional() }),
  z.strictObject({ title: Line, playbook: PlaybookUse.describe('what it is for holds, whoever did the work') }),
  z.strictObject({ title: Line, person: Line.describe('the evidence a person has to give with the tick') }),
]);
export type Proof = z.infer<typeof Proof>;

/** A check of the whole tree or cluster; `control` proves that a check for an absence can see at all. */
export const Gate = z.strictObject({
  name: Name,
  title: Line.optional(),
  run: Run,
  control: Run.optional(),
  timeout: CheckTime.optional(),
});
export type Gate = z.infer<typeof Gate>;

export const Approval = z.strictObject({
  approvers: z.array(Line).min(1),
  need: z.int().min(1).default(1),
  deadline: Duration.optional(),
  escalateTo: z.array(Line).default([]),
});
export type Approval = z.infer<typeof Approval>;

export const Agent = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('playbook'),
    title: Line.optional(),
    concurrency: z.int().min(1).default(1),
  }),
  z.strictObject({
    kind: z.literal('command'),
    title: Line.optional(),
    run: Run,
    timeout: Duration.default('1h'),
    concurrency: z.int().min(1).default(1),
    env: z
      .array(z.string().regex(/^[A-Za-z_][A-Za-z0-9_]*$/))
      .default([])
      .describe('variables of the worker that the agent may see'),
  }),
  z.strictObject({
    kind: z.literal('human'),
    title: Line.optional(),
    concurrency: z.int().min(1).default(1),
    people: z.array(Line).default([]),
  }),
]);
export type Agent = z.infer<typeof Agent>;

/** How a landed task is undone (design.md, section 2); `keep` names the paths that a quarantine leaves in place. */
export const Undo = z.strictObject({
  class: z.enum(['revert', 'revertConfig', 'quarantine', 'manual']),
  keep: z.array(z.string()).default([]),
  note: Line.optional(),
});
export type Undo = z.infer<typeof Undo>;

export const Task = z.strictObject({
  id: Name,
  title: Line,
  description: z.string().trim().optional(),
  agent: AgentName,
  playbook: PlaybookUse.optional().describe("does the work in the agent's lane, in place of the agent's own command"),
  branch: Branch,
  estimate: Duration.optional(),
  files: z.array(z.string().min(1)).min(1),
  needs: z.array(Name).default([]),
  deliverables: z.array(Proof).default([]),
  applications: z.array(Line).default([]).describe('applications to deploy, in this order'),
  attempts: z.int().min(1).max(20).optional(),
  undo: Undo.default({ class: 'revert', keep: [] }),
  notes: z.array(Line).default([]),
});
export type Task = z.infer<typeof Task>;

/** A part of a landing cut by path: what `paths` match is landed in it, what no stage matches in the last one. */
export const Stage = z.strictObject({ name: Name, paths: z.array(z.string().min(1)).default([]) });
export type Stage = z.infer<typeof Stage>;

export const Soak = z.strictObject({ duration: Duration, every: Duration.default('1h') });
export type Soak = z.infer<typeof Soak>;

export const JoinPoint = z.strictObject({
  number: Line.optional().describe('the number that a Markdown plan gives it, kept as a label'),
  title: Line.optional(),
  steps: z.array(Proof).default([]),
  approval: z.union([Approval, z.literal(false)]).optional(),
  signOff: z.union([Approval, z.literal(false)]).optional(),
  soak: Soak.optional(),
});
export type JoinPoint = z.infer<typeof JoinPoint>;

export const Phase = z.strictObject({
  id: Name,
  title: Line,
  weeks: z.array(z.int().min(1)).default([]).describe('planned weeks: shown when late, never enforced'),
  land: z.enum(['together', 'each']).default('together'),
  onFailure: z.enum(['rollback', 'hold']).optional(),
  stages: z.array(Stage).default([]),
  tasks: z.array(Task).default([]),
  gates: z.array(Gate).default([]),
  criteria: z.array(Proof).default([]),
  joinPoint: JoinPoint.default({ steps: [] }),
  notes: z.array(Line).default([]),
});
export type Phase = z.infer<typeof Phase>;

export const Plan = z.strictObject({
  name: Name,
  title: Line,
  overview: z.string().trim().optional(),
  currentState: z.strictObject({ strengths: z.array(Line).default([]), gaps: z.array(Line).default([]) }).optional(),
  assets: z
    .array(z.string().min(1))
    .default([])
    .describe('globs, beside the plan: scripts that agents and checks use, stored with the plan'),
  agents: z.record(AgentName, Agent),
  defaults: z.strictObject({
    attempts: z.int().min(1).max(20).default(3),
    onFailure: z.enum(['rollback', 'hold']).default('rollback'),
    approval: z.union([Approval, z.literal(false)]),
    signOff: z.union([Approval, z.literal(false)]).default(false),
  }),
  staticChecks: z
    .array(Gate)
    .default([])
    .describe('checks of files alone: no worse in a task and on a candidate than at the base'),
  lint: z
    .boolean()
    .default(true)
    .describe('in tasks and on candidates, nothing new that joinpoint lint calls an error'),
  gates: z.array(Gate).default([]).describe('gates of every phase, after each stage and in soaks'),
  phases: z.array(Phase).min(1),
  coordination: z
    .strictObject({
      dailySync: Line.optional(),
      statusFile: z.strictObject({ path: Line, every: Duration }).optional(),
      pullRequests: Line.optional(),
      testing: Line.optional(),
      documentation: Line.optional(),
      monitoring: z.array(Line).default([]),
    })
    .optional(),
  risks: z.array(z.strictObject({ title: Line, mitigation: Line })).default([]),
  afterwards: z.array(z.strictObject({ title: Line, description: Line })).default([]),
});
export type Plan = z.infer<typeof Plan>;
