/** Patterns that Go programs read (kustomize, SOPS), in Go's own syntax and, as there, in time linear in the text: a repository's pattern never holds the process up. */
import { RE2JS, RE2JSException } from 're2js';

/** Whether the pattern is found in a text, anywhere unless it is anchored. */
export type GoPattern = (text: string) => boolean;

/** A text says why Go does not read the pattern. */
export function goPattern(pattern: string): GoPattern | string {
  try {
    const compiled = RE2JS.compile(pattern);
    return (text) => compiled.test(text);
  } catch (error) {
    if (!(error instanceof RE2JSException)) throw error;
    return error.message;
  }
}

/** The whole of a text has to match. */
export function wholeGoPattern(pattern: string): GoPattern | string {
  // Most name one thing.
  return /^[\w/-]*$/.test(pattern) ? (text) => text === pattern : goPattern(`^(?:${pattern})$`);
}
