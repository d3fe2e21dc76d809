/** Draws a rollout as a tree: phases, tasks, agents, join points with their gates, checkpoints. Pure. */
import { counted } from './counted.js';
import { durationText } from './duration.js';
import { lateText, weeksText } from './planned-weeks.js';
import { cut, screenWidth, type Style, wrap } from './render-style.js';
import { questionKinds } from './render-waiting.js';
import { taskMarks } from './task-marks.js';
import type { NodeReport, Pause, PhaseLine, PhaseView, RolloutView, TaskLine, VerdictLine } from './status.js';

export interface TreeInput {
  readonly rollout: RolloutView;
  /** The phases that are drawn with their tasks, by id, as they stand. */
  readonly phases: Readonly<Record<string, PhaseView>>;
  /** Milliseconds since the epoch. */
  readonly now: number;
  readonly style: Style;
}

/** The tree, a line each, none wider than the screen. */
export function renderTree({ rollout, phases, now, style }: TreeInput): readonly string[] {
  const titleWidth = Math.min(44, Math.max(...rollout.phases.map(({ title }) => title.length)));
  return [
    ...header(rollout, now, style),
    ...rollout.phases.flatMap((line) => {
      const view = phases[line.id];
      return [phaseLine(line, rollout, titleWidth, now, style), ...(view ? branches(view, line, now, style) : [])];
    }),
    ...afterword(rollout, style),
  ];
}

function header(
  { name, title, status, repo, branch, uid, startedAt, soakAtMostMs, pause }: RolloutView,
  now: number,
  style: Style,
): readonly string[] {
  const colour = {
    done: style.good,
    aborted: style.bad,
    held: style.asks,
    aborting: style.bad,
    rollingBack: style.bad,
    paused: style.asks,
    running: style.busy,
  }[status];
  // Its age beside any other state would read as how long that has lasted.
  const age = status === 'running' ? ` for ${durationText(now - startedAt)}` : '';
  return [
    `${style.strong(name)}  ${cut(title, 50)}  ${colour(statusText[status])}${age}`,
    style.faint(cut(`${repo}#${branch}, rollout ${uid}`, screenWidth)),
    ...(soakAtMostMs === undefined
      ? []
      : [style.faint(`soaks are shortened to ${durationText(soakAtMostMs)} (--shorten-soaks)`)]),
    ...(pause && status !== 'done' && status !== 'aborted'
      ? [style.asks(cut(pauseText(pause, now), screenWidth))]
      : []),
    '',
  ];
}

function pauseText({ by, at, why }: Pause, now: number): string {
  return `paused by ${by} ${durationText(now - at)} ago${why ? `: ${why}` : ''}`;
}

const statusText: Readonly<Record<RolloutView['status'], string>> = {
  running: 'running',
  paused: 'paused: what runs is finished, nothing new begins',
  held: 'held',
  aborting: 'aborting',
  rollingBack: 'rolling back',
  done: 'done',
  aborted: 'aborted',
};

function phaseLine(
  line: PhaseLine,
  { startedAt, phases }: RolloutView,
  titleWidth: number,
  now: number,
  style: Style,
): string {
  const idWidth = Math.max(...phases.map(({ id }) => id.length));
  const start = `${phaseMark(line, style)} ${style.strong(line.id.padEnd(idWidth))}  ${cut(line.title, titleWidth).padEnd(titleWidth)}`;
  const late = lateText(line, startedAt, now);
  const facts = [
    weeksText(line.weeks).padEnd(9),
    (line.taskCount > 0 ? counted(line.taskCount, 'task') : '').padEnd(8),
  ].join('  ');
  const end = line.checkpoint
    ? `⚑ ${line.checkpoint.commit.slice(0, 9)}`
    : cut(line.detail, 40) || (line.status === 'planned' ? '' : line.status);
  return `${start}  ${style.faint(facts)}  ${end}${late ? ` ${style.asks(late)}` : ''}`.trimEnd();
}

function phaseMark({ status }: PhaseLine, style: Style): string {
  const marks: Readonly<Record<PhaseLine['status'], string>> = {
    planned: style.faint('○'),
    running: style.busy('●'),
    waiting: style.asks('?'),
    held: style.asks('?'),
    done: style.good('✓'),
    skipped: style.asks('↷'),
    undone: style.bad('↩'),
  };
  return marks[status];
}

function branches(view: PhaseView, line: PhaseLine, now: number, style: Style): readonly string[] {
  const idWidth = Math.max(0, ...view.tasks.map(({ id }) => id.length));
  const agentWidth = Math.max(0, ...view.tasks.map(({ agent }) => agent.length));
  const widths = { id: idWidth, agent: agentWidth };
  return [
    ...view.tasks.flatMap((task) => taskLines(task, view, widths, style)),
    ...joinPointLines(view, line, now, style),
  ];
}

