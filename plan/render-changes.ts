/** Says what is new between two looks at a rollout: a log of a rollout for screens that are not redrawn. Pure. */
import { countVerdicts } from './render-tree.js';
import { cut, type Style } from './render-style.js';
import type { NodeReport, PhaseLine, PhaseView, RolloutView, TaskLine, TaskStatus } from './status.js';
import { taskMarks } from './task-marks.js';

/** One look: the rollout, and its open phase where it has one. */
export interface Glance {
  readonly rollout: RolloutView;
  readonly phase?: PhaseView;
}

/** A line for each change, in the order in which people read a plan. Cut to `width` where there is one, but for what a phase's end and a note give as the reason. */
export function renderChanges(
  before: Glance | undefined,
  after: Glance,
  style: Style,
  width = Infinity,
): readonly string[] {
  const inPhase = after.phase
    ? openPhaseChanges(before?.phase?.id === after.phase.id ? before.phase : undefined, after.phase, style)
    : [];
  return [
    ...after.rollout.phases.flatMap((phase, at) => phaseChange(before?.rollout.phases[at], phase, style)),
    ...inPhase.map((line) => cutLine(line, width)),
    ...after.rollout.notes.slice(before?.rollout.notes.length ?? 0).map((note) => `${style.asks('!')} ${note}`),
  ];
}

function phaseChange(before: PhaseLine | undefined, after: PhaseLine, style: Style): readonly string[] {
  if (after.status === (before?.status ?? 'planned')) return [];
  const name = `phase ${after.id}`;
  switch (after.status) {
    case 'running':
      return [`${style.busy('●')} ${style.strong(name)}  ${after.title}`];
    case 'done':
      return [
        `${style.good('✓')} ${style.strong(name)}  ${after.joinPoint}${after.checkpoint ? style.faint(`  ⚑ ${after.checkpoint.tag}`) : ''}`,
      ];
    default:
      return [`${style.asks('!')} ${style.strong(name)}  ${after.status}${after.detail ? `: ${after.detail}` : ''}`];
  }
}

function openPhaseChanges(before: PhaseView | undefined, after: PhaseView, style: Style): readonly string[] {
  return [
    ...after.tasks.flatMap((task) =>
      taskChange(
        before?.tasks.find(({ id }) => id === task.id),
        task,
        style,
      ),
    ),
    ...after.reports
      .filter(
        ({ node }) =>
          !node.startsWith('task ') ||
          !after.tasks.some(({ id, status }) => node === `task ${id}` && status === 'working'),
      )
      .flatMap((report) =>
        nodeChange(
          before?.reports.find(({ node }) => node === report.node),
          report,
          style,
        ),
      ),
  ];
}

function taskChange(before: TaskLine | undefined, after: TaskLine, style: Style): readonly string[] {
  const isNews =
    after.status !== (before?.status ?? 'waiting') || (after.status === 'working' && after.detail !== before?.detail);
  if (!isNews) return [];
  const [mark, word] = taskMarks(style)[after.status];
  const news: Partial<Record<TaskStatus, string>> = {
    waiting: after.detail,
    working: after.detail,
    ready: 'verified',
    skipped: `skipped ${after.detail}`,
  };
  const said = news[after.status] ?? word;
  return [
    `  ${mark} ${after.id}  ${style.faint(after.agent)}  ${cut(after.title, 44)}${said ? style.faint(`  ${said}`) : ''}`,
  ];
}

function nodeChange(before: NodeReport | undefined, after: NodeReport, style: Style): readonly string[] {
  if (before?.status === after.status || after.status === '') return [];
  const counted = countVerdicts(after.verdicts ?? []);
  const bad = (after.verdicts ?? []).filter(({ status }) => status !== 'passed');
  return [
    `  ${style.faint('◇')} ${after.node}  ${after.status}${counted ? style.faint(`  (${counted})`) : ''}`,
    ...bad.map(({ title, status, why }) => `    ${style.bad('✗')} ${title} ${status}: ${why}`),
  ];
}

/** Cuts what is visible, leaving the marks of colour alone. */
function cutLine(line: string, width: number): string {
  const visible = line.replaceAll(/\u001B\[\d+m/g, '');
  if (visible.length <= width) return line;
  const indent = /^ */.exec(visible)![0];
  return indent + cut(visible, width - indent.length);
}
