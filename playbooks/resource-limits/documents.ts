/** The analysis of every workload, and the strategy behind the numbers, as pages of the repository. */
import type { Resources } from '../../gitops/charts/chart-resources.js';
import type { Sized } from './size-of.js';
import { queries } from './usage.js';

/** A container, and what it has in the end. */
export interface AnalysedContainer extends Sized {
  /** `media/jellyfin`, of the release or the workload. */
  readonly subject: string;
  readonly key: string;
  readonly has: Resources;
}

/** `notes` are of releases and workloads that have no row, or not all. */
export function analysisPage(containers: readonly AnalysedContainer[], notes: readonly string[]): string {
  const rows = containers.map(({ subject, key, has, size, source }) => {
    const { requests, limits } = has;
    // Without a request the limit is the request.
    const numbers = [requests?.cpu ?? limits?.cpu, requests?.memory ?? limits?.memory, limits?.memory];
    // Told from the numbers alone, so that the page is the same once they are set.
    const from = numbers.includes(undefined)
      ? 'left'
      : numbers.every((number, index) => number === size[index])
        ? source
        : 'kept';
    return `| ${subject} | \`${key}\` | ${numbers.map((number) => number ?? '–').join(' | ')} | ${from} |`;
  });
  const left = notes.length > 0 ? `\n## Not decided here\n\n${notes.map((note) => `- ${note}`).join('\n')}\n` : '';
  return `# Resource analysis

A row for each container of a release, at the values key that its chart reads, and of each workload that stands in a file.

| Release or workload | Key | CPU request | Memory request | Memory limit | Where the numbers come from |
| --- | --- | --- | --- | --- | --- |
${[...new Set(rows)].toSorted().join('\n')}
${left}
## How to measure

*measured* numbers are the highest of a week: CPU at the 95th percentile, memory at its maximum, and half as much again as the limit. Ask again at each review:

\`\`\`promql
${queries.cpu}
${queries.memory}
\`\`\`

Several releases or workloads that have their numbers from one place have the largest of theirs. *kept* numbers stood there, in part or in whole. *left* ones are not decided here, where a – is nothing. *chart* numbers are those that the chart sets itself. *table* and *default* numbers are starting points. A chart ignores a key that it does not read; whether a number has reached its Pod shows in \`kubectl get pods -A -o json\`.
`;
}

export const strategyPage = `# Resource allocation strategy

## Requests

Every container asks for CPU and memory, so that the scheduler knows what the nodes can bear. The sum of all requests stays below what the cluster has without its largest node: one may go away.

## Limits

Memory has a limit, CPU has none. A container beyond its memory limit is restarted, which shows; one at a CPU limit is slow, which does not, and the CPU that it does not get helps nobody.

## Exceptions

Hook Jobs whose chart has no key for them, and Pods that an operator makes, are sized where their operator reads it, not here. Write each other exception down with its reason and the day on which it ends.

## Review

Quarterly, and after each \`OOMKilled\`: measure again, change what is off by more than half, and say so in the commit.
`;
