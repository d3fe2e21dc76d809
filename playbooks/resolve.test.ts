import { expect, test } from 'vitest';
import { fluxStandardization } from './flux-standardization/playbook.js';
import { resolvePlaybook } from './resolve.js';

const whatIsWrong = (name: string, given: unknown) => {
  const resolved = resolvePlaybook(name, given);
  return resolved.status === 'refused' ? resolved.problems.map(({ path, what }) => [path.join('.'), what]) : [];
};

test('a playbook comes with the defaults of the parameters that are not given', () => {
  expect(resolvePlaybook('flux-standardization', { retries: 5 })).toMatchObject({
    status: 'found',
    playbook: fluxStandardization,
    parameters: { retries: 5, retryInterval: '2m', document: 'docs/flux/standards.md' },
  });
});

test('one that is not there: the refusal names those that are', () => {
  expect(whatIsWrong('flux-standards', {})).toEqual([
    [
      'name',
      expect.stringMatching(/^is not one of this version; use one of .*flux-standardization, .*resource-limits/),
    ],
  ]);
});

test('each parameter that it does not take, with what is wrong and where to look', () => {
  const given = { retries: 0, timeouts: '5m', classes: [{ name: 'all', intervals: ['soon'], every: '5m' }] };
  const see = 'see joinpoint playbook show flux-standardization';
  expect(Object.fromEntries(whatIsWrong('flux-standardization', given))).toEqual({
    'with.classes.0.every': `does not take classes.0.every: there is no such parameter; ${see}`,
    'with.classes.0.intervals.0': `does not take classes.0.intervals.0: is no duration of Flux, such as 30m; ${see}`,
    'with.retries': `does not take retries: too small: expected number to be >=1; ${see}`,
    'with.timeouts': `does not take timeouts: there is no such parameter; ${see}`,
  });
});

test('parameters that are no object', () => {
  expect(whatIsWrong('resource-limits', [1])).toEqual([
    [
      'with',
      expect.stringMatching(/^does not take these parameters: .*expected object.*; see joinpoint playbook show /),
    ],
  ]);
});
