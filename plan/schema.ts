/** The plan file: the zod schema that reads it and the types that everything else uses. */
import { z } from 'zod';
import { AgentName, Branch, CheckTime, checkTimeSays, Duration, Line, Run } from './fields.js';

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

/** A built-in playbook; `client/check-playbooks.ts` knows which there are and what each takes. */
export const PlaybookUse = z.strictObject({
  name: Name.describe('as `joinpoint playbook list` names it'),
  with: z.record(z.string(), z.unknown()).default({}).describe('parameters that differ from the defaults'),
});
export type PlaybookUse = z.infer<typeof PlaybookUse>;

/**
 * What proves something: a command (exit 0 passed, 75 inconclusive, others failed), what a playbook is for, judged
 * over the files of the repository, or a person's tick with evidence.
 */
export const Proof = z.union([
  z.strictObject({
    title: Line,
    run: Run.describe('a shell command: exit code 0 passed, 75 inconclusive, any other failed'),
    timeout: CheckTime.optional().describe(checkTimeSays),
  }),
  z.strictObject({ title: Line, playbook: PlaybookUse.describe('what it is for holds, whoever did the work') }),
  z.strictObject({ title: Line, person: Line.describe('the evidence a person has to give with the tick') }),
]);
export type Proof = z.infer<typeof Proof>;

/** A check of the whole tree or cluster; `control` proves that a check for an absence can see at all. */
export const Gate = z.strictObject({
  name: Name.describe('names its verdict: unique among `staticChecks`, the gates of the plan and those of its phase'),
  title: Line.optional(),
  run: Run.describe('a shell command: exit code 0 passed, 75 inconclusive; only what is worse than before fails'),
  control: Run.optional().describe(
    'a command that must pass for `run` to mean anything: it proves that a check for an absence can see; where it fails the gate is inconclusive',
  ),
  timeout: CheckTime.optional().describe(checkTimeSays),
});
export type Gate = z.infer<typeof Gate>;

export const Approval = z.strictObject({
  approvers: z
    .array(Line)
    .min(1)
    .describe('who may answer, but for the people of a `human` lane that has a task in the phase'),
  need: z.int().min(1).default(1).describe('how many different people must approve'),
  deadline: Duration.optional().describe(
    'counted from when it is asked; once it has passed nothing is decided by itself: the question stays open, is shown as overdue, and those under `escalateTo` may answer too',
  ),
  escalateTo: z
    .array(Line)
    .default([])
    .describe('may answer too once the deadline has passed; without a deadline never'),
});
export type Approval = z.infer<typeof Approval>;

const concurrencySays = 'how many of its tasks are worked on at once';

export const Agent = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('playbook').describe('carries out the playbooks that its tasks name, and nothing else'),
    title: Line.optional(),
    concurrency: z.int().min(1).default(1).describe(concurrencySays),
  }),
  z.strictObject({
    kind: z.literal('command').describe('any program; a task that names a playbook is carried out by that instead'),
    title: Line.optional(),
    run: Run.describe(
      'a shell command; its working directory is a work tree of the branch, and $JOINPOINT_TASK_FILE holds the task as JSON',
    ),
    timeout: Duration.default('1h').describe('an attempt that takes longer is ended and has failed'),
    concurrency: z.int().min(1).default(1).describe(concurrencySays),
    env: z
      .array(z.string().regex(/^[A-Za-z_][A-Za-z0-9_]*$/))
      .default([])
      .describe('variables of the worker that the agent may see'),
  }),
  z.strictObject({
    kind: z.literal('human').describe('people, who work on the branch by hand and then say done'),
    title: Line.optional(),
    concurrency: z.int().min(1).default(1).describe(concurrencySays),
    people: z.array(Line).default([]).describe('who does the work; they may not approve what their phase lands'),
  }),
]);
export type Agent = z.infer<typeof Agent>;

/** How a landed task is undone (design.md, section 2); `keep` names the paths that a quarantine leaves in place. */
export const Undo = z.strictObject({
  class: z
    .enum(['revert', 'revertConfig', 'quarantine', 'manual'])
    .describe(
      'revert: commits that take it back; revertConfig: carried out as a revert; quarantine: reverts all but what `keep` matches and suspends it; manual: left to a person',
    ),
  keep: z
    .array(z.string())
    .default([])
    .describe('globs of the files that a quarantine leaves in place, so that Flux does not prune what they hold'),
  note: Line.optional().describe('for the person who undoes it, or decides what becomes of what a quarantine keeps'),
});
export type Undo = z.infer<typeof Undo>;

export const Task = z.strictObject({
  id: Name.describe('unique in the plan'),
  title: Line,
  description: z.string().trim().optional().describe('what is to be done; the agent gets it with the task'),
  agent: AgentName.describe('the lane that does it: a name under `agents`'),
  playbook: PlaybookUse.optional().describe("does the work in the agent's lane, in place of the agent's own command"),
  branch: Branch.describe('the git branch that its work is done on; no two tasks share one'),
  estimate: Duration.optional().describe('shown, and nothing depends on it'),
  files: z
    .array(z.string().min(1))
    .min(1)
    .describe('globs of what it may touch; an attempt that changes any other file has failed'),
  needs: z
    .array(Name)
    .default([])
    .describe(
      'tasks that come first. In a phase that lands together it waits until they are verified and is stacked on their work; where each lands, until they have landed',
    ),
  deliverables: z
    .array(Proof)
    .default([])
    .describe(
      'what proves this task: commands and playbooks after every attempt, and again on the candidate that it lands in; ticks once those have passed',
    ),
  applications: z.array(Line).default([]).describe('applications to deploy, in this order'),
  attempts: z.int().min(1).max(20).optional().describe("in place of the plan's default"),
  undo: Undo.default({ class: 'revert', keep: [] }).describe('how it is taken back after it has landed'),
  notes: z.array(Line).default([]).describe('for readers; nothing depends on it'),
});
export type Task = z.infer<typeof Task>;

