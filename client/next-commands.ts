/** The exact commands that answer a question, and those that show what it is about. Pure. */
import { isAbsolute } from 'node:path';
import type { Action, Question } from '../plan/question.js';
import type { QuestionCommands } from '../plan/render-waiting.js';
import type { RolloutView } from '../plan/status.js';
import { quoted, shortPath } from './command-line.js';
import { wordsFor } from './pick-question.js';

export interface Asking {
  readonly question: Question;
  /** Everything that waits, this one among it. */
  readonly questions: readonly Question[];
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
function lookCommands({ question, target: { repo, branch, uid } }: Asking): readonly string[] {
  const { kind, evidence } = question;
  const failed = taskOfFailedAgent(question);
  if (!evidence?.commit && !evidence?.ref && failed === undefined) return [];
  const isHere = isAbsolute(repo);
  const git = isHere ? `git -C ${quoted(shortPath(repo, process.cwd()))}` : 'git';
  const head = isHere ? branch : `origin/${branch}`;
  const commit = evidence?.commit?.slice(0, 12);
  const log =
    kind === 'signOff'
      ? `${git} log -p --reverse --grep "Joinpoint-Rollout: ${uid}" ${commit}`
      : `${git} log -p --reverse ${quoted(`${head}..${commit}`)}`;
  return [
    ...(isHere ? [] : [`git fetch origin "+refs/joinpoint/${uid}/*:refs/joinpoint/${uid}/*"`]),
    ...(commit ? [log] : []),
    ...(evidence?.ref ? [`${git} show ${quoted(evidence.ref)}`] : []),
    ...(failed === undefined
      ? []
      : [`${git} log -p -1 --first-parent refs/joinpoint/${uid}/task-${failed} -- "attempts/*.log"`]),
  ];
}

/** What it said is kept beside what became of it, in a commit that also keeps its work as a parent; only the words of workflows/run-task.ts tell an agent's failure from a check's. */
function taskOfFailedAgent({ kind, subject, why }: Question): string | undefined {
  return kind === 'hold' && /^(\d+ attempts? failed; the last: )?the agent /.test(why)
    ? /^task (\S+)$/.exec(subject)?.[1]
    : undefined;
}

/** One command for each action that the question takes, the likeliest first. */
function answerCommands({ question, questions, rollout, command }: Asking): readonly string[] {
  const options = rollout === undefined ? [] : ['--rollout', rollout];
  const named = wordsFor(question, questions);
  return question.actions.map((action) => command(action, ...named, ...words(action, question), ...options));
}

function words(action: Action, { forWhom, tasks, kind, evidence }: Question): readonly string[] {
  const who = forWhom[0] === undefined ? [] : ['--as', forWhom[0]];
  const commit = evidence?.commit === undefined ? [] : ['--commit', evidence.commit.slice(0, 12)];
  switch (action) {
    case 'approve':
      return [...who, ...commit];
    case 'reject':
      return [...who, ...commit, '-m', 'what is wrong', ...(tasks[0] === undefined ? [] : ['--task', tasks[0]])];
    case 'skip':
      return ['-m', 'the reason'];
    case 'override':
      return [...commit, '-m', 'the reason'];
    case 'done':
      return kind === 'ticks' ? ['--evidence', 'how you know'] : who;
    case 'retry':
    case 'rollback':
      return [];
  }
}
