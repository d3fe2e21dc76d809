/** Owns which part of the worker's environment a command may see. */

/** What a login shell needs to work and to be reproducible; none of it is a secret. */
const harmless = ['PATH', 'HOME', 'USER', 'LANG', 'LC_ALL', 'TZ', 'TMPDIR'] as const;

export interface EnvironmentOptions {
  /** The worker's environment; only the composition root reads `process.env`. */
  readonly source: Readonly<Record<string, string | undefined>>;
  /** Further names to hand through, exactly as written in the plan: the only way a token reaches a command. */
  readonly allow?: readonly string[];
  /** Values that win over everything else. */
  readonly set?: Readonly<Record<string, string>>;
}

/** Builds a command's whole environment; names that `source` does not hold are left out, and `TERM` is `dumb` so that output stays plain. */
export function cleanEnvironment({
  source,
  allow = [],
  set = {},
}: EnvironmentOptions): Readonly<Record<string, string>> {
  const handedThrough = [...harmless, ...allow].flatMap((name) => {
    const value = Object.hasOwn(source, name) ? source[name] : undefined;
    return value === undefined ? [] : [[name, value] as const];
  });
  return Object.fromEntries([['TERM', 'dumb'] as const, ...handedThrough, ...Object.entries(set)]);
}
