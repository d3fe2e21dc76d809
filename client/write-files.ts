/** Writes what a playbook changed: each file whole, by a temporary file and a rename; new folders are made. */
import { randomUUID } from 'node:crypto';
import { link, mkdir, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { FileTree } from '../gitops/source/file-tree.js';
import { exitCode } from './exit-code.js';
import { replaceFile } from './lint/write-file.js';
import { Refusal } from './refusal.js';

/** @throws Refusal for a file that could not be written; those before it are. */
export async function writeFiles(
  root: string,
  tree: FileTree,
  files: ReadonlyMap<string, string | null>,
): Promise<void> {
  const known = new Set(tree.paths);
  for (const [path, text] of files) {
    if (text === null) await rm(join(root, path), { force: true });
    else if (known.has(path)) {
      const outcome = await replaceFile(root, path, tree.read(path), text);
      if (outcome.status === 'left')
        throw new Refusal(`${path}: ${outcome.why}; the files after it are as they were`, exitCode.failed);
    } else await createFile(join(root, path), text);
  }
}

/** A link fails where there is a file by now, as a rename does not. */
async function createFile(path: string, text: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  const temporary = `${path}.${randomUUID().slice(0, 8)}.tmp`;
  try {
    await writeFile(temporary, text);
    await link(temporary, path);
  } finally {
    await rm(temporary, { force: true });
  }
}
