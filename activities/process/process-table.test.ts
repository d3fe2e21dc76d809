import { describe, expect, it } from 'vitest';
import { endGroup } from './process-group.js';
import { processStartTime, readProc, readPs, sameStart } from './process-table.js';

describe('the process table', () => {
  it.runIf(process.platform === 'linux')('reads the same from /proc and from ps', async () => {
    const fromPs = new Map((await readPs()).map((row) => [row.pid, row]));
    const common = (await readProc()).filter((row) => fromPs.has(row.pid));
    expect(common.length).toBeGreaterThan(2);
    for (const row of common) {
      const other = fromPs.get(row.pid);
      expect(other?.groupId).toBe(row.groupId);
      expect(sameStart(other?.startedAt ?? '', row.startedAt)).toBe(true);
    }
  });

  it('knows when this process started, and of one that does not exist nothing', async () => {
    const startedAtMs = Date.parse((await processStartTime(process.pid)) ?? '');
    expect(Math.abs(startedAtMs - performance.timeOrigin)).toBeLessThan(60_000);
    expect(await processStartTime(2 ** 30)).toBeUndefined();
  });
});

describe('endGroup', () => {
  it.each([-1, 0, 1, 1.5, Number.NaN])('refuses %d, which would reach strangers', async (groupId) => {
    await expect(endGroup(groupId, 10)).rejects.toThrow(RangeError);
  });
});