function taskLines(
  task: TaskLine,
  view: PhaseView,
  widths: { readonly id: number; readonly agent: number },
  style: Style,
): readonly string[] {
  const report = view.reports.find(({ node }) => node === `task ${task.id}`);
  const asks = (report?.questions.length ?? 0) > 0;
  const agent = style.faint(task.agent.padEnd(widths.agent));
  const { mark, said } = asks ? { mark: style.asks('?'), said: 'waits for a person' } : taskNow(task, style);
  const start = `  ├─ ${mark} ${task.id.padEnd(widths.id)}  ${agent}  ${cut(task.title, 40).padEnd(40)}`;
  const room = screenWidth - 5 - 2 - widths.id - 2 - widths.agent - 2 - 40 - 2;
  // Why a person let something through is nothing to cut: what does not fit stands below.
  const fits = said.length <= room;
  const below = '  │    ';
  return [
    fits ? `${start}  ${said}` : start.trimEnd(),
    ...(fits ? [] : wrap(said, screenWidth - below.length).map((part) => `${below}${part}`)),
    ...verdictLinesOf(report?.verdicts ?? [], below, style),
  ];
}

interface Marked {
  readonly mark: string;
  readonly said: string;
}

function taskNow({ status, detail }: TaskLine, style: Style): Marked {
  const [mark, word] = taskMarks(style)[status];
  // Of what landed, its detail is what a person let through.
  if (status === 'landed') return { mark, said: detail || word };
  return { mark, said: `${word}${detail ? `: ${detail}` : ''}` };
}

function joinPointLines(view: PhaseView, line: PhaseLine, now: number, style: Style): readonly string[] {
  const reports = view.reports.filter(
    ({ node }) => !view.tasks.some(({ id }) => node === `task ${id}` && line.status !== 'done'),
  );
  const closing = reports.filter(({ node }) => node.startsWith('join point') || node.includes('of join point'));
  const others = reports.filter((report) => !closing.includes(report) && !report.node.startsWith('task '));
  const isDone = line.status === 'done';
  const mark = isDone
    ? style.good('◆')
    : closing.some(({ questions }) => questions.length > 0)
      ? style.asks('?')
      : style.faint('◇');
  const end = isDone ? (line.checkpoint ? `⚑ ${line.checkpoint.tag}` : '') : '';
  const said = isDone ? [] : closing.flatMap((report) => nodeLines(report, '       ', now, style));
  return [
    ...others.flatMap((report) => nodeLines(report, '  │  ', now, style)),
    `  └─ ${mark} ${cut(view.joinPoint, 60)}  ${style.faint(end)}`.trimEnd(),
    ...said,
  ];
}

/** A join point, landing or undo: what it does, until when, and what its gates say. */
function nodeLines(
  { node, status, until, verdicts = [], questions }: NodeReport,
  indent: string,
  now: number,
  style: Style,
): readonly string[] {
  const soak = until !== undefined && until > now ? `, ${durationText(until - now)} left` : '';
  const [question] = questions;
  const said = question ? style.asks(questionKinds[question.kind]) : `${status}${soak}`;
  const gates = countVerdicts(verdicts);
  return [
    `${indent}${cut(node, 60)}: ${said}${gates ? style.faint(`  ${gates}`) : ''}`,
    ...verdictLinesOf(verdicts, `${indent}  `, style),
  ];
}

/** `4 passed, 1 failed`; nothing for no verdict. */
export function countVerdicts(verdicts: readonly VerdictLine[]): string {
  return (['passed', 'broken before', 'overridden', 'failed', 'inconclusive'] as const)
    .map((outcome) => [verdicts.filter((verdict) => outcomeOf(verdict) === outcome).length, outcome] as const)
    .filter(([count]) => count > 0)
    .map(([count, outcome]) => `${count} ${outcome}`)
    .join(', ');
}

function outcomeOf({ status, note }: VerdictLine): VerdictLine['status'] | 'broken before' | 'overridden' {
  return note === 'brokenBefore' ? 'broken before' : (note ?? status);
}

function verdictLinesOf(verdicts: readonly VerdictLine[], indent: string, style: Style): readonly string[] {
  return verdicts
    .filter((verdict) => outcomeOf(verdict) !== 'passed')
    .flatMap(({ status, title, why }) => {
      const mark = status === 'failed' ? style.bad('✗') : style.asks('~');
      return wrap(`${title}: ${why}`, screenWidth - indent.length - 2).map(
        (line, at) => `${indent}${at === 0 ? mark : ' '} ${line}`,
      );
    });
}

/** What a person should read is broken into lines, never cut: the reason stands at its end. */
function afterword({ notes, manualTasks, reports }: RolloutView, style: Style): readonly string[] {
  const section = (title: string, paragraphs: readonly string[]): readonly string[] =>
    paragraphs.length === 0 ? [] : ['', style.strong(title), ...paragraphs.flatMap((paragraph) => hanging(paragraph))];
  return [
    ...section(
      'Under way',
      reports.map(({ node, status }) => `${node}: ${status}`),
    ),
    ...section(
      'Left to a person',
      manualTasks.map(({ phase, task, what }) => `${style.asks('!')} phase ${phase}, ${task}: ${what}`),
    ),
    ...section('Notes', notes),
  ];
}

function hanging(paragraph: string): readonly string[] {
  return wrap(paragraph, screenWidth - 4).map((line, at) => `${at === 0 ? '  ' : '    '}${line}`);
}
