/** What the fields of a plan hold, below its structure: one line, a duration, a branch, a shell command. */
import { z } from 'zod';
import { durationMs, durationPattern } from './duration.js';

/** A duration as text; `durationMs` turns it into milliseconds where it is used. */
export const Duration = z
  .string()
  .regex(durationPattern, 'is no duration; write a number and ms, s, m, h, d or w, such as 15m');

export const AgentName = z.string().regex(/^[A-Za-z0-9.-]{1,40}$/, 'must match [A-Za-z0-9.-]{1,40}');
export const Branch = z
  .string()
  .regex(
    /^(?!.*(\.\.|\/\/|@\{|\.lock(\/|$)|\/$))[A-Za-z0-9_][A-Za-z0-9._/-]{0,120}$/,
    'is no branch name that git accepts',
  );
export const Line = z
  .string()
  .trim()
  .min(1)
  .regex(/^[^\n]*$/, 'must be one line');

/** A shell command, run by `sh -c` in a work tree with a clean environment; `$JOINPOINT_PLAN` is the folder of the plan's assets. */
export const Run = z.string().trim().min(1);

/** What every `timeout` of a check means. */
export const checkTimeSays =
  '2m unless it is given; a check that takes longer is inconclusive, which a person decides on';

/** Hours: what makes the checks has six in all, and what takes days is a soak's to wait for (design.md, Waiting). */
const checkHoursAtMost = 5;
export const CheckTime = Duration.refine(
  (text) => !durationPattern.test(text) || durationMs(text) <= durationMs(`${checkHoursAtMost}h`),
  `must be ${checkHoursAtMost}h at most; wait for longer in a soak`,
);
