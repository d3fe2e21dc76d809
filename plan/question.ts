/** Everything that waits for a person is a question; this decides which answers count. Pure. */

export const actions = ['approve', 'reject', 'retry', 'skip', 'override', 'rollback', 'done'] as const;
export type Action = (typeof actions)[number];

export interface TickItem {
  readonly id: string;
  readonly title: string;
  /** What evidence the plan asks for. */
  readonly evidence: string;
}

export interface Question {
  /** Unique among all that its workflow's id ever asks. */
  readonly id: string;
  readonly kind: 'approval' | 'signOff' | 'hold' | 'ticks' | 'work';
  /** What it is about: `phase 1`, `task 1.2`. */
  readonly subject: string;
  readonly why: string;
  /** Who may answer; empty means anybody. */
  readonly forWhom: readonly string[];
  /** How many different people must approve. */
  readonly need: number;
  /** People whose own work it is about: they can't approve it. */
  readonly authors: readonly string[];
  /** Milliseconds since the epoch. */
  readonly askedAt: number;
  readonly deadlineAt?: number;
  /** May answer too, once the deadline has passed. */
  readonly escalateTo: readonly string[];
  readonly actions: readonly Action[];
  /** Tasks that a reject or a retry may name for re-opening. */
  readonly tasks: readonly string[];
  readonly items: readonly TickItem[];
  /** What to look at before answering: a commit, where the evidence is kept, a digest of it. */
  readonly evidence?: { readonly commit?: string; readonly ref?: string; readonly summary: string };
}

export interface Answer {
  readonly action: Action;
  /** Who says so: claimed, unless Temporal's own authorisation proves it. */
  readonly by: string;
  /** A comment on an approval, the reason of a skip or an override, the feedback of a reject or a retry. */
  readonly comment?: string;
  /** Tasks to re-open with that feedback. */
  readonly tasks?: readonly string[];
  /** Ticked items; absent means all that are open. */
  readonly items?: readonly string[];
  readonly evidence?: string;
  /** Which question is meant, where a workflow asks more than one. */
  readonly question?: string;
  /** The rollout that is meant. */
  readonly uid?: string;
  /** The beginning, at least, of the commit that was looked at. */
  readonly commit?: string;
}

export interface Tick {
  readonly id: string;
  readonly by: string;
  readonly evidence: string;
  readonly at: number;
}

/** A question with what was said so far. */
export interface OpenQuestion {
  readonly question: Question;
  readonly approvals: readonly Answer[];
  readonly ticks: readonly Tick[];
}

/** What is still asked of it: ticks and approvals that were given need not be given again. */
export function stillAsked({ question, approvals, ticks }: OpenQuestion): Question {
  return {
    ...question,
    need: question.need - approvals.length,
    items: question.items.filter(({ id }) => !ticks.some((tick) => tick.id === id)),
  };
}

/** Which of the questions that wait an answer is for; one that names none must leave no doubt. */
export function meantBy(
  { action, question: named }: Answer,
  waiting: readonly OpenQuestion[],
): { readonly open: OpenQuestion } | { readonly refusal: string } {
  const fitting = waiting.filter(({ question }) =>
    named === undefined ? question.actions.includes(action) : question.id === named,
  );
  if (fitting.length > 1) {
    const ids = fitting.map(({ question }) => question.id).join(', ');
    return {
      refusal: `${fitting.length} questions take ${action} here (${ids}); name one as the message's "question"`,
    };
  }
  const open = fitting[0] ?? (named === undefined ? waiting[0] : undefined);
  return open ? { open } : { refusal: `nothing waits for ${action} here; see joinpoint status` };
}

export type Judgement =
  | { readonly accepted: false; readonly message: string }
  | { readonly accepted: true; readonly next: OpenQuestion; readonly closedBy?: Answer };

