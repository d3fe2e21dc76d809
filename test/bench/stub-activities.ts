/** Activities that do nothing and return at once, with answers of the usual shape and size: what is left is the engine's own cost. */
import type { EngineActivities, LaneActivities } from '../../activities/index.js';
import type { Candidate } from '../../git/fold.js';

type Activities = EngineActivities & LaneActivities;

const start = '0'.repeat(40);
const head = '1'.repeat(40);

const stubs: Activities = {
  openTarget: () => Promise.resolve({ repoId: 'bench', head: start }),
  createBranch: ({ branch }) => Promise.resolve({ branch, base: start, head: start, replayConflicts: [] }),
  openPullRequest: ({ task }) => Promise.resolve({ id: task.id }),
  runAgent: () => Promise.resolve({ status: 'finished', head, why: '', summary: '', excerpt: '' }),
  runPlaybook: () => Promise.resolve({ status: 'finished', head, why: '', summary: '', excerpt: '' }),
  collectWork: () => Promise.resolve({ head }),
  runChecks: ({ checks, files, rollout, writer, key }) =>
    Promise.resolve({
      verdicts: [
        ...(files
          ? [{ id: 'files', title: 'Changes stay inside', status: 'passed', why: '1 file', excerpt: '' } as const]
          : []),
        ...checks.map(({ id, title }) => ({ id, title, status: 'passed', why: 'passed', excerpt: '' }) as const),
      ],
      evidence: `refs/joinpoint/${rollout.uid}/${writer}:checks/${key}.json`,
    }),
  updatePullRequest: () => Promise.resolve(),
  foldCandidate: ({ units }) => {
    const commits = units.map(({ task, n }) => ({ task, stage: 'all', n, commit: head, patchId: head }));
    const candidate: Candidate = { onto: start, head, waves: [{ stage: 'all', commits }], empty: [], overlaps: [] };
    return Promise.resolve({ status: 'folded', candidate });
  },
  landWave: ({ commits }) =>
    Promise.resolve({
      status: 'landed',
      head,
      commits: commits.map(({ task, stage, n, commit }) => ({ kind: 'landing', id: { task, stage, n }, commit })),
    }),
  readStanding: () => Promise.resolve({ standing: [] }),
  undoLandings: () => Promise.resolve({ head, undone: [], empty: [], manual: [], standing: [] }),
  recordEvidence: ({ rollout, writer, path }) =>
    Promise.resolve({ evidence: `refs/joinpoint/${rollout.uid}/${writer}:${path}` }),
  tagCheckpoint: ({ tag }) => Promise.resolve({ tag }),
};

/** What an activity of this name answers. @throws TypeError for a name that the engine does not have. */
export function stubAnswer(name: string, args: readonly unknown[]): Promise<unknown> {
  const stub = stubs[name as keyof Activities] as (...args: readonly unknown[]) => Promise<unknown>;
  return stub(...args);
}
