import { describe, expect, it } from 'vitest';
import { endGroup } from './process-group.js';
import { identifyProcess, identifySelf } from './process-identity.js';
import { readProc, readPs, startedSince } from './process-table.js';

describe('the process table', () => {
  it.runIf(process.platform === 'linux')('reads the same from /proc and from ps', async () => {
    const fromPs = new Map((await readPs()).map((row) => [row.pid, row]));
    const common = (await readProc()).filter((row) => fromPs.has(row.pid));
    expect(common.length).toBeGreaterThan(2);
    for (const row of common) {
      const other = fromPs.get(row.pid);
      expect(other?.groupId).toBe(row.groupId);
    }
  });

  it('knows the start of this process, and of one that does not exist nothing', async () => {
    expect(await identifySelf()).toEqual(await identifyProcess(process.pid));
    expect(await identifyProcess(2 ** 30)).toBeUndefined();
  });

  it.each([
    ['boot/200', 'boot/100', true],
    ['boot/100', 'boot/100', true],
    ['boot/99', 'boot/100', false],
    ['next/200', 'boot/100', false],
    ['Mon Feb  2 10:00:01 2026', 'Mon Feb  2 10:00:00 2026', true],
    ['Mon Feb  2 09:59:59 2026', 'Mon Feb  2 10:00:00 2026', false],
  ])('%s since %s: %s', (start, earliest, since) => {
    expect(startedSince(start, earliest)).toBe(since);
  });
});

describe('endGroup', () => {
  it.each([-1, 0, 1, 1.5, Number.NaN])('refuses %d, which would reach strangers', async (groupId) => {
    await expect(endGroup(groupId, 10)).rejects.toThrow(RangeError);
  });
});
