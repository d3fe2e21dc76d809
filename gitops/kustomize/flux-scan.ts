/** What Flux builds of a folder without a kustomization.yaml: every manifest below it. */
import type { RepositoryFiles } from './repository-files.js';

/** Files, and folders that have a kustomization of their own, in the order of a walk. */
export function scanForManifests(
  directory: string,
  files: RepositoryFiles,
  hasKustomization: (directory: string) => boolean,
): readonly string[] {
  const found: string[] = [];
  const pending = [directory];
  for (let folder = pending.pop(); folder !== undefined; folder = pending.pop()) {
    found.push(...files.filesIn(folder).filter((path) => /\.ya?ml$/.test(path) && !isIgnored(path)));
    for (const child of files.foldersIn(folder)) {
      if (isIgnoredFolder(child)) continue;
      if (hasKustomization(child)) found.push(child);
      else pending.push(child);
    }
  }
  return found.sort();
}

/** What Flux leaves out of every source by default, as far as it is YAML. */
const ignoredFiles = new Set(['.sops.yaml', '.flux.yaml', '.goreleaser.yml', '.travis.yml', '.gitlab-ci.yml']);
const ignoredServices = [
  'appveyor.yml',
  '.drone.yml',
  'cloudbuild.yaml',
  'codeship-services.yml',
  'codeship-steps.yml',
];

function isIgnored(path: string): boolean {
  const name = nameOf(path);
  return ignoredFiles.has(name) || ignoredServices.includes(name);
}

function isIgnoredFolder(path: string): boolean {
  return ['.git', '.github', '.circleci'].includes(nameOf(path));
}

function nameOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}
