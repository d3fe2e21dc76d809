import { expect, test } from 'vitest';
import { renderPlaybookPlan } from './render-plan.js';
import type { StageRun } from './run-stage.js';
import { aPlaybook, stage } from './testing.js';

const one = aPlaybook(stage([]));
const run = (name: string, steps: readonly (readonly [string, string])[], notes: readonly string[] = []): StageRun => ({
  stage: name,
  steps: steps.map(([what, file]) => ({ what, file, change: { kind: 'remove' } })),
  notes,
  files: new Map(),
});

test('says of each stage what it does, where, and what it leaves', () => {
  const runs = [
    run(
      'expand',
      [
        ['first', 'a.yaml'],
        ['second', 'a.yaml'],
        ['third', 'b.yaml'],
      ],
      ['left'],
    ),
    run('contract', []),
  ];
  expect(renderPlaybookPlan(one, runs)).toBe(`**A playbook**: What it is for. Risk: stateless; undone by revert.

### expand: 3 steps in 2 files

- first (\`a.yaml\`)
- second (\`a.yaml\`)
- third (\`b.yaml\`)

Left as it is:

- left

### contract: nothing to do
`);
});

test('two hundred lines of a list are shown, and how many more there are', () => {
  const steps = Array.from({ length: 203 }, (_, index) => [`step ${index}`, 'a.yaml'] as const);
  const lines = renderPlaybookPlan(one, [run('work', steps)]).split('\n');
  expect(lines.filter((line) => line.startsWith('- step'))).toHaveLength(200);
  expect(lines.at(-1)).toBe('- and 3 more');
  expect(renderPlaybookPlan(one, [run('work', steps.slice(0, 200))])).not.toContain('more');
});
