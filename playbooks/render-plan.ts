/** What a playbook is going to do, as Markdown: shown before it edits, and kept with the pull request. */
import type { Playbook } from './playbook.js';
import type { StageRun } from './run-stage.js';

const linesAtMost = 200;

export function renderPlaybookPlan({ title, summary, risk, undo }: Playbook, runs: readonly StageRun[]): string {
  const lines = runs.flatMap(({ stage, steps, notes }) => [
    '',
    `### ${stage}: ${steps.length === 0 ? 'nothing to do' : `${steps.length} steps in ${new Set(steps.map(({ file }) => file)).size} files`}`,
    '',
    ...cut(steps.map(({ what, file }) => `- ${what} (\`${file}\`)`)),
    ...(notes.length > 0 ? ['', 'Left as it is:', '', ...cut(notes.map((note) => `- ${note}`))] : []),
  ]);
  return [`**${title}**: ${summary} Risk: ${risk}; undone by ${undo}.`, ...lines].join('\n');
}

function cut(lines: readonly string[]): readonly string[] {
  return lines.length <= linesAtMost
    ? lines
    : [...lines.slice(0, linesAtMost), `- and ${lines.length - linesAtMost} more`];
}
