import { describe, expect, test } from 'vitest';
import { renderChanges } from './render-changes.js';
import { plainStyle } from './render-style.js';
import { asItStands } from './as-it-stands.js';
import { countVerdicts, renderTree } from './render-tree.js';
import {
  type NodeReport,
  type PhaseLine,
  type PhaseView,
  type RolloutView,
  type TaskStatus,
  verdictLines,
} from './status.js';

const hour = 3_600_000;

function aPhase(id: string, change: Partial<PhaseLine> = {}): PhaseLine {
  const start = { title: `Phase ${id}`, weeks: [], status: 'running', detail: '', taskCount: 1 } as const;
  return { id, joinPoint: `Join point of phase ${id}`, ...start, ...change };
}

function aRollout(change: Partial<RolloutView> = {}): RolloutView {
  return {
    name: 'tidy',
    uid: 'u1',
    title: 'Tidy up',
    repo: '/srv/git/homelab.git',
    branch: 'main',
    status: 'running',
    startedAt: 0,
    phases: [aPhase('1')],
    questions: [],
    reports: [],
    manualTasks: [],
    notes: [],
    ...change,
  };
}

function aView(id: string, tasks: Readonly<Record<string, TaskStatus>>, change: Partial<PhaseView> = {}): PhaseView {
  return {
    id,
    title: `Phase ${id}`,
    workflowId: `rollout/tidy/phase/${id}`,
    joinPoint: `Join point of phase ${id}`,
    tasks: Object.entries(tasks).map(([task, status]) => ({
      id: task,
      title: `Task ${task}`,
      agent: 'A',
      status,
      detail: { working: 'attempt 1', ready: 'verified, waits for its landing' }[status as string] ?? '',
    })),
    reports: [],
    questions: [],
    ...change,
  };
}

function drawn(rollout: RolloutView, ...views: readonly PhaseView[]): string {
  const lineOf = ({ id }: PhaseView) => rollout.phases.find((line) => line.id === id)!;
  const phases = Object.fromEntries(views.map((view) => [view.id, asItStands(view, lineOf(view), rollout.status)]));
  return renderTree({ rollout, phases, now: hour, style: plainStyle }).join('\n');
}

function aNode(node: string, change: Partial<NodeReport> = {}): NodeReport {
  return { node, workflowId: 'w', status: 'soaking', questions: [], ...change };
}

test('how long it is open is said of a running rollout, and beside no other state, which would seem to last so long', () => {
  expect(drawn(aRollout())).toContain('tidy  Tidy up  running for 1h\n');
  const pause = { by: 'ann', at: 1_800_000, why: 'away' };
  expect(drawn(aRollout({ status: 'paused', pause }))).toMatch(/nothing new begins\n.*\npaused by ann 30m ago: away\n/);
  expect(drawn(aRollout({ status: 'aborted', pause }))).not.toContain('paused');
  expect(drawn(aRollout({ status: 'held' }))).toContain('tidy  Tidy up  held\n');
});

