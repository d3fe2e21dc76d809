import { expect, test } from 'vitest';
import { RolloutMemo } from './rollout-memo.js';

test('a memo of a plan with people only is read, although the server drops its empty list', () => {
  const kept = { joinpointVersion: '0.1.0', uid: 'u1', title: 'By hand', repo: 'file:///r' };
  expect(RolloutMemo.parse(kept)).toEqual({ ...kept, agents: [] });
});
