/** One line of `joinpoint doctor`. */

export interface Finding {
  readonly status: 'ok' | 'info' | 'warn' | 'fail';
  readonly subject: string;
  readonly found: string;
  /** What to do about it. */
  readonly mend?: string;
}
