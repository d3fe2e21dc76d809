/** Builds small plans for tests: `aPlan().phase('1', (phase) => phase.task('1.1', …))`. */
import { Plan } from '../../plan/schema.js';

type PlanInput = Record<string, unknown>;

export class PhaseBuilder {
  readonly tasks: Record<string, unknown>[] = [];
  extra: Record<string, unknown> = {};

  /** A task whose agent appends to or writes a file by shell text; verified by `checks`. */
  task(
    id: string,
    options: {
      readonly run?: string;
      readonly files?: readonly string[];
      readonly needs?: readonly string[];
      readonly agent?: string;
      readonly checks?: readonly string[];
      readonly ticks?: readonly string[];
    } & Record<string, unknown> = {},
  ): this {
    const {
      run: _,
      files = [`${id}.txt`],
      needs = [],
      agent = 'A',
      checks = [`test -f ${id}.txt`],
      ticks = [],
      ...rest
    } = options;
    this.tasks.push({
      id,
      title: `Task ${id}`,
      agent,
      branch: `feature/${id}`,
      files,
      needs,
      deliverables: [
        ...checks.map((run) => ({ title: `check ${run}`.slice(0, 80), run })),
        ...ticks.map((title) => ({ title, person: 'say how you know' })),
      ],
      ...rest,
    });
    return this;
  }

  with(extra: Record<string, unknown>): this {
    this.extra = { ...this.extra, ...extra };
    return this;
  }
}

export class PlanBuilder {
  private readonly phases: Record<string, unknown>[] = [];
  /** What each task's agent runs, by task id. */
  readonly scripts: Record<string, string> = {};
  private extra: PlanInput = {};

  phase(id: string, fill: (phase: PhaseBuilder) => PhaseBuilder): this {
    const phase = fill(new PhaseBuilder());
    this.phases.push({ id, title: `Phase ${id}`, tasks: phase.tasks, ...phase.extra });
    return this;
  }

  /** What the agent runs for a task; by default it writes `<id>.txt`. */
  script(task: string, run: string): this {
    this.scripts[task] = run;
    return this;
  }

  with(extra: PlanInput): this {
    this.extra = { ...this.extra, ...extra };
    return this;
  }

  build(): Plan {
    const cases = Object.entries(this.scripts)
      .map(([task, run]) => `${task}) ${run} ;;`)
      .join('\n');
    const run = `case "$JOINPOINT_TASK" in\n${cases}\n*) echo "$JOINPOINT_TASK" > "$JOINPOINT_TASK.txt" ;;\nesac`;
    return Plan.parse({
      name: 'test',
      title: 'A plan for a test',
      agents: {
        A: { kind: 'command', run, concurrency: 4, timeout: '1m' },
        B: { kind: 'command', run, concurrency: 4, timeout: '1m' },
        H: { kind: 'human', people: ['hanna'] },
        P: { kind: 'playbook' },
      },
      defaults: { approval: { approvers: ['owner'] } },
      phases: this.phases,
      ...this.extra,
    });
  }
}

export function aPlan(): PlanBuilder {
  return new PlanBuilder();
}
