/** What a playbook is: a pure function from a repository and parameters to edits, with what proves and undoes them. */
import type { ZodType } from 'zod';
import type { Repository } from '../gitops/model/repository.js';
import type { YamlEdit } from '../gitops/yaml/yaml-edit.js';

export interface Playbook<P = unknown, L = unknown> {
  /** Kebab-case; the name of its folder. A plan's task names it. */
  readonly id: string;
  readonly title: string;
  /** One sentence on what is true of the repository afterwards. */
  readonly summary: string;
  /** With a default for each: a plan names only what differs. */
  readonly parameters: ZodType<P>;
  /** Globs of the files that it may touch. */
  readonly files: readonly string[];
  /** `stateless`: its landing may be reverted by itself. `stateful`: what it made may hold data. `destructive`: it removes something that a revert alone does not bring back. */
  readonly risk: 'stateless' | 'stateful' | 'destructive';
  /** How its landings are undone, as a plan's `undo` names it. */
  readonly undo: 'revert' | 'revertConfig' | 'quarantine' | 'manual';
  /** Rules of the linter that it works by: of whatever one of them still finds afterwards a note names the subject. */
  readonly rules: readonly string[];
  /**
   * What of its subject does not hold, judged by the model and not by what it would do; a line each with its place, and
   * none where all holds. A plan's deliverables and criteria ask it. `now` in milliseconds: acceptances expire.
   */
  readonly lacks: (repository: Repository, parameters: P, now: number) => readonly string[];
  /** What it has to know that is not in the repository; asked once for a task, then recorded. Absent: nothing. */
  readonly lookUp?: (parameters: P, world: World) => Promise<L>;
  /** One after another: each is pushed and proven before the next, and sees a tree in which those before it are done. */
  readonly stages: readonly [PlaybookStage<P, L>, ...PlaybookStage<P, L>[]];
}

/** What a look-up may ask; the caller hands it in. */
export interface World {
  /** A JSON answer. @throws Error when there is none. */
  getJson(url: string): Promise<unknown>;
}

export interface PlaybookStage<P, L> {
  readonly name: string;
  /** Pure, and idempotent: on a tree where it is done it has no steps. */
  readonly work: (repository: Repository, parameters: P, looked: L | undefined) => StageWork;
}

export interface StageWork {
  readonly steps: readonly PlaybookStep[];
  /** What it leaves alone, or to a person, and why; one line each. */
  readonly notes: readonly string[];
  /** Pages on what was done: of the tree in which the steps are done as far as they could be, with the notes on the others. */
  readonly pages?: (after: Repository, notes: readonly string[]) => readonly PlaybookStep[];
}

export interface PlaybookStep {
  /** `Kustomization media/plex: timeout 5m`: what a reviewer reads before it is done. */
  readonly what: string;
  readonly file: string;
  readonly change: FileChange;
  /** Where its edit cannot be made exactly it is left to a person, and the others are made all the same. */
  readonly isOptional?: boolean;
}

export type FileChange =
  /** Lossless edits of a YAML file, made in order. */
  | { readonly kind: 'edit'; readonly edits: readonly YamlEdit[] }
  /** A whole file, new or generated. */
  | { readonly kind: 'write'; readonly text: string }
  | { readonly kind: 'remove' };

/** A playbook with its types, for the list that holds them all. */
export function playbook<P, L = never>(definition: Playbook<P, L>): Playbook {
  return definition as unknown as Playbook;
}
