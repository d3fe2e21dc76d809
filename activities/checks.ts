/** The checks port: runs check commands in clean work trees and records what they showed. */
import picomatch from 'picomatch';
import type { Check } from '../gates/check.js';
import { asBaseline, judge, judgeScope, type Verdict } from '../gates/verdict.js';
import { changesBetween } from '../git/commit.js';
import { fetchMirror, type Mirror, openMirror } from '../git/mirror.js';
import { type Chain, chainRef, readRecord, recordOnce } from '../git/store.js';
import type { RolloutRef } from '../plan/rollout.js';
import type { ActivityDeps } from './deps.js';
import { atEdge } from './edge.js';
import { lintVerdict } from './lint-check.js';
import { playbookVerdict } from './playbook-check.js';
import { type KeptSights, keptSights } from './kept-sights.js';
import { observeAt, type Sight } from './observe-checks.js';

export interface ChecksRequest {
  readonly rollout: RolloutRef;
  /** The chain that keeps the evidence. */
  readonly writer: string;
  /** Names this run of checks within the chain; the same key at the same commit gives the recorded verdicts. */
  readonly key: string;
  readonly commit: string;
  /** The first verdicts of `key` count, whatever commit they are on: a baseline is taken once. */
  readonly once?: true;
  /** Also run at this commit, to tell a regression from what was broken, and a proof from what proves nothing. */
  readonly base?: string;
  /** Verdicts taken earlier: a check that has one here is compared with it and not made at `base`. */
  readonly baseline?: readonly Verdict[];
  readonly checks: readonly Check[];
  /** Also check that the changes from `base` match these globs. */
  readonly files?: readonly string[];
  readonly at: number;
}

export interface ChecksResult {
  readonly verdicts: readonly Verdict[];
  /** `<ref>:<path>` of the whole evidence. */
  readonly evidence: string;
}

/** A push takes a second at most: after a minute's check it is worth it. */
const minuteMs = 60_000;

/** What a round of checks leaves in the store. */
interface Evidence {
  readonly commit: string;
  readonly base?: string;
  readonly verdicts: readonly Verdict[];
  /** By check and place: what it printed, redacted, the middle left out beyond 64 KiB. */
  readonly outputs: Readonly<Record<string, string>>;
}

/** @param keptFromMs What took a check as long as this is recorded by itself. */
export function createChecksActivities(deps: ActivityDeps, keptFromMs = minuteMs) {
  return {
    /**
     * Makes every check at `commit` (and `base`) and records the evidence.
     * Idempotent because the recorded verdicts of `key` at `commit` are returned; a round that is cut short goes on from the
     * checks that took long, so that one of many hours ends however often that happens; heartbeats all along; never fails for what a check does.
     */
    runChecks: atEdge(async (request: ChecksRequest): Promise<ChecksResult> => {
      const mirror = await openMirror(deps.home, request.rollout.repo);
      await fetchMirror(mirror);
      const chain: Chain = { uid: request.rollout.uid, writer: request.writer };
      // Verdicts on one commit are never those on another.
      const place = `checks/${request.key}@${request.commit.slice(0, 12)}`;
      const path = request.once ? `checks/${request.key}.json` : `${place}.json`;
      const evidence = `${chainRef(chain)}:${path}`;
      const known = await readRecord(mirror, chain, path);
      if (known !== undefined) return { verdicts: verdictsOf(known), evidence };
      const made = await makeRound(
        deps,
        mirror,
        request,
        await keptSights(mirror, chain, { place, at: request.at, keptFromMs }),
      );
      const recorded = await recordOnce(mirror, chain, {
        path,
        files: { [path]: JSON.stringify(made, null, 2) },
        message: `checks ${request.key}`,
        stamp: { author: 'joinpoint', at: request.at },
      });
      return { verdicts: verdictsOf(recorded), evidence };
    }),
  };
}

function verdictsOf(recorded: string): readonly Verdict[] {
  return (JSON.parse(recorded) as Evidence).verdicts;
}

/** The checks at the head, as controls and at the base: all at once, since each tree is its own. */
async function makeRound(
  deps: ActivityDeps,
  mirror: Mirror,
  request: ChecksRequest,
  sights: KeptSights,
): Promise<Evidence> {
  const { rollout, commit, base, baseline = [] } = request;
  const checks = request.checks.filter(({ builtIn }) => !builtIn);
  const takenOf = ({ id }: Check): Verdict | undefined => baseline.find((taken) => taken.id === id);
  const look = (place: string, at: string, runOf: (check: Check) => string | undefined, maySettle = false) =>
    observeAt({
      deps,
      mirror,
      rollout,
      commit: at,
      checks,
      runOf,
      maySettle,
      makeOnce: ({ id }, make) => sights(`${id} at ${place}`, make),
    });
  const [head, control, atBase] = await Promise.all([
    look('head', commit, ({ run }) => run),
    look('control', commit, (check) => check.control),
    base ? look('base', base, (check) => (takenOf(check) ? undefined : check.run), true) : new Map<string, Sight>(),
  ]);
  const judged = checks.map((check) => {
    const taken = takenOf(check);
    const before = taken ? asBaseline(taken) : atBase.get(check.id)?.observation;
    const controlled = control.get(check.id)?.observation;
    return judge(check, {
      head: head.get(check.id)!.observation,
      ...(before && { base: before }),
      ...(controlled && { control: controlled }),
    });
  });
  const verdicts = [...(await builtInVerdicts(mirror, request)), ...judged];
  const scope = base && request.files ? [await scopeOf(mirror, base, commit, request.files)] : [];
  const outputs = { ...outputsOf(head, 'head'), ...outputsOf(control, 'control'), ...outputsOf(atBase, 'base') };
  return { commit, ...(base && { base }), verdicts: [...scope, ...verdicts], outputs };
}

function builtInVerdicts(mirror: Mirror, { base, commit, at, checks }: ChecksRequest): Promise<readonly Verdict[]> {
  return Promise.all(
    checks.flatMap((check) => {
      const { builtIn } = check;
      if (!builtIn) return [];
      // Without a base there is nothing that a commit could have made worse.
      if (builtIn === 'lint') return [lintVerdict(mirror, check, { base: base ?? commit, commit, at })];
      return [playbookVerdict(mirror, check, builtIn, { base, commit, at })];
    }),
  );
}

async function scopeOf(mirror: Mirror, base: string, commit: string, files: readonly string[]): Promise<Verdict> {
  const inside = picomatch([...files], { dot: true });
  const changed = (await changesBetween(mirror, base, commit)).map(({ path }) => path);
  return judgeScope(
    changed.filter((path) => !inside(path)),
    changed.length,
  );
}

function outputsOf(sights: ReadonlyMap<string, Sight>, place: string): Readonly<Record<string, string>> {
  return Object.fromEntries([...sights].map(([id, { output }]) => [`${id} at ${place}`, output]));
}
