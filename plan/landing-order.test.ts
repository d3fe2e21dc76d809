import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { cutByStage, landingOrder, wholeStage } from './landing-order.js';

const stages = [
  { name: 'apps', paths: ['apps/**'] },
  { name: 'core', paths: [] },
];
const part = (task: string, stage: string, needs: readonly string[] = []) => ({
  unit: { task, needs },
  stage,
  paths: [],
});
const names = (waves: ReturnType<typeof landingOrder>) =>
  waves.map(({ stage, units }) => [stage, units.map(({ unit, stage: own }) => `${unit.task}/${own}`)]);

describe('cutting a difference by stage', () => {
  test('a path belongs to the first stage that matches it, the rest to the last', () => {
    expect(cutByStage(stages, ['apps/.hidden/a', 'core/b', 'apps/c'])).toEqual([
      { stage: 'apps', paths: ['apps/.hidden/a', 'apps/c'] },
      { stage: 'core', paths: ['core/b'] },
    ]);
  });

  test('without stages all is one; without paths there is nothing', () => {
    expect(cutByStage([], ['a'])).toEqual([{ stage: wholeStage, paths: ['a'] }]);
    expect(cutByStage(stages, [])).toEqual([]);
  });
});

describe('the order of landing', () => {
  test('stage by stage, tasks in plan order', () => {
    expect(
      names(landingOrder([part('a', 'apps'), part('a', 'core'), part('b', 'apps'), part('b', 'core')], stages)),
    ).toEqual([
      ['apps', ['a/apps', 'b/apps']],
      ['core', ['a/core', 'b/core']],
    ]);
  });

  test('a task starts no earlier than the last wave of what it needs, wherever that stands in the plan', () => {
    expect(names(landingOrder([part('b', 'apps', ['a']), part('a', 'core')], stages))).toEqual([
      ['core', ['a/core', 'b/apps']],
    ]);
  });
});

test('every part lands once, after what it needs, and a task’s parts in the order of the stages', () => {
  const tasks = fc.array(
    fc.record({ stages: fc.subarray([0, 1, 2], { minLength: 1 }), needs: fc.array(fc.nat(20), { maxLength: 3 }) }),
    { minLength: 1, maxLength: 8 },
  );
  const three = ['one', 'two', 'three'].map((name) => ({ name, paths: [] }));
  fc.assert(
    fc.property(tasks, (all) => {
      const staged = all.flatMap(({ stages: own, needs }, at) =>
        own.map((stage) =>
          part(
            `t${at}`,
            three[stage]!.name,
            needs.filter((need) => need < at).map((need) => `t${need}`),
          ),
        ),
      );
      const order = landingOrder(staged, three).flatMap(({ units }) => units);
      expect(order).toHaveLength(staged.length);
      expect(new Set(order).size).toBe(staged.length);
      for (const [at, { unit }] of order.entries()) {
        for (const need of unit.needs) expect(order.slice(at).some((later) => later.unit.task === need)).toBe(false);
      }
      for (const { unit } of order) {
        const own = order
          .filter((one) => one.unit.task === unit.task)
          .map(({ stage }) => three.findIndex(({ name }) => name === stage));
        expect(own).toEqual([...own].sort((a, b) => a - b));
      }
    }),
  );
});
