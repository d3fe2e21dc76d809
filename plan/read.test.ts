import { describe, expect, test } from 'vitest';
import { problemLine, readPlan } from './read.js';

const good = `name: small
title: A small plan
agents: { A: { kind: command, run: "true" } }
defaults: { approval: { approvers: [owner] } }
phases:
  - id: "1"
    title: One
    tasks:
      - { id: "1.1", title: First, agent: A, branch: feature/a, files: ["a/**"] }
      - { id: "1.2", title: Second, agent: A, branch: feature/b, files: ["b/**"], needs: ["1.1"] }
`;

/** The lines of complaint about the good plan after a replacement. */
function problems(find: string | RegExp, replacement: string): readonly string[] {
  const reading = readPlan(good.replace(find, replacement));
  return reading.ok ? [] : reading.problems.map((problem) => problemLine('plan.yaml', problem));
}

test('a good plan is read with its defaults', () => {
  const reading = readPlan(good);
  expect(reading).toMatchObject({
    ok: true,
    plan: {
      defaults: { attempts: 3, onFailure: 'rollback' },
      phases: [{ land: 'together', tasks: [{ undo: { class: 'revert' } }, {}] }],
    },
  });
});

describe('each mistake is one line with its place and what to do', () => {
  test.each([
    [
      'an unknown key',
      /title: One/,
      'title: One\n    colour: red',
      /^plan\.yaml:6:\d+: phases\.0: has unknown key colour; remove or correct it$/,
    ],
    [
      'a duplicate key',
      /title: One/,
      'title: One\n    title: Two',
      /^plan\.yaml:8:\d+: plan: is not valid YAML: Map keys must be unique$/,
    ],
    [
      'a duplicate task',
      /"1.2", (.*), needs: .*\]/,
      '"1.1", $1',
      /phases\.0\.tasks\.1\.id: task id 1\.1 is used twice; give one of them another$/,
    ],
    [
      'an unknown agent',
      'agent: A, branch: feature/b',
      'agent: Z, branch: feature/b',
      /phases\.0\.tasks\.1\.agent: task 1\.2 names agent Z, which the plan does not have; use one of A$/,
    ],
    [
      'an unknown need',
      'needs: ["1.1"]',
      'needs: ["7.7"]',
      /task 1\.2 needs 7\.7, which is no task of the plan; correct or remove it$/,
    ],
    [
      'a need of itself',
      'needs: ["1.1"]',
      'needs: ["1.2"]',
      /needs go round in a circle: 1\.2 -> 1\.2; remove one of them$/,
    ],
    [
      'a glob that leaves the tree',
      '"a/**"',
      '"../a/**"',
      /phases\.0\.tasks\.0\.files\.0: glob \.\.\/a\/\*\* leaves the tree; write it relative to the root, without \.\.$/,
    ],
    ['an absolute glob', '"a/**"', '"/etc/**"', /glob \/etc\/\*\* leaves the tree/],
    ['a glob of a home', '"a/**"', '"~/**"', /glob ~\/\*\* leaves the tree/],
    ['a glob of a drive', '"a/**"', '"C:/**"', /glob C:\/\*\* leaves the tree/],
    ['an excluding glob that leaves the tree', '"a/**"', '"!../a/**"', /glob !\.\.\/a\/\*\* leaves the tree/],
    ['git’s own folder', '"a/**"', '".git/**"', /glob \.git\/\*\* leaves the tree/],
    [
      'what a quarantine keeps outside the tree',
      'files: ["a/**"]',
      'files: ["a/**"], undo: { class: quarantine, keep: ["../db"] }',
      /phases\.0\.tasks\.0\.undo\.keep\.0: glob \.\.\/db leaves the tree/,
    ],
    [
      'a stage outside the tree',
      'title: One',
      'title: One\n    stages: [{ name: apps, paths: ["/apps"] }]',
      /phases\.0\.stages\.0\.paths\.0: glob \/apps leaves the tree/,
    ],
    [
      'assets outside the plan’s folder',
      'phases:',
      'assets: ["../x"]\nphases:',
      /assets\.0: glob \.\.\/x leaves the tree/,
    ],
    [
      'a duration that is none',
      'run: "true" }',
      'run: "true", timeout: soon }',
      /agents\.A\.timeout: is no duration; write a number and ms, s, m, h, d or w, such as 15m$/,
    ],
    ['a shared branch', 'feature/b', 'feature/a', /tasks 1\.1 and 1\.2 share branch feature\/a; give each its own$/],
    [
      'branches that git cannot hold at once',
      'feature/b',
      'feature/a/b',
      /git can't hold branches feature\/a and feature\/a\/b at once; rename one$/,
    ],
    [
      'a branch above another',
      'feature/a',
      'feature/b/c',
      /git can't hold branches feature\/b\/c and feature\/b at once; rename one$/,
    ],
    [
      'more approvals than approvers',
      'approvers: [owner]',
      'approvers: [owner], need: 2',
      /defaults\.approval\.need: needs 2 of 1 approvers; name more or lower it$/,
    ],
    [
      'more sign-offs than approvers',
      'approvers: [owner] }',
      'approvers: [owner] }, signOff: { approvers: [owner], need: 2 }',
      /defaults\.signOff\.need: needs 2 of 1 approvers; name more or lower it$/,
    ],
    [
      'more approvals at a join point than approvers',
      'title: One',
      'title: One\n    joinPoint: { approval: { approvers: [owner], need: 2 } }',
      /phases\.0\.joinPoint\.approval\.need: needs 2 of 1 approvers; name more or lower it$/,
    ],
    [
      'more sign-offs at a join point than approvers',
      'title: One',
      'title: One\n    joinPoint: { signOff: { approvers: [owner], need: 2 } }',
      /phases\.0\.joinPoint\.signOff\.need: needs 2 of 1 approvers; name more or lower it$/,
    ],
    [
      'the same approver twice',
      'approvers: [owner]',
      'approvers: [owner, owner], need: 2',
      /defaults\.approval\.need: needs 2 of 1 approvers; name more or lower it$/,
    ],
    [
      'a soak of more rounds than a history holds',
      'title: One',
      'title: One\n    joinPoint: { soak: { duration: 4w, every: 1m } }',
      /joinPoint\.soak\.every: soak of 4w with gates every 1m has 40,320 rounds, more than 500; look less often$/,
    ],
    [
      'a soak that never waits',
      'title: One',
      'title: One\n    joinPoint: { soak: { duration: 1h, every: 0s } }',
      /has endless rounds, more than 500; look less often$/,
    ],
    [
      'a check that may take longer than what makes it',
      'title: One',
      'title: One\n    gates: [{ name: g, run: "true", timeout: 8h }]',
      /gates\.0\.timeout: must be 5h at most; wait for longer in a soak$/,
    ],
    [
      'a time for a check that is none',
      'title: One',
      'title: One\n    gates: [{ name: g, run: "true", timeout: soon }]',
      /gates\.0\.timeout: is no duration; write a number/,
    ],
    [
      'a quarantine that keeps nothing',
      'files: ["a/**"]',
      'files: ["a/**"], undo: { class: quarantine }',
      /tasks\.0\.undo: task 1\.1 is undone by quarantine and keeps nothing, so Flux would prune its data; name the paths/,
    ],
    [
      'a name that git refuses',
      'name: small',
      'name: a..b',
      /^plan\.yaml:1:\d+: name: must not start or end with a dot/,
    ],
    ['a name that is none', 'name: small', 'name: Small Plan', /name: must match \[a-z0-9\.-\]\{1,40\}$/],
  ])('%s', (_, find, replacement, line) => {
    const lines = problems(find, replacement);
    expect(lines).toHaveLength(1);
    expect(lines[0]).toMatch(line);
  });

  test('a cycle over several tasks is told once', () => {
    const cyclic = good.replace('files: ["a/**"]', 'files: ["a/**"], needs: ["1.2"]');
    expect(readPlan(cyclic)).toMatchObject({
      ok: false,
      problems: [{ what: expect.stringContaining('1.1 -> 1.2 -> 1.1') }],
    });
  });

  const twoPhases = `${good}  - id: "2"\n    title: Two\n    tasks:\n      - { id: "2.1", title: T, agent: A, branch: c, files: ["c"], needs: ["1.2"] }\n`;

  test('a need of a later phase, while one of an earlier phase is fine', () => {
    expect(readPlan(twoPhases)).toMatchObject({ ok: true });
    expect(readPlan(twoPhases.replace('needs: ["1.1"]', 'needs: ["2.1"]').replace('needs: ["1.2"]', ''))).toMatchObject(
      {
        ok: false,
        problems: [{ what: expect.stringContaining('of a later phase') }],
      },
    );
  });

  test('duplicate gates and phases', () => {
    const twice = good.replace('phases:', 'gates: [{ name: g, run: "true" }, { name: g, run: "true" }]\nphases:');
    expect(readPlan(twice)).toMatchObject({
      ok: false,
      problems: [{ what: 'check id g is used twice; give one of them another' }],
    });
    const acrossKinds = good
      .replace('phases:', 'staticChecks: [{ name: g, run: "true" }]\nphases:')
      .replace('title: One', 'title: One\n    gates: [{ name: g, run: "true" }, { name: files, run: "true" }]');
    expect(readPlan(acrossKinds)).toMatchObject({
      ok: false,
      problems: [
        { path: ['phases', 0, 'gates', 0, 'name'], what: 'check id g is used twice; give one of them another' },
        { path: ['phases', 0, 'gates', 1, 'name'], what: "check id files is joinpoint's own; give it another" },
      ],
    });
    expect(readPlan(twoPhases.replace('id: "2"', 'id: "1"'))).toMatchObject({
      ok: false,
      problems: [{ path: ['phases', 1, 'id'], what: 'phase id 1 is used twice; give one of them another' }],
    });
  });

  test('nobody to approve but who did the work', () => {
    const own = good
      .replace('run: "true" } }', 'run: "true" }, B: { kind: human, people: [owner] } }')
      .replace('title: Second, agent: A', 'title: Second, agent: B');
    expect(readPlan(own)).toMatchObject({
      ok: false,
      problems: [
        {
          path: ['defaults', 'approval', 'need'],
          what: 'needs 1 of 1 approvers, and owner may not approve their own work in phase 1; name others',
        },
      ],
    });
    expect(readPlan(own.replace('approvers: [owner]', 'approvers: [owner, other]'))).toMatchObject({ ok: true });
    const escalates = own.replace('approvers: [owner]', 'approvers: [owner], escalateTo: [other]');
    expect(readPlan(escalates)).toMatchObject({ ok: false });
    expect(readPlan(escalates.replace('escalateTo', 'deadline: 1d, escalateTo'))).toMatchObject({ ok: true });
  });

  test('brackets without end, nested too deeply, are told once', () => {
    expect(problems(/name: small/, `name: ${'['.repeat(100_000)}`)).toEqual([
      expect.stringMatching(/^plan\.yaml:1:\d+: plan: is nested too deeply; no plan needs that$/),
    ]);
  });

  test('brackets that nobody closed are told once', () => {
    expect(problems(/$/, `x: ${'['.repeat(20)}`)).toHaveLength(1);
  });

  test('aliases that make a small file a huge one, or lead nowhere', () => {
    const ninefold = (of: string): string => `[${Array.from({ length: 9 }, () => of).join(', ')}]`;
    const anchors = Array.from({ length: 9 }, (_, at) => `a${at + 1}: &a${at + 1} ${ninefold(`*a${at}`)}`);
    expect(problems(/^/, `a0: &a0 ${ninefold('x')}\n${anchors.join('\n')}\n`)).toEqual([
      'plan.yaml:1:1: plan: repeats itself too often through aliases; write out what is meant',
    ]);
    expect(problems('name: small', 'name: *small')).toEqual([
      'plan.yaml:1:1: plan: has an alias *small without an anchor before it; correct the one or the other',
    ]);
  });

  test('text that is no plan at all', () => {
    expect(readPlan('- 1\n- 2\n')).toMatchObject({ ok: false, problems: [{ place: '1:1' }] });
    expect(readPlan('a: [')).toMatchObject({ ok: false });
    expect(readPlan('')).toMatchObject({ ok: false });
  });
});
