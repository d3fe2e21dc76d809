/** A repository as a folder that kustomize can build: with what only the data lacks, and without what is remote. */
import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Build } from '../../gitops/kustomize/build.js';
import type { FileTree } from '../../gitops/source/file-tree.js';

/** In a new folder, which the caller removes: the repositories come without scripts and dashboards, and the tests without a network. */
export function buildableCopy(tree: FileTree, builds: readonly Build[]): string {
  const copy = copyOf(tree);
  const write = (path: string, content: string | Uint8Array) => {
    mkdirSync(dirname(join(copy, path)), { recursive: true });
    writeFileSync(join(copy, path), content);
  };
  for (const { directory, kustomization, problems, unknowns, objects } of builds) {
    for (const { code, message } of problems) {
      if (code !== 'missing-file') continue;
      write(message.split(' ', 1)[0] ?? '', '');
    }
    replaceRemote(copy, unknowns);
    if (kustomization) continue;
    // Flux writes one that lists what it found: files, and folders with a kustomization of their own.
    const listed = objects.map(({ chain: [first], manifest }) => first?.directory ?? manifest?.file.path ?? '');
    const lines = [...new Set(listed)].map((path) => `  - ${path.slice(directory.length + 1)}`);
    write(join(directory, 'kustomization.yaml'), ['resources:', ...lines, ''].join('\n'));
  }
  return copy;
}

/** An empty file stands in for a generator's, a folder that builds nothing for a resource. */
export function replaceRemote(copy: string, unknowns: Build['unknowns']): void {
  for (const { text, origin } of unknowns) replaceIn(join(copy, origin.document.file.path), text);
}

function replaceIn(path: string, url: string): void {
  const text = readFileSync(path, 'utf8');
  mkdirSync(join(dirname(path), 'stub'), { recursive: true });
  writeFileSync(join(dirname(path), 'stub/kustomization.yaml'), 'resources: []\n');
  writeFileSync(join(dirname(path), 'stub/file'), '');
  writeFileSync(path, text.replaceAll(`=${url}`, '=stub/file').replaceAll(url, 'stub'));
}

/** In a new folder, which the caller removes: the tree as it is. */
export function copyOf(tree: FileTree): string {
  const copy = mkdtempSync(join(tmpdir(), 'joinpoint-kustomize-'));
  for (const path of tree.paths) {
    mkdirSync(dirname(join(copy, path)), { recursive: true });
    writeFileSync(join(copy, path), tree.read(path));
  }
  return copy;
}
