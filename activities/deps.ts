/** What the composition root gives the activities. */
export interface ActivityDeps {
  /** The worker's own folder: caches and process records, nothing that cannot be rebuilt. */
  readonly home: string;
  /** The worker's environment; agents and checks see the harmless part of it. */
  readonly env: Readonly<Record<string, string | undefined>>;
}
