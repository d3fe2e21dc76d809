/** How a screen shows where a task stands: one sign, and a word or two. Pure. */
import type { Style } from './render-style.js';
import type { TaskStatus } from './status.js';

export function taskMarks(style: Style): Readonly<Record<TaskStatus, readonly [mark: string, word: string]>> {
  return {
    waiting: [style.faint('○'), 'waiting'],
    working: [style.busy('●'), 'working'],
    ready: [style.good('◐'), 'ready'],
    landed: [style.good('✓'), 'landed'],
    skipped: [style.asks('↷'), 'skipped'],
    notDone: [style.faint('○'), 'not done'],
    stopped: [style.faint('○'), 'stopped'],
    notLanded: [style.faint('○'), 'verified, not landed'],
    undone: [style.bad('↩'), 'undone'],
    stillThere: [style.asks('!'), 'landed, and still on the target'],
  };
}
