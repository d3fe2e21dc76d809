/** An address as a parameter gives it: without credentials, since it stands in plans, records and messages. */
import { z } from 'zod';

export const PlainUrl = z.url().refine((url) => !hasCredentials(url), {
  error: 'must hold no user and no password: it stands in the plan and its records',
});

/** Of what is no URL, false. */
export function hasCredentials(url: string): boolean {
  if (!URL.canParse(url)) return false;
  const { username, password } = new URL(url);
  return username !== '' || password !== '';
}
