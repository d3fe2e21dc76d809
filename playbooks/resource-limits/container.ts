/** A container as one object has it: what it is to get, and where each part of its resources is written. */
import type { AppliedObject } from '../../gitops/flux/flux-kustomization.js';
import type { Origin } from '../../gitops/manifests/origin.js';
import type { YamlPath } from '../../gitops/yaml/yaml-file.js';
import type { Sized } from './size-of.js';

export interface Container extends Sized {
  readonly object: AppliedObject;
  /** For the page: the values key that its chart reads, or its name. */
  readonly key: string;
  /** Its `resources` in effect. */
  readonly own: unknown;
  /** Why it gets nothing of what it lacks, as `HelmRelease media/plex …` goes on. */
  readonly left?: string;
  /** Only told because it reads what another is to get; the page has no row for it. */
  readonly isAside?: boolean;
  /** What is set, for people; the path is below `resources`, as in the two that follow. */
  readonly label: (path: YamlPath) => string;
  /** Where that is written, or would be. */
  readonly originOf: (path: YamlPath) => Origin;
  /** Every place that it would be read from, were it there. */
  readonly readFrom: (path: YamlPath) => readonly Origin[];
}

/** One text for each place; a place in a string has the way inside it too. */
export function placeKey({ document, pathInFile, path, isEmbedded }: Origin): string {
  return JSON.stringify([document.file.path, document.index, pathInFile, isEmbedded && path]);
}
