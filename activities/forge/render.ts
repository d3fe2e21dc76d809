/** A local pull request as Markdown. Pure. */
import type { PullRequestStatus, PullRequestTick } from './forge.js';

export interface PullRequest {
  readonly status: PullRequestStatus;
  readonly task: string;
  readonly title: string;
  readonly branch: string;
  readonly base: string;
  readonly into: string;
  readonly description: string;
  readonly files: readonly string[];
  readonly deliverables: readonly { readonly id: string; readonly title: string }[];
  readonly ticks: Readonly<Record<string, PullRequestTick>>;
  readonly comments: readonly {
    readonly key: string;
    readonly by: string;
    readonly text: string;
    readonly at: number;
  }[];
}

export function renderPullRequest(pull: PullRequest): string {
  const deliverables = pull.deliverables.map(({ id, title }) => {
    const tick = pull.ticks[id];
    return tick ? `- [x] ${title} (${tick.by}: ${tick.evidence})` : `- [ ] ${title}`;
  });
  const comments = pull.comments.map(({ by, text, at }) => `### ${by}, ${new Date(at).toISOString()}\n\n${text}\n`);
  return [
    `# ${pull.title}`,
    '',
    `${pull.status}: \`${pull.branch}\` into \`${pull.into}\`, from ${pull.base.slice(0, 12)}`,
    '',
    ...(pull.description ? [pull.description, ''] : []),
    `Files: ${pull.files.map((glob) => `\`${glob}\``).join(', ')}`,
    '',
    ...(deliverables.length > 0 ? ['## Deliverables', '', ...deliverables, ''] : []),
    ...(comments.length > 0 ? ['## Comments', '', ...comments] : []),
  ].join('\n');
}
