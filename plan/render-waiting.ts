/** Says of everything that waits for a person why, for whom, until when, and what to type. Pure. */
import { durationText } from './duration.js';
import type { Question } from './question.js';
import { cut, screenWidth, type Style, timeText, wrap } from './render-style.js';

/** What a question does, after its subject. */
export const questionKinds: Readonly<Record<Question['kind'], string>> = {
  approval: 'asks to approve',
  signOff: 'asks to sign off',
  hold: 'holds',
  ticks: 'asks to confirm',
  work: 'asks for work',
};

/** The exact commands that go with a question. */
export interface QuestionCommands {
  /** Show what is to be judged. */
  readonly look: readonly string[];
  readonly answer: readonly string[];
}

/** Lines about one question. */
export function renderQuestion(
  question: Question,
  { look, answer }: QuestionCommands,
  now: number,
  style: Style,
): readonly string[] {
  const { why, items, evidence } = question;
  const indented = (text: string): readonly string[] => wrap(text, screenWidth - 4).map((line) => `    ${line}`);
  return [
    questionTitle(question, now, style),
    ...indented(why),
    ...(evidence ? indented(evidence.summary) : []),
    ...look.map((command) => style.faint(`    $ ${command}`)),
    ...items.flatMap(({ id, title, evidence: wanted }) => [
      `    - ${id}  ${cut(title, screenWidth - 8 - id.length)}`,
      style.faint(`      evidence: ${cut(wanted, screenWidth - 16)}`),
    ]),
    ...answer.map((command) => `    ${style.busy('$')} ${command}`),
  ];
}

/** What asks for what, of whom, until when. */
export function questionTitle(question: Question, now: number, style: Style): string {
  const { subject, kind } = question;
  return `${style.asks('?')} ${style.strong(subject)} ${questionKinds[kind]}, ${forWhom(question)}${until(question, now)}`;
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
