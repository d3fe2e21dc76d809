/** The checks port: runs check commands in clean work trees and records what they showed. */
import { createHash } from 'node:crypto';
import picomatch from 'picomatch';
import type { Check } from '../gates/check.js';
import {
  asBaseline,
  judge,
  judgeScope,
  type Observation,
  observe,
  type ProcessEnd,
  type Verdict,
} from '../gates/verdict.js';
import { changesBetween } from '../git/commit.js';
import { fetchMirror, type Mirror, openMirror } from '../git/mirror.js';
import { type Chain, chainRef, readRecord, recordOnce } from '../git/store.js';
import { withWorkTree } from '../git/work-tree.js';
import { durationText } from '../plan/duration.js';
import type { RolloutRef } from '../plan/rollout.js';
import type { ActivityDeps } from './deps.js';
import { atEdge, cancellation } from './edge.js';
import { planFolder } from './plan-folder.js';
import { cleanEnvironment } from './process/environment.js';
import { excerpt, redact } from './process/redact.js';
import { type CommandResult, runCommand } from './process/run-command.js';

export interface ChecksRequest {
  readonly rollout: RolloutRef;
  /** The chain that keeps the evidence. */
  readonly writer: string;
  /** Names this run of checks within the chain; the same key gives the recorded verdicts. */
  readonly key: string;
  readonly commit: string;
  /** Also run at this commit, to tell a regression from what was broken, and a proof from what proves nothing. */
  readonly base?: string;
  /** Verdicts taken earlier to compare with instead of a run at `base`: what a phase's baseline showed. */
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

/** Enough for what a reader wants to see of a check; the digest covers the whole of what was kept. */
const evidenceBytes = 64 * 1024;
const excerptBytes = 1024;

export function createChecksActivities(deps: ActivityDeps) {
  return {
    /**
     * Makes every check at `commit` (and `base`) and records the evidence.
     * Idempotent because the recorded verdicts of `key` are returned; heartbeats all along; never fails for what a check does.
     */
    runChecks: atEdge(async (request: ChecksRequest): Promise<ChecksResult> => {
      const mirror = await openMirror(deps.home, request.rollout.repo);
      await fetchMirror(mirror);
      const chain: Chain = { uid: request.rollout.uid, writer: request.writer };
      const path = `checks/${request.key}.json`;
      const evidence = `${chainRef(chain)}:${path}`;
      const known = await readRecord(mirror, chain, path);
      if (known !== undefined) return { verdicts: verdictsOf(known), evidence };
      const made = await makeChecks(deps, mirror, request);
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

interface Evidence {
  readonly commit: string;
  readonly base?: string;
  readonly verdicts: readonly Verdict[];
  readonly outputs: Readonly<Record<string, string>>;
}

function verdictsOf(recorded: string): readonly Verdict[] {
  return (JSON.parse(recorded) as Evidence).verdicts;
}

async function makeChecks(deps: ActivityDeps, mirror: Mirror, request: ChecksRequest): Promise<Evidence> {
  const { commit, base, checks } = request;
  const outputs: Record<string, string> = {};
  const plan = await planFolder(mirror, deps.home, request.rollout.planCommit);
  const runAll = async (
    at: string,
    pick: (check: Check) => string | undefined,
    label: string,
  ): Promise<ReadonlyMap<string, Observation>> => {
    const wanted = checks.flatMap((check) => {
      const run = pick(check);
      return run === undefined ? [] : [{ check, run }];
    });
    if (wanted.length === 0) return new Map();
    return withWorkTree(mirror, at, 'check', async (dir) => {
      const seen = new Map<string, Observation>();
      for (const { check, run } of wanted) {
        const result = await runCommand({
          run,
          cwd: dir,
          env: cleanEnvironment({ source: deps.env, set: checkVariables(request, plan, at) }),
          timeoutMs: check.timeoutMs,
          keepBytes: evidenceBytes,
          signal: cancellation(),
        });
        const output = redact(result.output);
        outputs[`${check.id} ${label}`] = output;
        seen.set(
          check.id,
          observe(
            endOf(result, check),
            excerpt(output, excerptBytes),
            createHash('sha256').update(output).digest('hex'),
          ),
        );
      }
      return seen;
    });
  };
  // Each in a work tree of its own, so that they may run at once; the checks of one tree take turns, since one may write there.
  const [head, control, ranAtBase] = await Promise.all([
    runAll(commit, ({ run }) => run, 'at the head'),
    runAll(commit, (check) => check.control, 'as a control'),
    base ? runAll(base, ({ run }) => run, 'at the base') : undefined,
  ]);
  const atBase = ranAtBase ?? new Map((request.baseline ?? []).map((verdict) => [verdict.id, asBaseline(verdict)]));
  const verdicts = checks.map((check) =>
    judge(check, defined({ head: head.get(check.id)!, base: atBase.get(check.id), control: control.get(check.id) })),
  );
  if (request.files && base) {
    const inside = picomatch([...request.files], { dot: true });
    const changed = (await changesBetween(mirror, base, commit)).map(({ path }) => path);
    verdicts.unshift(
      judgeScope(
        changed.filter((path) => !inside(path)),
        changed.length,
      ),
    );
  }
  return { commit, ...(base && { base }), verdicts, outputs };
}

function checkVariables({ rollout }: ChecksRequest, plan: string, commit: string): Readonly<Record<string, string>> {
  return {
    JOINPOINT_PLAN: plan,
    JOINPOINT_ROLLOUT: rollout.name,
    JOINPOINT_UID: rollout.uid,
    JOINPOINT_COMMIT: commit,
  };
}

function endOf(result: CommandResult, check: Check): ProcessEnd {
  switch (result.exit) {
    case 'code':
      return { kind: 'code', code: result.code };
    case 'signal':
      return { kind: 'signal', detail: result.signal };
    case 'timeout':
      return { kind: 'timeout', detail: durationText(check.timeoutMs) };
    case 'notStarted':
      return { kind: 'notStarted', detail: result.reason };
  }
}

function defined<T extends object>(value: T): { [K in keyof T]: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(value).filter(([, one]) => one !== undefined)) as {
    [K in keyof T]: Exclude<T[K], undefined>;
  };
}
