/** What the parser of the command line says, in the form of every other message. Pure. */

/** `error: unknown option '--frob'` as `joinpoint: unknown option '--frob'; see: joinpoint --help`. */
export function usageError(said: string, program: string): string {
  const what = said
    .replace(/^error: /, '')
    .replaceAll(/\s+/g, ' ')
    .trim()
    .replace(/\.$/, '');
  return `joinpoint: ${what}; see: ${program} --help`;
}
