/** A mutation: one decision of the product inverted, and the test that must notice. */

export interface Mutation {
  /** The product's file, from the root of the repository. */
  readonly file: string;
  /** Stands exactly once in it. */
  readonly find: string;
  readonly replace: string;
  /** The narrowest test file that must notice. */
  readonly tests: string;
  /** Of that file only the tests whose full name matches. */
  readonly named?: string;
  /** What is wrong with the product now. */
  readonly what: string;
}

type Row = readonly [what: string, find: string, replace: string, named?: string];

/** Mutations of `file` that `tests` must notice. */
export function mutationsOf(file: string, tests: string, rows: readonly Row[]): readonly Mutation[] {
  return rows.map(([what, find, replace, named]) => ({
    file,
    find,
    replace,
    tests,
    ...(named !== undefined && { named }),
    what,
  }));
}
