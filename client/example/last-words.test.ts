import { join } from 'node:path';
import { expect, test } from 'vitest';
import { lastWords } from './last-words.js';

test('it names the landings, the evidence of the last checkpoint, the report, and what to do with a repository of one’s own', () => {
  const line = { title: '', weeks: [], status: 'done', detail: '', joinPoint: '', taskCount: 1 } as const;
  const checkpoint = {
    phase: '1',
    commit: 'c1',
    tag: 'joinpoint/anton/1',
    evidence: 'refs/joinpoint/u1/join-1:3.json',
    at: 0,
  };
  const phases = [
    { ...line, id: '1', checkpoint },
    { ...line, id: '2' },
  ];
  const words = lastWords({
    rollout: { name: 'anton', uid: 'u1', branch: 'main', phases },
    origin: join(process.cwd(), 'lab', 'example', '1.git'),
    program: 'joinpoint',
    command: (...said) => `joinpoint ${said.join(' ')} --home lab`,
  });
  expect(words.join('\n')).toBe(`the landings    git -C lab/example/1.git log -p --reverse main
last evidence   git -C lab/example/1.git show refs/joinpoint/u1/join-1:3.json
the report      git -C lab/example/1.git show refs/joinpoint/u1/rollout:end.json
the tree again  joinpoint up --home lab, and beside it joinpoint status anton --home lab
your own repo   joinpoint lint FOLDER, then "On your own repository" in README.md`);
});
