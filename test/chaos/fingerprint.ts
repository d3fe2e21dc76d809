/** What a rollout left at its origin, without what differs from run to run: equal fingerprints mean equal effects, each once. */
import type { Origin } from '../harness/origin.js';

export interface Fingerprint {
  readonly tree: string;
  readonly landed: readonly string[];
  /** How often each ref moved; refs of a rollout without its uid. */
  readonly pushesByRef: Readonly<Record<string, number>>;
  /** What each chain holds: records, evidence, comments' events. */
  readonly recordsByRef: Readonly<Record<string, readonly string[]>>;
  /** Comments and ticks of each pull request. */
  readonly pullRequests: Readonly<
    Record<string, { readonly status: string; readonly comments: readonly string[]; readonly ticks: readonly string[] }>
  >;
}

export function fingerprint(origin: Origin, uid: string): Fingerprint {
  const plain = (ref: string): string => ref.replaceAll(uid, '<uid>');
  const own = origin.refs().filter((ref) => ref.startsWith(`refs/joinpoint/${uid}/`));
  const pushesByRef: Record<string, number> = {};
  for (const { ref } of origin.pushes()) pushesByRef[plain(ref)] = (pushesByRef[plain(ref)] ?? 0) + 1;
  const recordsByRef = Object.fromEntries(
    own.map((ref) => [plain(ref), origin.git('ls-tree', '-r', '--name-only', ref).split('\n').filter(Boolean)]),
  );
  const pulls = own.filter((ref) => ref.includes('/pull-'));
  const pullRequests = Object.fromEntries(
    pulls.map((ref) => {
      const { status, comments, ticks } = JSON.parse(origin.read('pull.json', ref)) as {
        status: string;
        comments: { key: string }[];
        ticks: Record<string, unknown>;
      };
      return [plain(ref), { status, comments: comments.map(({ key }) => key), ticks: Object.keys(ticks) }];
    }),
  );
  return { tree: origin.tree(), landed: origin.landed(), pushesByRef, recordsByRef, pullRequests };
}
