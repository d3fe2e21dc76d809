/** What `joinpoint up` says: which server and UI, what to do next, how to go on after an interruption. */
import { durationText } from '../../plan/duration.js';
import type { ServerEvent } from '../../worker/embedded/supervise-server.js';
import type { Context } from '../context.js';
import { listRollouts } from '../list-rollouts.js';
import type { Session } from '../session.js';
import type { ServerInUse } from './home-server.js';

export function sayServer(context: Context, { resolved, kind, adopted }: ServerInUse): void {
  const how =
    kind === 'configured'
      ? ` (named by the ${resolved.source}; none was started)`
      : adopted
        ? ' (was running: adopted)'
        : '';
  context.say(`  server   ${resolved.address}${how}`);
  if (resolved.uiUrl) context.say(`  UI       ${resolved.uiUrl}`);
  context.tell({
    event: 'serving',
    kind,
    adopted,
    address: resolved.address,
    uiUrl: resolved.uiUrl,
    home: context.home,
  });
}

export function sayNext({ say }: Context, { command }: Session): void {
  say('');
  say(`start a rollout   ${command('start', '--plan', 'plan.yaml', '--repo', 'URL')}`);
  say(`look at it        ${command('status')}`);
}

/** `words` are the command that was interrupted. */
export async function sayHowToResume(context: Context, session: Session, words: readonly string[]): Promise<void> {
  const open = await listRollouts(session, 'open').catch(() => []);
  if (open.length > 0) context.say(`open: ${open.map(({ name }) => name).join(', ')}; nothing is lost`);
  context.say(`resume with: ${session.command(...words)}`);
}

export function eventText(event: ServerEvent): string {
  switch (event.kind) {
    case 'died':
      return '  server   died; it is started again';
    case 'restarted':
      return `  server   is back after ${durationText(event.downMs)}`;
    case 'restartFailed':
      return `  server   did not start again: ${event.reason}`;
  }
}