describe('of a phase that was closed over', () => {
  const tasks = { '1.1': 'ready', '1.2': 'ready', '1.3': 'working', '1.4': 'waiting' } as const;
  const aborted = (change: Partial<PhaseLine>): string =>
    drawn(
      aRollout({ status: 'aborted', phases: [aPhase('1', { detail: 'aborted by ann', ...change })] }),
      aView('1', tasks),
    );

  test('nothing works any more, and what had landed is undone', () => {
    const screen = aborted({ status: 'undone', left: { undone: ['1.1'], standing: [] } });
    expect(screen).toMatch(/↩ 1\.1 .* undone\n/);
    expect(screen).toMatch(/○ 1\.2 .* verified, not landed\n/);
    expect(screen).toMatch(/○ 1\.3 .* stopped\n/);
    expect(screen).toMatch(/○ 1\.4 .* not done\n/);
    expect(screen).not.toMatch(/working|waits|[●◐✓]/);
  });

  test('what its undo left on the target is said to be there', () => {
    const screen = aborted({ status: 'undone', left: { undone: ['1.2'], standing: ['1.1'] } });
    expect(screen).toMatch(/! 1\.1 .* landed, and still on the target\n/);
    expect(screen).toMatch(/↩ 1\.2 .* undone\n/);
  });

  test('what landed before an abort that kept it stays landed', () => {
    const screen = aborted({ status: 'skipped', left: { undone: [], standing: ['1.1'] } });
    expect(screen).toMatch(/✓ 1\.1 .* landed\n/);
    expect(screen).toMatch(/○ 1\.2 .* verified, not landed\n/);
  });

  test('its join point waits for nothing, and what its gates said stays', () => {
    const verdicts = [{ id: 'g', title: 'builds', status: 'failed', why: 'exit code 1' }] as const;
    const screen = drawn(
      aRollout({ phases: [aPhase('1', { status: 'undone' })] }),
      aView('1', tasks, { reports: [aNode('join point 1', { until: 2 * hour, verdicts })] }),
    );
    expect(screen).toContain('join point 1: stopped  1 failed\n');
    expect(screen).toContain('✗ builds: exit code 1');
    expect(screen).not.toContain('left');
  });
});

describe('a reason is shown to its end', () => {
  const reason = 'the vendor keeps its own chart, and Ann has compared both by hand, line for line, on two evenings';

  test('of what a person let through', () => {
    const { tasks, ...view } = aView('1', { '1.1': 'ready' });
    const detail = `verified but for: root overrode "the numbers are not plausible": ${reason}`;
    const screen = drawn(aRollout(), { ...view, tasks: [{ ...tasks[0]!, detail }] });
    expect(screen.replaceAll(/\n  │ +/g, ' ')).toContain(`ready: ${detail}`);
    expect(Math.max(...screen.split('\n').map(({ length }) => length))).toBeLessThanOrEqual(100);
  });

  test('in the notes and in what is left to a person', () => {
    const screen = drawn(
      aRollout({
        notes: [`phase 1: skipped by ann: ${reason}`],
        manualTasks: [{ phase: '1', task: '1.1', what: reason }],
      }),
    ).replaceAll(/\n {4}/g, ' ');
    expect(screen).toContain(`phase 1: skipped by ann: ${reason}`);
    expect(screen).toContain(`phase 1, 1.1: ${reason}`);
  });

  test('in the log of changes, whatever its width; other lines are cut where there is a width', () => {
    const view = aView('1', { '1.1': 'working' });
    const working = { ...view, tasks: [{ ...view.tasks[0]!, detail: `sent back: ${reason}` }] };
    const after = { rollout: aRollout({ notes: [`1.1: ${reason}`] }), phase: working };
    const lines = (width?: number) => renderChanges(undefined, after, plainStyle, width).join('\n');
    expect(lines(60)).toContain(`! 1.1: ${reason}`);
    expect(lines(60)).not.toContain(`sent back: ${reason}`);
    expect(lines()).toContain(`sent back: ${reason}`);
  });
});

test('what was broken before, or let through, is counted by itself, with its reason: it is not what passed', () => {
  const why = 'was broken at the base already';
  const waived = 'failed, and ann overrode "pods failed": known';
  const lines = verdictLines([
    { id: 'g1', title: 'live', status: 'passed', why, note: 'brokenBefore', excerpt: '' },
    { id: 'g2', title: 'whole', status: 'passed', why: '', excerpt: '' },
    { id: 'g3', title: 'pods', status: 'passed', seenAs: 'failed', why: waived, excerpt: '', note: 'overridden' },
  ]);
  expect(countVerdicts(lines)).toBe('1 passed, 1 broken before, 1 overridden');
  const landing: NodeReport = {
    node: 'landing of phase 1',
    workflowId: 'w',
    status: 'landed',
    questions: [],
    verdicts: lines,
  };
  const screen = drawn(aRollout(), aView('1', {}, { reports: [landing] }));
  expect(screen).toContain(`live: ${why}`);
  expect(screen).toContain(`pods: ${waived}`);
});
