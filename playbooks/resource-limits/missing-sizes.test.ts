import { expect, test } from 'vitest';
import { missingSizes } from './missing-sizes.js';

const size = ['10m', '64Mi', '256Mi'] as const;
const missing = (own: unknown) => missingSizes(own, size).map(({ path, value }) => [path.join('.'), value]);
const whole = { requests: { cpu: '10m', memory: '64Mi' }, limits: { memory: '256Mi' } };

test.each([
  ['nothing', undefined],
  ['an empty mapping', {}],
  ['null', null],
])('%s: all of it at once', (_, own) => {
  expect(missing(own)).toEqual([['', whole]]);
});

test.each([
  ['a GPU', { limits: { 'gpu.intel.com/i915': 1 } }, ['requests.cpu', 'requests.memory', 'limits.memory']],
  ['a request of CPU', { requests: { cpu: '1' } }, ['requests.memory', 'limits.memory']],
  ['a limit of CPU, which is its request', { limits: { cpu: '1' } }, ['requests.memory', 'limits.memory']],
  ['a limit of memory, which is its request', { limits: { memory: '1Gi' } }, ['requests.cpu']],
  ['all that is asked for', { requests: { cpu: '1' }, limits: { memory: '1Gi' } }, []],
])('beside %s only what is missing', (_, own, paths) => {
  expect(missing(own).map(([path]) => path)).toEqual(paths);
});

test('a limit that is added is no less than the request that stands there', () => {
  expect(missing({ requests: { cpu: '1', memory: '1Gi' } })).toEqual([['limits.memory', '1536Mi']]);
});
