/** What a person's message to a workflow has to be before it is judged: of the right shape, and meant for this rollout. Pure. */
import type { Answer } from './question.js';

/** Whose questions a workflow asks. */
export interface Asker {
  readonly subject: string;
  readonly uid: string;
  /** Landings of other rollouts have the same workflow id, one after the other: an answer has to say whom it means. */
  readonly isShared?: boolean;
}

/** What each field of any message holds, where it is there. */
const fields: Readonly<Record<Exclude<keyof Answer, 'action'> | 'keep' | 'to', 'text' | 'texts' | 'boolean'>> = {
  by: 'text',
  comment: 'text',
  tasks: 'texts',
  items: 'texts',
  evidence: 'text',
  question: 'text',
  uid: 'text',
  commit: 'text',
  keep: 'boolean',
  to: 'text',
};

const named = {
  text: 'a text in quotes',
  texts: 'a list of texts, as in ["1.1"]',
  boolean: 'true or false',
} as const;

/** Why `message`, which may come from any program and hold anything, is not for `asker` to judge; undefined where it is. */
export function misdirected(asker: Asker, message: unknown): string | undefined {
  const why = misshapen(message) ?? misaddressed(asker, message as { readonly uid?: string });
  return why === undefined ? undefined : `${asker.subject}: ${why}`;
}

function misshapen(message: unknown): string | undefined {
  if (typeof message !== 'object' || message === null || Array.isArray(message))
    return 'the message says nothing that could be read; give it {"by": "NAME"}, at least';
  const said = message as Readonly<Record<string, unknown>>;
  for (const [field, shape] of Object.entries(fields))
    if (said[field] !== undefined && !isOf(shape, said[field]))
      return `"${field}" of the message cannot be read; make it ${named[shape]}`;
  return typeof said['by'] === 'string' && said['by'].trim() !== ''
    ? undefined
    : 'the message names nobody; say who you are with --as NAME, or as its "by"';
}

function isOf(shape: keyof typeof named, value: unknown): boolean {
  switch (shape) {
    case 'text':
      return typeof value === 'string';
    case 'texts':
      return Array.isArray(value) && value.every((one) => typeof one === 'string');
    case 'boolean':
      return typeof value === 'boolean';
  }
}

function misaddressed({ uid, isShared }: Asker, { uid: said }: { readonly uid?: string }): string | undefined {
  if (said === uid) return undefined;
  if (said !== undefined) return 'is of another rollout than the message; look again with joinpoint status';
  return isShared
    ? `the message names no rollout, and other rollouts land here too; give it "uid": "${uid}"`
    : undefined;
}
