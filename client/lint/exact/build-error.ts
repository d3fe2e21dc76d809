/** What a failed `kustomize build` is about: the part of its message that matters, and the file that it names. */
import { isAbsolute, posix, relative } from 'node:path';
import type { Build } from '../../../gitops/kustomize/build.js';
import { placeAt, placeOfFile } from '../../../gitops/lint/place.js';
import type { Place } from '../../../gitops/manifests/origin.js';
import type { Repository } from '../../../gitops/model/repository.js';
import { oneLine } from '../format-text.js';

/** A folder's failure is told by each folder above it: the innermost says it. `root` is real, links resolved. */
export function gistOfBuildError(stderr: string, root: string): string {
  const said = oneLine(stderr.replace(/^Error: /, '')).replaceAll(`${root}/`, '');
  const innermost = said.replace(/^.*recursed accumulation of path '[^']*': /, '');
  // A resource is tried as a file, then as a folder, and both failures are told: which one is meant?
  const [, asFile, asFolder] =
    /accumulation err='(.*)': ((?:must build at directory|cycle detected).*)$/.exec(innermost) ?? [];
  if (asFile === undefined || asFolder === undefined) return innermost;
  return asFile.endsWith('is a directory') ? asFolder : asFile;
}

/**
 * The innermost file that the message names, with its line; else one of the build that does not parse; else the
 * kustomization of the innermost folder.
 */
export function placeOfBuildError(repository: Repository, root: string, build: Build, stderr: string): Place {
  const { file, folder } = named(repository, root, build.directory, stderr);
  if (file !== undefined) return { file, line: Number(/\bline (\d+)/.exec(stderr)?.[1] ?? 1), column: 1 };
  for (const path of build.inputs) {
    const read = repository.file(path);
    const [problem] = read?.problems ?? [];
    if (read && problem) return placeAt(read, problem.offset);
  }
  const kustomizations = ['kustomization.yaml', 'kustomization.yml', 'Kustomization'].map((name) =>
    posix.join(folder, name),
  );
  return placeOfFile(kustomizations.find((path) => repository.tree.paths.includes(path)) ?? (folder || '.'));
}

interface Named {
  readonly file: string | undefined;
  readonly folder: string;
}

/** Names are relative to the kustomization that lists them; a folder among them is where the next ones are. */
function named({ tree }: Repository, root: string, directory: string, stderr: string): Named {
  const files = new Set(tree.paths);
  let [file, folder]: [string | undefined, string] = [undefined, directory];
  for (const [, quoted, bare] of stderr.matchAll(/'([^'\s]+)'|\b(?:open|File:) (\S+)/g)) {
    const name = (quoted ?? bare!).replace(/:$/, '');
    const path = isAbsolute(name) ? relative(root, name) : posix.join(folder, name);
    if (files.has(path)) file = path;
    else if (tree.paths.some((one) => one.startsWith(`${path}/`))) folder = path;
  }
  return { file, folder };
}