/** A part of a landing cut by path: what `paths` match is landed in it, what no stage matches in the last one. */
export const Stage = z.strictObject({
  name: Name.describe('stands in the trailers of what lands in it'),
  paths: z
    .array(z.string().min(1))
    .default([])
    .describe('globs: what they match lands in the first stage that matches it, and what none matches in the last one'),
});
export type Stage = z.infer<typeof Stage>;

export const Soak = z.strictObject({
  duration: Duration.describe('how long the gates have to hold after everything is proven and ticked'),
  every: Duration.default('1h').describe('how often the gates are made meanwhile; 500 rounds at most'),
});
export type Soak = z.infer<typeof Soak>;

export const JoinPoint = z.strictObject({
  number: Line.optional().describe('the number that a Markdown plan gives it, kept as a label'),
  title: Line.optional(),
  steps: z
    .array(Proof)
    .default([])
    .describe(
      'as `criteria`, listed with the join point: proven once everything of the phase has landed, before the soak',
    ),
  approval: z
    .union([Approval, z.literal(false)])
    .optional()
    .describe("asked before each landing; in place of the plan's default, false asks nobody"),
  signOff: z
    .union([Approval, z.literal(false)])
    .optional()
    .describe(
      "asked after the soak, before the checkpoint, and a rejection undoes the phase; in place of the plan's default",
    ),
  soak: Soak.optional().describe('after the proofs and ticks, before the sign-off'),
});
export type JoinPoint = z.infer<typeof JoinPoint>;

export const Phase = z.strictObject({
  id: Name.describe('unique in the plan'),
  title: Line,
  weeks: z.array(z.int().min(1)).default([]).describe('planned weeks: shown when late, never enforced'),
  land: z
    .enum(['together', 'each'])
    .default('together')
    .describe(
      'together: all of it in one candidate, at the join point; each: every task by itself, once it is verified and what it needs has landed',
    ),
  onFailure: z.enum(['rollback', 'hold']).optional().describe("in place of the plan's default"),
  stages: z
    .array(Stage)
    .default([])
    .describe('parts of a landing, pushed one after the other, each proven by the gates before the next'),
  tasks: z
    .array(Task)
    .default([])
    .describe('worked on at once, as far as their needs and lanes allow; they land in this order'),
  gates: z.array(Gate).default([]).describe('besides those of the plan, for this phase alone'),
  criteria: z
    .array(Proof)
    .default([])
    .describe(
      'what the phase has to reach: proven on the target with the gates, once everything of the phase has landed and before the soak; a failure counts as that of a gate',
    ),
  joinPoint: JoinPoint.default({ steps: [] }).describe('how the phase ends'),
  notes: z.array(Line).default([]).describe('for readers; nothing depends on it'),
});
export type Phase = z.infer<typeof Phase>;

export const Plan = z.strictObject({
  name: Name.describe('the rollout is called so, unless `start --name` says otherwise'),
  title: Line,
  overview: z.string().trim().optional().describe('for readers; nothing depends on it'),
  currentState: z
    .strictObject({ strengths: z.array(Line).default([]), gaps: z.array(Line).default([]) })
    .optional()
    .describe('for readers; nothing depends on it'),
  assets: z
    .array(z.string().min(1))
    .default([])
    .describe('globs, beside the plan: scripts that agents and checks use, stored with the plan'),
  agents: z.record(AgentName, Agent).describe('lanes that do the tasks, by name'),
  defaults: z
    .strictObject({
      attempts: z
        .int()
        .min(1)
        .max(20)
        .default(3)
        .describe('how often an agent tries, and a join point may send a task back, before a person decides'),
      onFailure: z
        .enum(['rollback', 'hold'])
        .default('rollback')
        .describe(
          'what a failed gate or proof of landed work does. rollback: undoes the landing, or the phase once all has landed, then holds; hold: asks a person first. What is inconclusive always asks',
        ),
      approval: z.union([Approval, z.literal(false)]).describe('asked before each landing; false asks nobody'),
      signOff: z
        .union([Approval, z.literal(false)])
        .default(false)
        .describe('asked after the soak, before the checkpoint; a rejection undoes the phase'),
    })
    .describe('for every phase and task that says nothing else'),
  staticChecks: z
    .array(Gate)
    .default([])
    .describe(
      'checks of files alone: after every attempt of a task, and on a candidate before it is approved; only what is worse than at the base fails',
    ),
  lint: z
    .boolean()
    .default(true)
    .describe("a static check of joinpoint's own: nothing new that joinpoint lint calls an error"),
  gates: z
    .array(Gate)
    .default([])
    .describe(
      'gates of every phase: when it begins, as its baseline, then after each stage that is pushed, when everything has landed, and in the soak; only what is worse than the baseline fails',
    ),
  phases: z.array(Phase).min(1).describe('in order, one after the other; each ends in a join point'),
  coordination: z
    .strictObject({
      dailySync: Line.optional(),
      statusFile: z.strictObject({ path: Line, every: Duration }).optional(),
      pullRequests: Line.optional(),
      testing: Line.optional(),
      documentation: Line.optional(),
      monitoring: z.array(Line).default([]),
    })
    .optional()
    .describe('for readers; nothing is carried out of it yet'),
  risks: z
    .array(z.strictObject({ title: Line, mitigation: Line }))
    .default([])
    .describe('for readers; nothing depends on it'),
  afterwards: z
    .array(z.strictObject({ title: Line, description: Line }))
    .default([])
    .describe('for readers; nothing depends on it'),
});
export type Plan = z.infer<typeof Plan>;
