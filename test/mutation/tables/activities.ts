/** Checks as they are made, agents' attempts as they are taken, undos as they are ordered. */
import { mutationsOf } from '../mutation.js';

export const inActivities = [
  ...mutationsOf('activities/checks.ts', 'activities/checks.test.ts', [
    ['verdicts on one commit are those on another', '@${request.commit.slice(0, 12)}', ''],
    ['checks that were made are made again', 'if (known !== undefined) return', 'if (false) return'],
    ['nothing is compared with the base', '...(before && { base: before }),', ''],
    [
      'what a baseline showed is not compared with',
      'const before = taken ? asBaseline(taken) :',
      'const before = false ? asBaseline(taken!) :',
    ],
    ['a positive control counts for nothing', '...(controlled && { control: controlled }),', ''],
    [
      'the head is judged by what the base shows',
      'head: head.get(check.id)!.observation',
      'head: (atBase.get(check.id) ?? head.get(check.id)!).observation',
    ],
    ['a task may edit any file', 'verdicts: [...scope, ...verdicts]', 'verdicts'],
    ['a task may edit only what is not its own', '!inside(path)', 'inside(path)'],
    ['hidden files are outside the files of a task', 'picomatch([...files], { dot: true })', 'picomatch([...files])'],
  ]),
  ...mutationsOf('activities/observe-checks.ts', 'activities/checks.test.ts', [
    [
      'what is to be judged is taken from what was seen before',
      'maySettle ? settled.get(key) : undefined',
      'settled.get(key)',
    ],
    ['a base is asked every time', 'maySettle ? settled.get(key) : undefined', 'undefined'],
    ['a base that could not be looked at is settled', 'if (maySettle && sight.observation.made)', 'if (maySettle)'],
    [
      'a check that did not end in time has passed',
      "return { kind: 'timeout', detail: durationText(check.timeoutMs) };",
      "return { kind: 'code', code: 0 };",
    ],
    [
      'a check that was ended has passed',
      "return { kind: 'signal', detail: result.signal };",
      "return { kind: 'code', code: 0 };",
    ],
    [
      'a check is not known to whoever ends what a dead worker left',
      'runRecorded(deps.home, `check-${randomUUID()}`, {',
      '(await import("./process/run-command.js")).runCommand({',
      'was ended with its worker',
    ],
    [
      'a check has all the time in the world',
      'timeoutMs: check.timeoutMs,\n    keepBytes',
      'timeoutMs: 86_400_000,\n    keepBytes',
    ],
  ]),
  ...mutationsOf('activities/kept-sights.ts', 'activities/checks.test.ts', [
    ['a check of hours is made again for want of another', 'if (known !== undefined) return', 'if (false) return'],
    ['a check of hours is not kept', 'startedMs < keptFromMs', 'startedMs < Infinity'],
  ]),
  ...mutationsOf('activities/playbooks.ts', 'activities/playbooks.test.ts', [
    [
      'a playbook that finds its work done forgets its stages',
      'parts.find(({ stage }) => stage === run.stage) ?? {',
      '{',
    ],
    ["what a person added is taken for a playbook's", 'if (start === branch.base) return true;', 'return true;'],
    ['what a playbook cannot edit is tried for ever', 'return { refused: error.message };', 'throw error;'],
  ]),
  ...mutationsOf('worker/clear-home.ts', 'worker/clear-home.test.ts', [
    ['a restarted container keeps what it left', 'pid !== process.pid && isAlive(pid)', 'isAlive(pid)'],
  ]),
  ...mutationsOf('activities/plan-folder.ts', 'activities/checks.test.ts', [
    [
      'a check runs what a check before it wrote',
      'readFileSync(join(dir, path)).equals(content ?? Buffer.of())',
      'true',
    ],
    ['a check finds what a check before it left', 'if (entriesOf(dir) !== entries) return false;', ''],
  ]),
  ...mutationsOf('activities/agents.ts', 'activities/agents.test.ts', [
    ['an attempt that is recorded is made again', 'if (known) return known;', ''],
    ['an agent begins beside what a dead worker left running', 'await endLeftovers(deps.home, key);', ''],
    ['an agent that fails has finished', "status: why === '' ? 'finished' : 'failed'", "status: 'finished'"],
    ['an exit code other than 0 is no failure', "return ended.code === 0 ? '' :", "return ended.code >= 0 ? '' :"],
    ['an agent that ran out of time has finished', 'return `did not end within', "return '' && `did not end within"],
    ['an agent that was ended has finished', 'return `was ended by', "return '' && `was ended by"],
    ['history that an agent rewrote is taken', 'if (await isAncestor(mirror, request.head, head))', 'if (true)'],
  ]),
  ...mutationsOf('activities/process/run-recorded.ts', 'activities/agents.test.ts', [
    ['an agent that was ended as a leftover has failed', 'if (wasTaken) throw', 'if (false) throw'],
  ]),
  ...mutationsOf('activities/process/leftovers.ts', 'activities/process/leftovers.test.ts', [
    [
      "a process's end is not told from its end as a leftover",
      'const taken = await take(path, record);',
      'const taken = path;',
    ],
    [
      'what somebody began to end, and did not, is left running',
      "name.replace(takenEnd, '').endsWith('.json')",
      "name.endsWith('.json')",
    ],
  ]),
  ...mutationsOf('client/serve/serving.ts', 'test/integration/two-workers.test.ts', [
    [
      'a lane that is added ends the agents that work',
      'const created = await createWorkers({',
      'await clearHome(home);\n    const created = await createWorkers({',
      'a lane that is added',
    ],
  ]),
  ...mutationsOf('activities/attempts.ts', 'activities/agents.test.ts', [
    ['a result holds no lease on its branch', ', to: result.head, expected: request.head }', ', to: result.head }'],
    [
      'an attempt whose branch somebody moved has finished',
      "status: 'failed',\n        head,",
      "status: 'finished',\n        head,",
    ],
    [
      'work that the origin declines fails the phase',
      "if (error instanceof RolloutError && error.code === 'targetRefused'",
      "if (false && error instanceof RolloutError && error.code === 'targetRefused'",
    ],
    ['what somebody pushed meanwhile is forgotten', "status: 'failed',\n        head,", "status: 'failed',"],
  ]),
  ...mutationsOf('activities/git.ts', 'activities/git.test.ts', [
    ['what only a person can undo is undone by machine', "isByHand: undo.class === 'manual',", 'isByHand: false,'],
    ['a person is told to undo what never landed', 'known.has(landingText(id))', 'true'],
    ['a plain revert keeps files', "undo.class === 'quarantine' && undo.keep.length > 0", 'undo.keep.length > 0'],
    ['a quarantine keeps nothing', "undo.class === 'quarantine' && undo.keep.length > 0", 'false'],
    ['a person is not told what to undo by hand', '[...uniqueByTask(byHand), ...conflicting,', '[...conflicting,'],
    [
      'a person is not told what could not be undone',
      '[...uniqueByTask(byHand), ...conflicting,',
      '[...uniqueByTask(byHand),',
    ],
    ['a person is not told of a quarantine', ', ...uniqueByTask(kept)]', ']'],
  ]),
  ...mutationsOf('activities/lint-check.ts', 'activities/lint-check.test.ts', [
    ['a warning of the linter fails work', "severity === 'error'", 'true'],
    ['nothing of the linter fails work', "severity === 'error'", 'false'],
    ['a commit is compared with itself', 'lintChange(before, after,', 'lintChange(after, after,'],
    ['an acceptance never expires', '{ now: at }', '{ now: 0 }'],
  ]),
  ...mutationsOf('plan/proofs.ts', 'activities/lint-check.test.ts', [
    ['a plan cannot turn the linter off', '(lint ? [lintCheck] : [])', '[lintCheck]'],
    ['the linter is not among the static checks', '(lint ? [lintCheck] : [])', '[]'],
  ]),
  ...mutationsOf('activities/edge.ts', 'activities/agents.test.ts', [
    ['what no retry mends is retried for ever', 'if (!(error instanceof RolloutError)) return error;', 'return error;'],
  ]),
];
