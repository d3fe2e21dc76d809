/** What workflows make of verdicts and answers before anything lands: seen only by a rollout that runs. */
import { mutationsOf } from '../mutation.js';

const agents = 'test/integration/agents.test.ts';
const landing = 'test/integration/landing.test.ts';
const operator = 'test/integration/operator.test.ts';
const playbook = 'test/integration/playbook.test.ts';
const movedHead = 'test/integration/moved-head.test.ts';
const standing = 'test/integration/standing.test.ts';
const terminal = 'test/integration/terminal-failures.test.ts';
const verdicts = 'test/integration/verdicts.test.ts';

const brokenBefore = 'lands past what was broken before';
const cannotTell = 'whose check cannot tell asks';
const candidateCannotTell = 'that cannot be proven asks';
const gateCannotTell = 'whose gate cannot tell';
const holdsOnFailure = 'that holds on a failure';
const whatFailed = 'whose agent failed is let through';
const wrongTogether = 'two clean diffs that are wrong together';

/** Of a task's work, before it may reach a candidate. */
const ofTasks = [
  ...mutationsOf('workflows/verify-task.ts', verdicts, [
    [
      'work whose check could not be made is verified',
      "if (status === 'passed') return",
      "if (status !== 'failed') return",
      cannotTell,
    ],
    [
      'a check that cannot tell is sent back to the agent',
      "needsPerson: status === 'inconclusive'",
      'needsPerson: false',
      cannotTell,
    ],
    ['what did not pass is ticked on the pull request', "verdict?.status === 'passed' ?", 'verdict ?', cannotTell],
    [
      'the static checks are not made of a task',
      'checks: [...staticChecks, ...checks]',
      'checks',
      'makes a static check worse',
    ],
    [
      "a task's own checks are not made",
      'checks: [...staticChecks, ...checks]',
      'checks: staticChecks',
      'that a person says is done|cannot tell',
    ],
    ['a task has to mend what was broken before', '    base,\n    files', '    files', brokenBefore],
  ]),
  ...mutationsOf('workflows/verify-task.ts', agents, [
    [
      'whatever an agent claims is verified',
      "if (status === 'passed') return",
      'if (true) return',
      'edits outside its files',
    ],
    ['a task may edit any file', '    files: task.files,\n', '', 'edits outside its files'],
  ]),
  ...mutationsOf('workflows/run-task.ts', verdicts, [
    [
      'what only a person can decide is tried again',
      'if (left > 0 && !outcome.needsPerson) continue;',
      'if (left > 0) continue;',
      cannotTell,
    ],
  ]),
  ...mutationsOf('workflows/finish-task.ts', verdicts, [
    [
      'what only a person can tick is not asked',
      'if (items.length > 0) {',
      'if (false) {',
      'that no command can prove',
    ],
    [
      'what only a person can tick is not asked of work that was let through',
      'if (items.length > 0) {',
      'if (items.length > 0 && !override) {',
      whatFailed,
    ],
    [
      'the pull request does not say what was let through',
      'text: override.said',
      'text: override.overridden.text',
      whatFailed,
    ],
  ]),
  ...mutationsOf('workflows/hold-task.ts', verdicts, [
    [
      "a person's work is taken as it is",
      'if (verified.verified) return',
      'if (true) return',
      'that a person says is done',
    ],
    [
      'what a failed agent left is let through unseen',
      'if (hasWork && run.verdicts.length === 0) await run.verify(branch, head);',
      '',
      whatFailed,
    ],
    ['what is not there can be let through', 'actions: hasWork ?', 'actions: true ?', 'that failed and left nothing'],
  ]),
  ...mutationsOf('workflows/run-task.ts', agents, [
    [
      'work that is not verified is finished',
      'if (outcome.verified) return',
      'if (true) return',
      'edits outside its files',
    ],
    [
      'work of an agent that failed is verified',
      "if (result.status === 'failed') {",
      'if (false) {',
      'an agent that exits non-zero',
    ],
    ['an agent may try for ever', 'left -= 1;', '', 'an agent that changes nothing'],
  ]),
  ...mutationsOf('workflows/finish-task.ts', playbook, [
    [
      'stages that a generation brought along are landed as one',
      'brought.length > 0 ? { later: brought } : {}',
      '{}',
      'parted into stages',
    ],
  ]),
  ...mutationsOf('workflows/hold-task.ts', playbook, [
    [
      'what a playbook wrote anew is handed in as mended',
      ' || head === written?.head',
      '',
      'feedback on what a playbook wrote',
    ],
  ]),
  ...mutationsOf('workflows/run-task.ts', playbook, [
    [
      'a playbook that does not prove itself is tried again and again',
      '{ ...verified, needsPerson: true }',
      'verified',
      'a playbook that has nothing to do',
    ],
    [
      'a playbook is given feedback, which it cannot take',
      'if (unheard !== undefined) return',
      'if (false) return',
      'feedback on what a playbook wrote',
    ],
    [
      'a playbook writes over what a person went on from',
      'if (unheard !== undefined && start.replay) return',
      'if (false) return',
      'feedback on what a playbook wrote',
    ],
  ]),
  ...mutationsOf('plan/override.ts', 'plan/override.test.ts', [
    ['an override lets no check through', "({ status }) => status !== 'passed'", '() => false'],
    [
      'an override lets through what is not known without a word',
      "({ status }) => status !== 'passed'",
      "({ status }) => status === 'failed'",
    ],
    ['what has passed since stays let through', '.filter(([id]) => !passed.has(id))', ''],
    ['an override is forgotten', '(waiver && asWaived(verdict, waiver)) ?? verdict', 'verdict'],
  ]),
];

