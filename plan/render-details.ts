/** The few Markdown lines that the Temporal UI shows as a workflow's current details. Pure, and cheap enough for every change. */
import type { TaskStates } from './phase-state.js';
import type { Question } from './question.js';
import { forWhom } from './render-waiting.js';
import type { NodeReport, PhaseStatus, RolloutView, TaskStatus } from './status.js';

/** A page shows so many; the command line shows all. */
const shownAtMost = 20;

const marks: Readonly<Record<PhaseStatus, string>> = {
  planned: '○',
  running: '●',
  waiting: '●',
  held: '■',
  done: '✓',
  skipped: '–',
  undone: '↺',
};

/** The phases, each with its checkpoint, and what the rollout itself waits for. */
export function rolloutDetails({ title, repo, branch, status, phases, reports, questions }: RolloutView): string {
  return lines([
    `**${title}**: ${status}, on \`${repo}\` ${branch}`,
    '',
    ...phases.map(
      ({ id, title: name, status: now, detail, checkpoint }) =>
        `- ${marks[now]} phase ${id}, ${name}${checkpoint ? `: ⚑ \`${checkpoint.tag}\`` : ''}${detail ? `: ${detail}` : ''}`,
    ),
    ...openLines(reports),
    ...questionLines(questions),
  ]);
}

/** How many tasks stand where, what is under way, and what waits for whom. */
export function phaseDetails(
  title: string,
  tasks: TaskStates,
  reports: readonly NodeReport[],
  questions: readonly Question[],
): string {
  const counts = new Map<TaskStatus, number>();
  for (const { status } of Object.values(tasks)) counts.set(status, (counts.get(status) ?? 0) + 1);
  const all = [...counts].map(([status, count]) => `${count} ${status}`).join(', ');
  return lines([
    `**${title}**: ${all || 'no tasks'}`,
    '',
    ...openLines(reports),
    ...questionLines([...questions, ...reports.flatMap((report) => report.questions)]),
  ]);
}

function openLines(reports: readonly NodeReport[]): readonly string[] {
  const shown = reports.slice(-shownAtMost).map(({ node, status }) => `- ${node}: ${status}`);
  return reports.length > shownAtMost ? [...shown, `- and ${reports.length - shownAtMost} more`] : shown;
}

function questionLines(questions: readonly Question[]): readonly string[] {
  if (questions.length === 0) return [];
  return [
    '',
    '**Waits for a person**',
    '',
    ...questions
      .slice(0, shownAtMost)
      .map((question) => `- ${question.subject}, ${forWhom(question)}: ${question.why.split('\n')[0]}`),
  ];
}

function lines(all: readonly string[]): string {
  return `${all.join('\n')}\n`;
}
