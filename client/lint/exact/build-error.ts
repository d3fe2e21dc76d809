/** What a failed `kustomize build` is about: the part of its message that matters, and the file that it names. */
import { isAbsolute, posix, relative } from 'node:path';
import type { Build } from '../../../gitops/kustomize/build.js';
import { placeAt, placeOfFile } from '../../../gitops/lint/place.js';
import type { Place } from '../../../gitops/manifests/origin.js';
import type { Repository } from '../../../gitops/model/repository.js';
import { oneLine } from '../format-text.js';

/** kustomize tries a resource as a file, then as a folder, and tells both failures: which one is meant? */
export function gistOfBuildError(stderr: string, root: string): string {
  const said = oneLine(stderr.replace(/^Error: /, '')).replaceAll(`${root}/`, '');
  const [, asFile, asFolder] = /accumulation err='(.*)': (.*)$/.exec(said) ?? [];
  if (asFile === undefined || asFolder === undefined) return said;
  return asFile.endsWith('is a directory') ? asFolder : asFile;
}

/** The innermost file that the message names, with its line; else a file of the build that does not parse; else its kustomization. */
export function placeOfBuildError(repository: Repository, root: string, build: Build, stderr: string): Place {
  const line = Number(/\bline (\d+)/.exec(stderr)?.[1] ?? 1);
  const named = fileNamed(repository, root, build.directory, stderr);
  if (named !== undefined) return { file: named, line, column: 1 };
  for (const path of build.inputs) {
    const file = repository.file(path);
    const [problem] = file?.problems ?? [];
    if (file && problem) return placeAt(file, problem.offset);
  }
  return build.kustomization ? placeOfFile(build.kustomization.file.path) : placeOfFile(build.directory || '.');
}

/** Names are relative to the kustomization that lists them; a folder among them is where the next ones are. */
function fileNamed({ tree }: Repository, root: string, directory: string, stderr: string): string | undefined {
  const files = new Set(tree.paths);
  let folder = directory;
  let found: string | undefined;
  for (const [, quoted, bare] of stderr.matchAll(/'([^'\s]+)'|\b(?:open|File:) (\S+)/g)) {
    const name = (quoted ?? bare!).replace(/:$/, '');
    const path = isAbsolute(name) ? relative(root, name) : posix.join(folder, name);
    if (files.has(path)) found = path;
    else if (tree.paths.some((one) => one.startsWith(`${path}/`))) folder = path;
  }
  return found;
}
