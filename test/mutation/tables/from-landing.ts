/** What workflows make of verdicts and answers from the landing on: seen only by a rollout that runs. */
import { mutationsOf } from '../mutation.js';

const landing = 'test/integration/landing.test.ts';
const movedHead = 'test/integration/moved-head.test.ts';
const operator = 'test/integration/operator.test.ts';
const skippedTime = 'test/integration/skipped-time.test.ts';
const terminal = 'test/integration/terminal-failures.test.ts';
const undo = 'test/integration/undo.test.ts';
const standing = 'test/integration/standing.test.ts';
const verdicts = 'test/integration/verdicts.test.ts';

/** The same with a foreign commit says no more here. */
const failedStage = 'without a foreign commit a gate that fails after stage 1';
const rejectedSignOff = 'without a foreign commit a rejected sign-off';
const abortedPhase = 'without a foreign commit an abort in a later phase';
const brokenBefore = 'lands past what was broken before';
const gateCannotTell = 'whose gate cannot tell';
const holdsOnFailure = 'that holds on a failure';
const onlyAPerson = 'waits for what only a person can confirm';
const leftByAnUndo = 'what an undo had to leave';
const skippedUndo = 'an undo that is skipped';
const oneAfterTheOther = 'land one after the other';

/** Of what lands, stage by stage, on a target that moves. */
const ofLandings = [
  ...mutationsOf('workflows/prove.ts', verdicts, [
    [
      'a check that could not be made lets everything pass',
      "if (proof.outcome === 'passed') return",
      "if (proof.outcome !== 'failed') return",
      gateCannotTell,
    ],
    [
      'a check that could not be made undoes what landed',
      "if (proof.outcome === 'failed' && prover",
      'if (prover',
      gateCannotTell,
    ],
    ['what a person lets through is not noted', 'await prover.note(closed, why);', '', gateCannotTell],
    [
      'a failure undoes although the plan says hold',
      " && prover.onFailure === 'rollback') return why;",
      ') return why;',
      holdsOnFailure,
    ],
    ['a retry passes without another look', "if (closed.action === 'retry') continue;", '', holdsOnFailure],
    ['a person cannot have it undone', "if (closed.action === 'rollback') return", 'if (false) return', holdsOnFailure],
    ['what was broken before fails a gate', '      baseline,\n      at', '      at', brokenBefore],
  ]),
  ...mutationsOf('workflows/prove.ts', undo, [
    [
      'a failure holds although the plan says roll back',
      "if (proof.outcome === 'failed' && prover",
      'if (false && prover',
      failedStage,
    ],
  ]),
  ...mutationsOf('workflows/run-phase.ts', verdicts, [
    ['no baseline is taken', 'if (checks.length === 0) return [];', 'return [];', brokenBefore],
  ]),
  ...mutationsOf('workflows/land.ts', undo, [
    [
      'a stage lands although the gates after the one before it failed',
      'if (undoWhy) return this.giveUp(undoWhy);',
      '',
      failedStage,
    ],
    ['the gates are not asked after a stage', ', ...gates]', ']', failedStage],
    [
      'what landed before a failure is not undone',
      "if (pushed.done.status === 'landed') this",
      'if (false) this',
      failedStage,
    ],
    [
      'how to undo a landing is not recorded before it',
      'await getExternalWorkflowHandle(rolloutId(rollout.name)).signal(recordCompensationsSignal, compensations);',
      '',
      abortedPhase,
    ],
  ]),
  ...mutationsOf('workflows/land.ts', verdicts, [
    [
      'an override in one landing is asked about in the next',
      '      waivers,\n      note:',
      '      waivers: {},\n      note:',
      'asks about none of them again',
    ],
    [
      'a landing that a person gives up goes on',
      "if (outcome === 'rollback') return this.giveUp(rolledBack);",
      "if (outcome === 'rollback') continue;",
      'that the target refuses',
    ],
  ]),
  ...mutationsOf('workflows/land.ts', landing, [
    [
      'who waits for the lock is not told that it is free',
      'await tellWaiter(workflowId, lockFreedSignal);',
      '',
      oneAfterTheOther,
    ],
  ]),
  ...mutationsOf('workflows/land.ts', movedHead, [
    [
      'a busy bot starves a landing',
      'checkFirst: racesLost <= racesBeforeCheckingAfter',
      'checkFirst: true',
      'does not starve a landing whose check passes',
    ],
    [
      'static checks that were put off have to mend what was broken before',
      '...(late && { base: late.base }),',
      '',
      'does not starve a landing whose check was broken',
    ],
  ]),
  ...mutationsOf('workflows/refold.ts', movedHead, [
    [
      'an approval carries over to other patches',
      'if (!samePatches(before, candidate, new Set(ids)))',
      'if (false)',
      'asks again when the foreign commit changes',
    ],
    [
      'an approval carries over although a static check fails',
      'return worst ? {',
      'return false ? {',
      'asks again when the foreign commit is wrong',
    ],
    [
      'an approval carries over without the static checks',
      'if (!checkFirst) return',
      'if (true) return',
      'asks again when the foreign commit is wrong',
    ],
    [
      'an approval never carries over',
      'if (!samePatches(before, candidate, new Set(ids)))',
      'if (true)',
      'carries the approval over',
    ],
    [
      'what has landed of a candidate has to land again',
      '!landed.has(`${task}/${stage}/${n}`)',
      'true',
      'does not starve a plan of two stages',
    ],
  ]),
  ...mutationsOf('workflows/undo-landings.ts', undo, [
    [
      'what could not be undone is told nobody',
      'for (const { task, what } of outcome.done.manual)',
      'for (const { task, what } of [])',
      'a compensation that fails is reported',
    ],
  ]),
  ...mutationsOf('workflows/undo-landings.ts', standing, [
    [
      'whatever an undo left counts as undone',
      'among(compensations, outcome.done.standing)',
      'among(compensations, [])',
      leftByAnUndo,
    ],
    [
      'a skipped undo counts as made',
      'undone: [], standing: compensations }',
      'undone: [], standing: [] }',
      skippedUndo,
    ],
  ]),
  ...mutationsOf('workflows/settle-join-point.ts', standing, [
    [
      'a phase forgets what an undo of it left',
      '    phase.landed = afterUndo(phase.landed, result);\n    phase.tasks',
      '    phase.landed = [];\n    phase.tasks',
      leftByAnUndo,
    ],
  ]),
  ...mutationsOf('workflows/close-phase.ts', standing, [
    [
      'a checkpoint tags whatever was pushed last',
      'const commit = this.seen ?? (await this.head());',
      'const commit = await this.head();',
      'a checkpoint tags what was proven',
    ],
    ['a sign-off does not say of what', 'evidence: { commit, summary', 'evidence: { summary', 'a checkpoint tags'],
  ]),
  ...mutationsOf('workflows/checkpoint.ts', terminal, [
    ['a tag that the origin takes never keeps a phase open for ever', "['skip']", '[]', 'takes no tag'],
  ]),
  ...mutationsOf('workflows/run-phase.ts', terminal, [
    [
      'a retried phase takes a new baseline, with its own work in it',
      'earlier?.baselineN ?? n',
      'n',
      'a join point that is cut short',
    ],
  ]),
  ...mutationsOf('workflows/phase.ts', terminal, [
    ['a retried phase forgets what it landed', 'input.earlier?.landed ?? []', '[]', 'that is cut short is retried'],
  ]),
  ...mutationsOf('workflows/run-rollout.ts', terminal, [
    [
      'an abort waits for a target that cannot be opened',
      "if (this.interrupt?.kind === 'abort') return this.neverOpened",
      'if (false) return this.neverOpened',
      'whose target cannot be opened',
    ],
  ]),
  ...mutationsOf('workflows/ledger.ts', standing, [
    [
      'an abort tells no pull request what it undid',
      '() => markUndone(rollout, undone, said)',
      '() => Promise.resolve()',
      skippedUndo,
    ],
  ]),
  ...mutationsOf('workflows/ledger.ts', terminal, [
    ['a rollout ends with the landing of its undo', '.catch(endedFromOutside)', '', 'asks when somebody ends'],
    ['a rollout ends with a comment that is declined', "['skip']", '[]', 'comments that the origin declines'],
    [
      'a cancellation cuts an undo short',
      'return CancellationScope.nonCancellable(async () => {',
      'return CancellationScope.cancellable(async () => {',
      'is not cut short by a cancellation',
    ],
  ]),
  ...mutationsOf('workflows/settle-join-point.ts', terminal, [
    [
      'what an earlier run of a phase landed is forgotten where it is held',
      'landed: phase.landed,',
      "landed: 'standing' in result ? result.standing : [],",
      'cut between its stages',
    ],
  ]),
  ...mutationsOf('workflows/lock.ts', landing, [
    [
      'a landing fails where another holds the lock',
      'if (error instanceof WorkflowExecutionAlreadyStartedError) return undefined;',
      '',
      oneAfterTheOther,
    ],
    ['a landing that hears of a free lock does not try', 'this.freed = true;', '', oneAfterTheOther],
    [
      'a paused landing takes the lock',
      "if (this.isStill() && input.job.kind === 'candidate')",
      'if (false)',
      'one that is paused while it waits',
    ],
  ]),
  ...mutationsOf('workflows/ids.ts', landing, [
    [
      'each rollout has a lock of its own',
      "export function landId({ repoId, branch }: Pick<RolloutRef, 'repoId' | 'branch'>): string {\n  return `land/${repoId}/${branch}`;",
      'export function landId({ repoId, branch, name }: RolloutRef): string {\n  return `land/${repoId}/${branch}/${name}`;',
      oneAfterTheOther,
    ],
  ]),
];

