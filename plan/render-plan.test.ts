import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { readPlan } from './read.js';
import { renderPlan } from './render-plan.js';
import { plainStyle } from './render-style.js';

/** The plan that the README shows whole: a newcomer copies it. */
function readmePlan(): string {
  const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8');
  return /```yaml\n([\s\S]*?)```/.exec(readme)![1]!;
}

test('the plan in the README has nothing wrong, and is drawn with all that it asks and proves', () => {
  const reading = readPlan(readmePlan());
  if (!reading.ok) throw new Error(JSON.stringify(reading.problems));
  expect(renderPlan(reading.plan, plainStyle).join('\n')).toBe(
    `tidy  Tidy up the repository

agent A  command
agent me  human

1  Limits
  ├─ 1.1  A  Memory limits for every release
  │    feature/limits
  │    $ No release without a limit
  │    ☐ The numbers are plausible
  └─ ◆ Join point of phase 1
       % gate ready
       soaks 24h, gates every 1h; approval by me within 3d

1 phase, each with its join point (0 numbered), 1 task, 2 agents
2 deliverables (1 by command, 1 by a person)
0 success criteria (0 by command, 0 by a person)
0 steps of join points (0 by command, 0 by a person)
1 gate and 1 static check`,
  );
});
