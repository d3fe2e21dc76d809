/** The exact commands that answer a question, and those that show what it is about. Pure. */
import { isAbsolute } from 'node:path';
import type { Action, Question } from '../plan/question.js';
import type { QuestionCommands } from '../plan/render-waiting.js';
import type { RolloutView } from '../plan/status.js';
import { quoted, shortPath } from './command-line.js';

export interface Asking {
  readonly question: Question;
  readonly target: Pick<RolloutView, 'repo' | 'branch' | 'uid'>;
  /** Set where more than one rollout is open. */
  readonly rollout?: string;
  /** How this terminal reaches the same server. */
  readonly command: (...words: readonly string[]) => string;
}

export function questionCommands(asking: Asking): QuestionCommands {
  return { look: lookCommands(asking), answer: answerCommands(asking) };
}

/** git, in the target itself where it is a folder of this machine, else in a clone of it. */
function lookCommands({ question: { evidence }, target: { repo, branch, uid } }: Asking): readonly string[] {
  if (!evidence?.commit && !evidence?.ref) return [];
  const isHere = isAbsolute(repo);
  const git = isHere ? `git -C ${quoted(shortPath(repo, process.cwd()))}` : 'git';
  const head = isHere ? branch : `origin/${branch}`;
  return [
    ...(isHere ? [] : [`git fetch origin "+refs/joinpoint/${uid}/*:refs/joinpoint/${uid}/*"`]),
    ...(evidence.commit ? [`${git} log -p --reverse ${quoted(`${head}..${evidence.commit.slice(0, 12)}`)}`] : []),
    ...(evidence.ref ? [`${git} show ${quoted(evidence.ref)}`] : []),
  ];
}

/** One command for each action that the question takes, the likeliest first. */
function answerCommands({ question, rollout, command }: Asking): readonly string[] {
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
