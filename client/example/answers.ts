/** How the example answers its questions by itself, with `--yes`. Pure. */
import type { Answer, Question } from '../../plan/question.js';

export const tickedByYes = 'ticked by --yes of the example: nobody looked';

/** Approvals as the plan's approvers, ticks with evidence that says who gave it; whatever only a person can decide stays open. */
export function answersByYes({ kind, forWhom, authors, actions, id, need }: Question): readonly Answer[] {
  if (kind === 'ticks') return [{ action: 'done', by: forWhom[0] ?? 'owner', evidence: tickedByYes, question: id }];
  if (!actions.includes('approve')) return [];
  const people = forWhom.filter((person) => !authors.includes(person)).slice(0, need);
  return people.map((by) => ({ action: 'approve', by, comment: 'approved by --yes of the example', question: id }));
}
