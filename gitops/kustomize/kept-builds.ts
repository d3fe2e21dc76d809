/**
 * Builds that a reading of a repository takes over from the one before it: those of which nothing that they were made
 * of has changed. Their objects are then the same objects, and so is all that is remembered of them.
 */
import type { Scope } from '../manifests/scope.js';
import type { Build } from './build.js';
import type { RepositoryFiles } from './repository-files.js';

interface Kept {
  readonly directory: string;
  readonly build: Build;
  readonly contents: ReadonlyMap<string, unknown>;
}

/** What a build is asked for by: nothing but a folder, or a Flux Kustomization that adds to it. */
export type BuildKey = string | object;

export class KeptBuilds {
  private readonly builds = new Map<BuildKey, Kept>();
  /** Undefined where none of them can be taken over: files came or went, or a kind changed its scope. */
  private readonly before: ReadonlyMap<BuildKey, Kept> | undefined;

  constructor(
    private readonly files: RepositoryFiles,
    private readonly scope: Scope,
    previous?: KeptBuilds,
  ) {
    const isComparable = previous && files.hasSamePaths(previous.files) && scope.isSame(previous.scope);
    this.before = isComparable ? previous.builds : undefined;
  }

  /** Made now unless it is known. */
  get(key: BuildKey, directory: string, make: () => Build): Build {
    const known = this.builds.get(key) ?? this.unchanged(this.before?.get(key));
    const kept = known?.directory === directory ? known : this.made(directory, make());
    this.builds.set(key, kept);
    return kept.build;
  }

  private unchanged(kept: Kept | undefined): Kept | undefined {
    // What a cycle leaves out depends on which of its folders were gathered before.
    if (!kept || kept.build.problems.some(({ code }) => code === 'cycle')) return undefined;
    for (const [path, content] of kept.contents) if (this.files.content(path) !== content) return undefined;
    return kept;
  }

  private made(directory: string, build: Build): Kept {
    const contents = new Map([...build.inputs].map((path) => [path, this.files.content(path)]));
    return { directory, build, contents };
  }
}