/** Of what would land, before it does. */
const ofCandidates = [
  ...mutationsOf('workflows/candidate.ts', landing, [
    [
      'the linter is not asked of a candidate',
      '[...staticChecks, ...units.flatMap',
      '[...units.flatMap',
      'that only the linter sees',
    ],
  ]),
  ...mutationsOf('git/fold.ts', playbook, [
    [
      "a playbook's commits are replayed, not made anew",
      'if (!rerun || !playbook) return undefined;',
      'return undefined;',
      'two playbooks edit one release',
    ],
  ]),
  ...mutationsOf('workflows/candidate.ts', landing, [
    [
      'a candidate whose check fails may land',
      "if (worstOf(verdicts)?.status !== 'failed') return",
      'if (true) return',
      `${wrongTogether} are caught by a static`,
    ],
    [
      'static checks are not made of a candidate',
      '[...staticChecks, ...units.flatMap',
      '[...units.flatMap',
      `${wrongTogether} are caught by a static`,
    ],
    [
      'what has to be proven is not proven again on the whole',
      '...units.flatMap(({ task }) => deliverables[task] ?? [])',
      '',
      `${wrongTogether} are caught by what`,
    ],
    [
      'who owns the failed check is sent back, not who broke it',
      "if (worst?.status === 'failed') return",
      'if (false) return',
      `${wrongTogether} are caught by what`,
    ],
    [
      'a culprit does not see what it has to fit in with',
      '...(base && { base }),',
      '',
      `${wrongTogether} are caught by what`,
    ],
    ['who conflicts does not see what it conflicts with', ', base: folded.onto }', ' }', 'a conflict at the fold'],
  ]),
  ...mutationsOf('workflows/candidate.ts', verdicts, [
    [
      'what cannot be proven is sent back',
      "if (worstOf(verdicts)?.status !== 'failed') return",
      'if (!worstOf(verdicts)) return',
      candidateCannotTell,
    ],
    ['a candidate has to mend what was broken before', 'base: candidate.onto,', '', brokenBefore],
  ]),
  ...mutationsOf('workflows/land-work.ts', verdicts, [
    [
      'what could not be proven lands without a word',
      "if (overall(made.verdicts) === 'passed')",
      'if (true)',
      candidateCannotTell,
    ],
    ['a retry lets pass what could not be proven', "if (closed.action === 'retry') continue;", '', candidateCannotTell],
    ['an override of a candidate is not noted', 'await point.note(closed,', 'void (closed,', candidateCannotTell],
    [
      'nobody is asked before work lands',
      'if (!approval) return undefined;',
      'return undefined;',
      'that is rejected lands nothing',
    ],
    [
      'what was rejected lands',
      "if (closed.action === 'approve') return undefined;",
      'return undefined;',
      'that is rejected lands nothing',
    ],
    [
      'tasks that a rejection names are not done again',
      'return reopenings.length > 0',
      'return reopenings.length < 0',
      'that is rejected lands nothing',
    ],
    [
      'a static check that a person let through still stops the candidate',
      "staticChecks: waive(staticChecks, waivers, 'part')",
      'staticChecks',
      'that breaks a static check lands',
    ],
    [
      'a static check that a person let through for one task is let through for all',
      "staticChecks: waive(staticChecks, waivers, 'part')",
      'staticChecks: waive(staticChecks, waivers)',
      'that breaks a static check lands',
    ],
  ]),
  ...mutationsOf('workflows/land-work.ts', movedHead, [
    [
      'what a person let through of a candidate has to be let through again at every push',
      'waive(request.staticChecks, waived)',
      'request.staticChecks',
      'carries over what a person let through',
    ],
  ]),
  ...mutationsOf('workflows/land-work.ts', operator, [
    [
      'a check that a person let through still stops the candidate',
      '.checks, waivers)',
      '.checks, {})',
      'an override lands work',
    ],
  ]),
  ...mutationsOf('workflows/run-attempt.ts', terminal, [
    [
      'an attempt that nothing can be kept of ends its phase',
      'if (refused === undefined) throw error;',
      'throw error;',
      'somebody deletes under a working agent',
    ],
  ]),
  ...mutationsOf('workflows/land-work.ts', standing, [
    [
      'each landing hands back those before it too',
      "  return { outcome: 'landed', landed: result.landed, waivers",
      "  return { outcome: 'landed', landed: point.landed, waivers",
      'lands each task by itself',
    ],
  ]),
  ...mutationsOf('workflows/phase.ts', verdicts, [
    [
      'people approve their own work',
      "plan.agents[agent]?.kind === 'human' ? plan.agents[agent].people : []",
      '[]',
      'is approved by those whom its phase names',
    ],
    [
      "a phase's own approvers are not asked",
      'approval: phase.joinPoint.approval ?? plan',
      'approval: plan',
      'is approved by those whom its phase names',
    ],
    [
      "a phase's own sign-off is not asked",
      'signOff: phase.joinPoint.signOff ?? plan',
      'signOff: plan',
      'is approved by those whom its phase names',
    ],
    [
      "a phase's own word on failures does not count",
      'onFailure: phase.onFailure ?? plan',
      'onFailure: plan',
      holdsOnFailure,
    ],
    [
      'gates of every phase are not asked',
      'gateChecks([...this.input.plan.gates, ',
      'gateChecks([',
      'that holds on a failure',
    ],
    ["a phase's own gates are not asked", ', ...this.input.phase.gates])', '])', gateCannotTell],
  ]),
  ...mutationsOf('workflows/settle-join-point.ts', verdicts, [
    [
      'what never fits is sent back for ever',
      'sentBack[task]! > attempts(task)',
      'false',
      'that keeps failing is put before a person',
    ],
  ]),
];

export const beforeLanding = [...ofTasks, ...ofCandidates];