/** Of a phase that has landed, and of a rollout. */
const ofEnds = [
  ...mutationsOf('workflows/close-phase.ts', verdicts, [
    [
      'a criterion that fails undoes nothing',
      'if (failed) return this.rollBack(failed, []);',
      '',
      'that fails a criterion',
    ],
    ['the criteria of a phase are not proven', ', ...criteria.checks]', ']', 'that fails a criterion'],
    ["a join point's steps are not proven", '...steps.checks, ', '', 'that fails a step'],
    ['a person is not asked for the criteria that only they can confirm', ', ...criteria.ticks]', ']', onlyAPerson],
    [
      'a person who undoes a phase at its ticks is not heard',
      "if (closed.action === 'rollback')\n",
      'if (false)\n',
      onlyAPerson,
    ],
    [
      'what a person lets pass unticked is not noted',
      "if (closed.action === 'override') await",
      'if (false) await',
      onlyAPerson,
    ],
  ]),
  ...mutationsOf('workflows/close-phase.ts', undo, [
    ['nobody is asked to sign off', 'if (signOff) {', 'if (false) {', rejectedSignOff],
    ['a rejected sign-off passes', "if (closed.action === 'reject')", 'if (false)', rejectedSignOff],
    [
      'a phase that is rolled back keeps what it landed',
      'if (point.landed.length === 0) return',
      'if (true) return',
      rejectedSignOff,
    ],
  ]),
  ...mutationsOf('workflows/close-phase.ts', skippedTime, [
    [
      'the gates are not asked of the phase as a whole',
      '[...gates, ...steps',
      '[...steps',
      'asks nobody about two rounds',
    ],
    ['a phase does not soak', ' ??\n      (await this.soak())', '', 'asks nobody about two rounds'],
  ]),
  ...mutationsOf('workflows/soak.ts', skippedTime, [
    [
      'a soak asks at its first round without an answer',
      'const missesBeforeAsking = 3;',
      'const missesBeforeAsking = 1;',
      'asks nobody about two rounds',
    ],
    [
      'rounds without an answer need not be in a row',
      '? misses + 1 : 0',
      '? misses + 1 : misses',
      'asks nobody about two rounds',
    ],
    [
      'a soak never asks, however long it has no answer',
      "(outcome === 'inconclusive' && misses < missesBeforeAsking)",
      "outcome === 'inconclusive'",
      'looks again after three',
    ],
    [
      'a soak asks at three rounds without an answer, and not anew after it',
      '    misses = 0;\n',
      '',
      'looks again after three',
    ],
    [
      'a late failure is looked at again before it counts',
      "if (outcome === 'failed' && prover.onFailure === 'rollback') return",
      'if (false) return',
      'is over at the first failure',
    ],
    [
      'a late failure passes',
      "if (outcome === 'passed' ||",
      "if (outcome !== 'inconclusive' ||",
      'is over at the first failure',
    ],
    [
      'a late failure undoes although the plan says hold',
      "if (outcome === 'failed' && prover.onFailure === 'rollback') return",
      "if (outcome === 'failed') return",
      'undoes nothing where the plan says hold',
    ],
    [
      'a soak is over at once',
      'const until = Date.now() + lengthMs;',
      'const until = Date.now();',
      'is over at the first failure',
    ],
  ]),
  ...mutationsOf('workflows/prove.ts', skippedTime, [
    [
      'an override lasts although the check has passed since',
      'prover.waivers = stillWaived(prover.waivers, found);',
      '',
      'asks anew where what was overridden',
    ],
    [
      'an override is forgotten at the next round',
      'lettingThrough(found, prover.waivers)',
      'found',
      'asks no more about what was overridden',
    ],
    ['a skip is for good', "if (closed.action === 'override')", 'if (true)', 'asks again about what was skipped'],
  ]),
  ...mutationsOf('workflows/desk.ts', skippedTime, [
    [
      'a deadline has passed from the start',
      'deadlineAt: askedAt + deadlineMs',
      'deadlineAt: askedAt',
      'a soak of thirty days',
    ],
  ]),
  ...mutationsOf('workflows/listen.ts', landing, [
    [
      'whose answer it is does not matter',
      'misdirected(asker, request) ?? refusal(request)',
      'refusal(request)',
      'takes no answer that is meant for another',
    ],
  ]),
  ...mutationsOf('workflows/land.ts', landing, [
    [
      'a landing takes an answer that names no rollout',
      ', isShared: true }',
      ' }',
      'takes no answer that is meant for another',
    ],
  ]),
  ...mutationsOf('workflows/desk.ts', verdicts, [
    [
      "a question's id comes again with the next run of its workflow",
      '-${askedAt.toString(36)}',
      '',
      'that is rejected lands nothing',
    ],
    [
      'a signal is taken that should be refused',
      'return judgement.accepted ? undefined : judgement.message;',
      'return undefined;',
      'stays held when a signal',
    ],
    [
      'what a person should mend is given up on a retry',
      "if (closed.action !== 'retry') return { closed };",
      'return { closed };',
      'that the target refuses',
    ],
  ]),
  ...mutationsOf('workflows/listen.ts', verdicts, [
    [
      'an abort of another rollout is taken',
      'misdirected(asker, request) ?? refusal(request)',
      'refusal(request)',
      'what an operator says is refused',
    ],
  ]),
  ...mutationsOf('workflows/operator.ts', verdicts, [
    [
      'a rollout that is not paused is resumed',
      'refusal: () => (rollout.isPaused() ? undefined :',
      'refusal: () => (true ? undefined :',
      'what an operator says is refused',
    ],
    [
      'a rollback needs no reason',
      'if (!comment?.trim()) return',
      'if (false) return',
      'what an operator says is refused',
    ],
    ['a rollback interrupts an abort', 'if (late) return', 'if (false) return', 'what an operator says is refused'],
    [
      'an abort interrupts an abort',
      'refusal: tooLate',
      'refusal: () => undefined',
      'what an operator says is refused',
    ],
  ]),
  ...mutationsOf('workflows/run-phase.ts', operator, [
    [
      'a baseline is taken in a pause',
      'await phase.stillness.over();',
      '',
      'a phase that begins in a pause asks its gates',
    ],
  ]),
  ...mutationsOf('workflows/phase.ts', operator, [
    ['a join point begins in a pause', 'await this.stillness.over();', '', 'whose last task lands in a pause'],
  ]),
  ...mutationsOf('workflows/operator.ts', operator, [
    [
      'a paused rollout is paused',
      'refusal: () => (rollout.isPaused() ? `',
      'refusal: () => (false ? `',
      'a paused rollout finishes',
    ],
    ['a rollback goes to a checkpoint that is none', 'return known.includes(to)\n', 'return true\n', 'a rollback to 1'],
  ]),
  ...mutationsOf('workflows/run-rollout.ts', undo, [
    ['an abort undoes nothing', '} = keep\n        ? {', '} = true\n        ? {', abortedPhase],
    ['an abort undoes what is to be kept', '} = keep\n        ? {', '} = false\n        ? {', 'abort --keep'],
  ]),
  ...mutationsOf('workflows/ledger.ts', undo, [
    [
      'an abort undoes what is checkpointed',
      'this.compensations.filter(({ phase }) => phases.includes(phase))',
      'this.compensations',
      abortedPhase,
    ],
  ]),
  ...mutationsOf('workflows/ledger.ts', operator, [
    [
      'a rollback undoes what its checkpoint holds',
      'this.compensations.filter(({ phase }) => phases.includes(phase))',
      'this.compensations',
      'a rollback to 1',
    ],
  ]),
];

export const fromLanding = [...ofLandings, ...ofEnds];
