import { expect, test } from 'vitest';
import { missingSizes } from './missing-sizes.js';

const missing = (own: unknown) => Object.fromEntries(missingSizes(own, ['10m', '64Mi', '256Mi']));

test.each([
  ['nothing', undefined],
  ['an empty mapping', {}],
  ['null', null],
  ['a GPU', { limits: { 'gpu.intel.com/i915': 1 } }],
])('%s: all of it', (_, own) => {
  expect(missing(own)).toEqual({ 'requests.cpu': '10m', 'requests.memory': '64Mi', 'limits.memory': '256Mi' });
});

test.each([
  ['a request of CPU', { requests: { cpu: '1' } }, ['requests.memory', 'limits.memory']],
  ['a limit of CPU, which is its request', { limits: { cpu: '1' } }, ['requests.memory', 'limits.memory']],
  ['a limit of memory, which is its request', { limits: { memory: '1Gi' } }, ['requests.cpu']],
  ['all that is asked for', { requests: { cpu: '1' }, limits: { memory: '1Gi' } }, []],
])('beside %s only what is missing', (_, own, fields) => {
  expect(Object.keys(missing(own))).toEqual(fields);
});

test.each([
  ['256Mi', '256Mi'],
  ['257Mi', '448Mi'],
  ['2Gi', '3072Mi'],
  ['2e9', '2880Mi'],
  ['300000k', '448Mi'],
  ['300000000000m', '448Mi'],
  ['${MEMORY}', '256Mi'],
])('beside a request of %s a limit of %s is added, which is no less', (memory, limit) => {
  expect(missing({ requests: { cpu: '1', memory } })).toEqual({ 'limits.memory': limit });
});
