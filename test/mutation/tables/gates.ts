/** Verdicts: what an exit code means, and what a check's observations come to. */
import { mutationsOf } from '../mutation.js';

const tests = 'gates/verdict.test.ts';

export const inGates = [
  ...mutationsOf('gates/verdict.ts', tests, [
    ['exit code 75 counts as a failure', 'if (end.code === inconclusiveExitCode)', 'if (false)'],
    [
      'a command that may not be run (126) counts as a failure',
      'end.code === 126 || end.code === 127',
      'end.code === 127',
    ],
    [
      'a command that is not there (127) counts as a failure',
      'end.code === 126 || end.code === 127',
      'end.code === 126',
    ],
    ['every exit code passes', 'passed: end.code === 0, excerpt', 'passed: true, excerpt'],
    ['exit code 0 fails', 'passed: end.code === 0, excerpt', 'passed: false, excerpt'],
    [
      'a command that a signal ended passes',
      'return { made: false, why: `its command was ended by',
      "return { made: true, passed: true, digest: '', why: `its command was ended by",
    ],
    [
      'a command that ran out of time passes',
      'return { made: false, why: `its command did not end',
      "return { made: true, passed: true, digest: '', why: `its command did not end",
    ],
    [
      'a command that did not start passes',
      'return { made: false, why: `its command did not start',
      "return { made: true, passed: true, digest: '', why: `its command did not start",
    ],
    ['an inconclusive baseline counts as a failure', "return status === 'inconclusive'", 'return false'],
    ['a failed baseline counts as a pass', "passed: status === 'passed', excerpt", 'passed: true, excerpt'],
    ['a failure that was let through for a part is let through for all', 'inPart ? undefined : asWaived', 'asWaived'],
    [
      'a failure is let through because nobody knew before',
      "if (seenAs === 'failed' && status === 'inconclusive') return undefined;",
      '',
    ],
    [
      'a waiver lets nothing through',
      "if (!waived || verdict.status === 'passed') return verdict;",
      'if (true) return verdict;',
    ],
    [
      'what passes by itself is shown as overridden',
      "if (!waived || verdict.status === 'passed') return verdict;",
      'if (!waived) return verdict;',
    ],
    [
      'what passes is overridden by what was let through before',
      "if (verdict.status === 'passed') return undefined;",
      '',
    ],
    ['what got worse is not said to be so', "status: 'inconclusive', seenAs, why", "status: 'inconclusive', why"],
    [
      'an absence counts although its positive control failed',
      'if (control && !(control.made && control.passed))',
      'if (control && !control.made)',
    ],
    [
      'an absence counts although its positive control could not be made',
      'if (control && !(control.made && control.passed))',
      'if (control?.made && !control.passed)',
    ],
    [
      'a check that could not be made passes',
      "if (!head.made) return { ...named, status: 'inconclusive'",
      "if (!head.made) return { ...named, status: 'passed'",
    ],
    [
      'a check that could not be made fails',
      "if (!head.made) return { ...named, status: 'inconclusive'",
      "if (!head.made) return { ...named, status: 'failed'",
    ],
    ['a gate is said to prove nothing', "check.rule === 'mustPass' && base?.made === true", 'base?.made === true'],
    ['what fails at the base is said to prove nothing', 'base?.made === true && base.passed;', 'base?.made === true;'],
    ['what passes at the base already is taken as a proof', 'return provesNothing\n', 'return false\n'],
    [
      'what must pass may stay broken',
      "if (check.rule === 'mustPass' || base === undefined)",
      'if (base === undefined)',
    ],
    [
      'a failure with nothing to compare with does not fail',
      "if (check.rule === 'mustPass' || base === undefined)",
      "if (check.rule === 'mustPass')",
    ],
    [
      'a failure that cannot be compared passes',
      "return { ...found, status: 'inconclusive', why: `failed, and could not",
      "return { ...found, status: 'passed', why: `failed, and could not",
    ],
    ['a regression passes, and what was broken before fails', 'if (base.passed)\n', 'if (!base.passed)\n'],
    ['a failure outweighs nothing', "verdicts.find(({ status }) => status === 'failed') ?? verdicts", 'verdicts'],
    ['not knowing is as good as a pass', " ?? verdicts.find(({ status }) => status === 'inconclusive')", ''],
    ['a task that changes nothing passes', 'if (changed === 0)', 'if (false)'],
    ['edits outside the files of a task pass', 'if (outside.length === 0)', 'if (true)'],
    ['edits inside the files of a task fail', 'if (outside.length === 0)', 'if (false)'],
  ]),
  ...mutationsOf('gates/verdict.ts', 'activities/lint-check.test.ts', [
    ['whatever the linter says passes', 'passed: of.length === 0', 'passed: true'],
  ]),
  ...mutationsOf('gates/check.ts', tests, [
    ['a waiver reaches every check', 'const waiver = waivers[check.id];', 'const waiver = Object.values(waivers)[0];'],
    ['a waiver reaches no check', 'if (waiver === undefined) return check;', 'return check;'],
    ['a waiver for a part is one for the whole', "extent === 'part' ?", 'false ?'],
  ]),
];
