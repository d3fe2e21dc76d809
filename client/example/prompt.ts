/** Asks the person at the terminal what a rollout asks. */
import { createInterface, type Interface } from 'node:readline/promises';
import type { Action, Answer, Question } from '../../plan/question.js';

export interface PromptOptions {
  /** Aborted when the question was answered elsewhere, or the person interrupts. */
  readonly signal: AbortSignal;
  /** Who answers; absent: whom the question is for. */
  readonly as?: string;
  /** The terminal gives Ctrl-C to the prompt, not to the process. */
  readonly onInterrupt: () => void;
}

/** The person's answers to one question; none when they leave it for later. Rejects when aborted. */
export async function promptFor(
  question: Question,
  { signal, as, onInterrupt }: PromptOptions,
): Promise<readonly Answer[]> {
  const terminal = createInterface({ input: process.stdin, output: process.stdout });
  terminal.on('SIGINT', onInterrupt);
  const ask = async (text: string): Promise<string> => (await terminal.question(text, { signal })).trim();
  try {
    const by = as ?? question.forWhom.find((person) => !question.authors.includes(person)) ?? 'owner';
    if (question.kind === 'ticks') return await askTicks(question, by, ask);
    if (question.actions.includes('approve')) return await askApproval(question, by, ask);
    return await askAction(question, by, ask);
  } finally {
    close(terminal);
  }
}

type Ask = (text: string) => Promise<string>;

/** Which question is answered, and what was shown with it. */
function asShown({ id, evidence }: Question): Pick<Answer, 'question' | 'commit'> {
  return { question: id, ...(evidence?.commit && { commit: evidence.commit }) };
}

async function askApproval(question: Question, by: string, ask: Ask): Promise<readonly Answer[]> {
  for (;;) {
    const said = (await ask(`    approve as ${by}? [y]es, [n]o, [l]ater: `)).toLowerCase();
    if (said === 'y' || said === 'yes') return [{ action: 'approve', by, ...asShown(question) }];
    if (said === 'l' || said === 'later') return [];
    if (said !== 'n' && said !== 'no') continue;
    const comment = await untilSaid('    what is wrong? ', ask);
    const tasks = await whichTasks('send back', question, ask);
    return [{ action: 'reject', by, comment, tasks, ...asShown(question) }];
  }
}

async function whichTasks(toDo: string, { tasks }: Question, ask: Ask): Promise<readonly string[]> {
  if (tasks.length === 0) return [];
  const named = await ask(`    ${toDo} which tasks (${tasks.join(', ')}; Enter for none)? `);
  return named.split(/[\s,]+/).filter(Boolean);
}

async function askTicks({ id, items }: Question, by: string, ask: Ask): Promise<readonly Answer[]> {
  const answers: Answer[] = [];
  for (const item of items) {
    const evidence = await ask(`    ${item.id} ${item.title}\n      evidence (${item.evidence}; Enter for later): `);
    if (evidence) answers.push({ action: 'done', by, items: [item.id], evidence, question: id });
  }
  return answers;
}

async function askAction(question: Question, by: string, ask: Ask): Promise<readonly Answer[]> {
  const { actions } = question;
  for (;;) {
    const said = (await ask(`    ${actions.join(', ')} or later? `)).toLowerCase();
    if (said === 'later' || said === 'l') return [];
    const action = actions.find((one) => one === said);
    if (!action) continue;
    // A retry of a whole phase tells nobody anything but the agents of the tasks that it names.
    const tasks = action === 'retry' ? await whichTasks('work again on', question, ask) : [];
    const isHeard = action !== 'retry' || question.tasks.length === 0 || tasks.length > 0;
    const comment = needsReason(action)
      ? await untilSaid('    why? ', ask)
      : isHeard && (await ask('    anything to say (Enter for nothing)? '));
    return [{ action, by, ...(comment && { comment }), ...(tasks.length > 0 && { tasks }), ...asShown(question) }];
  }
}

function needsReason(action: Action): boolean {
  return action === 'skip' || action === 'override' || action === 'reject';
}

async function untilSaid(text: string, ask: Ask): Promise<string> {
  for (;;) {
    const said = await ask(text);
    if (said) return said;
  }
}

/** A closed prompt leaves the terminal's input open, which would keep the process alive. */
function close(terminal: Interface): void {
  terminal.close();
  process.stdin.pause();
}