/** Judges an answer to an open question at `now` (milliseconds since the epoch). */
export function judgeAnswer(open: OpenQuestion, said: Answer, now: number): Judgement {
  const { question } = open;
  const answer = withoutRepeats(said);
  const refuse = (what: string): Judgement => ({ accepted: false, message: `${question.subject}: ${what}` });
  if (!question.actions.includes(answer.action))
    return refuse(`does not wait for ${answer.action}; it takes ${question.actions.join(', ')}`);
  if (answer.commit !== undefined && !isAbout(question, answer.commit))
    return refuse(
      `is about ${question.evidence?.commit?.slice(0, 12) ?? 'no commit'} now, and ${answer.commit || 'none'} was looked at: it has changed; look again with joinpoint status`,
    );
  if (!mayAnswer(question, answer, now))
    return refuse(
      `${answer.by} is not on the list of who may ${answer.action === 'done' ? 'say done' : answer.action}; ask ${question.forWhom.join(', ')}`,
    );
  switch (answer.action) {
    case 'approve':
      return judgeApproval(open, answer, refuse);
    case 'reject':
      if (!answer.comment?.trim()) return refuse('a reject needs feedback; say what is wrong with -m TEXT');
      return judgeReopening(open, answer, refuse);
    case 'skip':
    case 'override':
      if (!answer.comment?.trim()) return refuse(`${answer.action} needs a reason; give it with -m TEXT`);
      return { accepted: true, next: open, closedBy: answer };
    case 'done':
      return question.kind === 'ticks'
        ? judgeTicks(open, answer, now, refuse)
        : { accepted: true, next: open, closedBy: answer };
    case 'retry':
      if (question.tasks.length > 0 && answer.comment?.trim() && !answer.tasks?.length)
        return refuse('a message goes to the agents of tasks that are worked on again; name them with --task');
      return judgeReopening(open, answer, refuse);
    case 'rollback':
      return { accepted: true, next: open, closedBy: answer };
  }
}

/** A name that is given twice is one. */
function withoutRepeats({ items, tasks, ...answer }: Answer): Answer {
  return { ...answer, ...(items && { items: [...new Set(items)] }), ...(tasks && { tasks: [...new Set(tasks)] }) };
}

/** An abbreviation that git takes is enough. */
function isAbout({ evidence }: Question, commit: string): boolean {
  return commit.length >= 4 && evidence?.commit?.startsWith(commit.toLowerCase()) === true;
}

/** Work by hand may be left out by anybody, and is done by those whose it is. */
function mayAnswer({ kind, forWhom, escalateTo, deadlineAt }: Question, { action, by }: Answer, now: number): boolean {
  if (kind !== 'approval' && kind !== 'signOff' && kind !== 'work') return true;
  if (kind === 'work' && action !== 'done') return true;
  if (forWhom.length === 0 || forWhom.includes(by)) return true;
  return deadlineAt !== undefined && now >= deadlineAt && escalateTo.includes(by);
}

function judgeReopening(open: OpenQuestion, answer: Answer, refuse: (what: string) => Judgement): Judgement {
  const { tasks } = open.question;
  const stranger = answer.tasks?.find((task) => !tasks.includes(task));
  if (stranger === undefined) return { accepted: true, next: open, closedBy: answer };
  return refuse(
    `has no task ${stranger} to re-open; ${tasks.length > 0 ? `name one of ${tasks.join(', ')}` : 'name none'}`,
  );
}

function judgeApproval(open: OpenQuestion, answer: Answer, refuse: (what: string) => Judgement): Judgement {
  const { question, approvals } = open;
  if (question.authors.includes(answer.by))
    return refuse(`${answer.by} did part of this work and can't approve it; ask somebody else`);
  if (approvals.some(({ by }) => by === answer.by))
    return refuse(`${answer.by} has approved already; ${question.need - approvals.length} more must`);
  const next = { ...open, approvals: [...approvals, answer] };
  return next.approvals.length >= question.need ? { accepted: true, next, closedBy: answer } : { accepted: true, next };
}

function judgeTicks(open: OpenQuestion, answer: Answer, now: number, refuse: (what: string) => Judgement): Judgement {
  const { question, ticks } = open;
  const waiting = question.items.filter(({ id }) => !ticks.some((tick) => tick.id === id));
  const wanted = answer.items?.length ? answer.items : waiting.map(({ id }) => id);
  const stranger = wanted.find((id) => !waiting.some((item) => item.id === id));
  if (stranger) return refuse(`has no open item ${stranger}; open are ${waiting.map(({ id }) => id).join(', ')}`);
  const evidence = answer.evidence?.trim();
  if (!evidence) return refuse('a tick needs evidence; give it with --evidence TEXT');
  const next = { ...open, ticks: [...ticks, ...wanted.map((id): Tick => ({ id, by: answer.by, evidence, at: now }))] };
  return next.ticks.length === question.items.length
    ? { accepted: true, next, closedBy: answer }
    : { accepted: true, next };
}
