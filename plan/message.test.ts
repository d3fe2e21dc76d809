import { describe, expect, test } from 'vitest';
import { misdirected } from './message.js';

const asker = { subject: 'landing', uid: 'u1' };
const by = 'ann';

describe('a message', () => {
  test('for another rollout is refused, and where rollouts share a workflow one for none, too', () => {
    expect(misdirected(asker, { by, uid: 'u1' })).toBeUndefined();
    expect(misdirected(asker, { by })).toBeUndefined();
    expect(misdirected(asker, { by, uid: 'u2' })).toContain('landing: is of another rollout');
    const shared = { ...asker, isShared: true };
    expect(misdirected(shared, { by, uid: 'u1' })).toBeUndefined();
    expect(misdirected(shared, { by })).toContain('landing: the message names no rollout');
    expect(misdirected(shared, { by, uid: 'u2' })).toContain('landing: is of another rollout');
  });

  test.each([[undefined], [null], ['ann'], [7], [['ann']]])('that is %j says nothing', (said) => {
    expect(misdirected(asker, said)).toBe(
      'landing: the message says nothing that could be read; give it {"by": "NAME"}, at least',
    );
  });

  test.each([[{}], [{ by: '' }], [{ by: ' ' }], [{ comment: 'x' }]])('of nobody is refused: %j', (said) => {
    expect(misdirected(asker, said)).toContain('landing: the message names nobody; say who you are with --as NAME');
  });

  test.each([
    ['by', 7, 'a text in quotes'],
    ['by', null, 'a text in quotes'],
    ['comment', 5, 'a text in quotes'],
    ['evidence', {}, 'a text in quotes'],
    ['question', 1, 'a text in quotes'],
    ['uid', 1, 'a text in quotes'],
    ['commit', 1234567, 'a text in quotes'],
    ['to', 1, 'a text in quotes'],
    ['tasks', '1.1', 'a list of texts, as in ["1.1"]'],
    ['tasks', [1.1], 'a list of texts, as in ["1.1"]'],
    ['items', 'x', 'a list of texts, as in ["1.1"]'],
    ['keep', 'yes', 'true or false'],
  ])('whose %s is %j is refused in words', (field, value, wanted) => {
    expect(misdirected(asker, { by, [field]: value })).toBe(
      `landing: "${field}" of the message cannot be read; make it ${wanted}`,
    );
  });

  test('of the right shape is taken, whatever else it holds', () => {
    const full = {
      by,
      comment: 'x',
      tasks: ['1.1'],
      items: [],
      evidence: 'x',
      question: 'q',
      commit: 'ab',
      keep: true,
    };
    expect(misdirected(asker, { ...full, to: '1', more: 7 })).toBeUndefined();
  });
});
