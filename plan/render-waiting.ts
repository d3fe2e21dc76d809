/** Says of everything that waits for a person why, for whom, until when, and what to type. Pure. */
import { durationText } from './duration.js';
import type { Question } from './question.js';
import { cut, screenWidth, type Style, timeText, wrap } from './render-style.js';

const kinds: Readonly<Record<Question['kind'], string>> = {
  approval: 'asks to approve',
  signOff: 'asks to sign off',
  hold: 'holds',
  ticks: 'asks to confirm',
  work: 'asks for work',
};

/** Lines about one question; `commands` are the exact next commands. */
export function renderQuestion(
  question: Question,
  commands: readonly string[],
  now: number,
  style: Style,
): readonly string[] {
  const { subject, kind, why, items, evidence } = question;
  const indented = (text: string): readonly string[] => wrap(text, screenWidth - 4).map((line) => `    ${line}`);
  return [
    `${style.asks('?')} ${style.strong(subject)} ${kinds[kind]}, ${forWhom(question)}${until(question, now)}`,
    ...indented(why),
    ...(evidence ? indented(evidence.summary) : []),
    ...(evidence?.commit ? [style.faint(`    git show ${evidence.commit.slice(0, 12)}`)] : []),
    ...(evidence?.ref ? [style.faint(`    evidence in ${cut(evidence.ref, screenWidth - 16)}`)] : []),
    ...items.flatMap(({ id, title, evidence: wanted }) => [
      `    - ${id}  ${cut(title, screenWidth - 8 - id.length)}`,
      style.faint(`      evidence: ${cut(wanted, screenWidth - 16)}`),
    ]),
    ...commands.map((command) => `    ${style.busy('$')} ${command}`),
  ];
}

/** `for owner`, `for 2 of ann, bob`, `for anybody`. */
export function forWhom({ forWhom: people, need }: Question): string {
  if (people.length === 0) return 'for anybody';
  return need > 1 ? `for ${need} of ${people.join(', ')}` : `for ${people.join(' or ')}`;
}

function until({ deadlineAt, escalateTo }: Question, now: number): string {
  if (deadlineAt === undefined) return '';
  const beyond = escalateTo.length > 0 ? `, then ${escalateTo.join(', ')} too` : '';
  if (deadlineAt <= now) return `, since ${timeText(deadlineAt)} overdue`;
  return `, until ${timeText(deadlineAt)} (${durationText(deadlineAt - now)} left${beyond})`;
}
