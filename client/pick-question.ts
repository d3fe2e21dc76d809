/** Picks the open question that an answer is for, and names it so that it is picked again. Pure. */
import type { Action, Question } from '../plan/question.js';
import type { AddressedQuestion } from '../plan/status.js';

/** What a person says of the question that they mean. */
export interface Wanted {
  /** Words of what it is about. */
  readonly subject?: string;
  /** Its id. */
  readonly question?: string;
  /** Tasks that it is about, where the answer names some. */
  readonly tasks?: readonly string[];
}

export type Picked = { readonly question: AddressedQuestion } | { readonly refusal: string };

/** Of the questions that take the action the one that is wanted; the only one, where nothing was said of it. */
export function pickQuestion(questions: readonly AddressedQuestion[], action: Action, wanted: Wanted): Picked {
  const takers = questions.filter(({ actions }) => actions.includes(action));
  const meant = aboutTasks(named(takers, wanted), wanted.tasks ?? []);
  const [first, second] = meant;
  if (first && !second) return { question: first };
  if (first) return { refusal: `${action}: ${meant.length} questions take it (${names(meant, questions)}); name one` };
  const name = wanted.question ?? wanted.subject;
  if (name === undefined) return { refusal: `${action}: nothing waits for it${waiting(questions)}` };
  const [other] = named(questions, wanted);
  return {
    refusal: other
      ? `${other.subject}: does not wait for ${action}; it takes ${other.actions.join(', ')}`
      : `${name}: nothing of that name waits for an answer${waiting(questions)}`,
  };
}

/** The words of a command that mean this question among all that wait: its subject, and its id where another has the same. */
export function wordsFor(question: Question, questions: readonly Question[]): readonly string[] {
  const { subject, id } = question;
  return questions.some((other) => other.id !== id && isSame(other.subject, subject))
    ? [subject, '--question', id]
    : [subject];
}

function named(
  questions: readonly AddressedQuestion[],
  { subject, question: id }: Wanted,
): readonly AddressedQuestion[] {
  const ofId = id === undefined ? questions : questions.filter((question) => question.id === id);
  return subject === undefined ? ofId : about(ofId, subject);
}

/** The exact subject goes before one that only holds the words: `task 1` before `task 1 of phase 2`. */
function about(questions: readonly AddressedQuestion[], subject: string): readonly AddressedQuestion[] {
  const wanted = wordsOf(subject);
  const exact = questions.filter((question) => isSame(question.subject, subject));
  if (exact.length > 0) return exact;
  return questions.filter((question) => {
    const words = wordsOf(question.subject);
    return wanted.every((word) => words.includes(word));
  });
}

/** Of several, those that all these tasks belong to; all, where none is: whoever asks says then which tasks it knows. */
function aboutTasks(questions: readonly AddressedQuestion[], tasks: readonly string[]): readonly AddressedQuestion[] {
  const theirs = questions.filter((question) => tasks.every((task) => question.tasks.includes(task)));
  return theirs.length > 0 ? theirs : questions;
}

function isSame(subject: string, other: string): boolean {
  return subject.trim().toLowerCase() === other.trim().toLowerCase();
}

function wordsOf(text: string): readonly string[] {
  return text.toLowerCase().split(/\s+/).filter(Boolean);
}

function names(some: readonly AddressedQuestion[], all: readonly AddressedQuestion[]): string {
  return some
    .map((question) => {
      const [subject, ...id] = wordsFor(question, all);
      return [`"${subject}"`, ...id].join(' ');
    })
    .join(', ');
}

function waiting(questions: readonly AddressedQuestion[]): string {
  if (questions.length === 0) return '; the rollout waits for nobody now';
  return `; what waits is ${questions.map(({ subject, actions }) => `"${subject}" (${actions.join(', ')})`).join(', ')}`;
}
