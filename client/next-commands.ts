/** The exact commands that answer a question. Pure. */
import type { Action, Question } from '../plan/question.js';

export interface Asking {
  readonly question: Question;
  /** Set where more than one rollout is open. */
  readonly rollout?: string;
  /** How this terminal reaches the same server. */
  readonly command: (...words: readonly string[]) => string;
}

/** One command for each action that the question takes, the likeliest first. */
export function answerCommands({ question, rollout, command }: Asking): readonly string[] {
  const options = rollout === undefined ? [] : ['--rollout', rollout];
  return question.actions.map((action) => command(action, question.subject, ...words(action, question), ...options));
}

function words(action: Action, { forWhom, tasks, kind }: Question): readonly string[] {
  const who = forWhom[0] === undefined ? [] : ['--as', forWhom[0]];
  switch (action) {
    case 'approve':
      return who;
    case 'reject':
      return [...who, '-m', 'what is wrong', ...(tasks[0] === undefined ? [] : ['--task', tasks[0]])];
    case 'skip':
    case 'override':
      return ['-m', 'the reason'];
    case 'done':
      return kind === 'ticks' ? ['--evidence', 'how you know'] : who;
    case 'retry':
    case 'rollback':
      return [];
  }
}
