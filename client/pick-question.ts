/** Picks the open question that an answer is for. Pure. */
import type { Action } from '../plan/question.js';
import type { AddressedQuestion } from '../plan/status.js';

export type Picked = { readonly question: AddressedQuestion } | { readonly refusal: string };

/** The question whose subject holds every word of `subject`, or the only one that takes the action. */
export function pickQuestion(
  questions: readonly AddressedQuestion[],
  action: Action,
  subject: string | undefined,
): Picked {
  const takers = questions.filter(({ actions }) => actions.includes(action));
  const named = subject === undefined ? takers : withName(takers, subject);
  const [first, second] = named;
  if (first && !second) return { question: first };
  if (first) return { refusal: `${action}: ${named.length} questions take it (${subjects(named)}); name one` };
  const asked = subject === undefined ? [] : withName(questions, subject);
  if (asked[0])
    return { refusal: `${asked[0].subject}: does not wait for ${action}; it takes ${asked[0].actions.join(', ')}` };
  if (subject !== undefined)
    return { refusal: `${subject}: nothing of that name waits for an answer${waiting(questions)}` };
  return { refusal: `${action}: nothing waits for it${waiting(questions)}` };
}

/** The exact subject goes before one that only holds the words: `task 1` before `task 1 of phase 2`. */
function withName(questions: readonly AddressedQuestion[], subject: string): readonly AddressedQuestion[] {
  const wanted = wordsOf(subject);
  const exact = questions.filter((question) => question.subject.toLowerCase() === subject.trim().toLowerCase());
  if (exact.length > 0) return exact;
  return questions.filter((question) => {
    const words = wordsOf(question.subject);
    return wanted.every((word) => words.includes(word));
  });
}

function wordsOf(text: string): readonly string[] {
  return text.toLowerCase().split(/\s+/).filter(Boolean);
}

function subjects(questions: readonly AddressedQuestion[]): string {
  return questions.map(({ subject }) => `"${subject}"`).join(', ');
}

function waiting(questions: readonly AddressedQuestion[]): string {
  if (questions.length === 0) return '; the rollout waits for nobody now';
  return `; what waits is ${questions.map(({ subject, actions }) => `"${subject}" (${actions.join(', ')})`).join(', ')}`;
}
