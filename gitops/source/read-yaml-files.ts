/** Reads the YAML files of a tree; what cannot be read is a problem, never an exception. */
import { YamlFile } from '../yaml/yaml-file.js';
import type { FileProblem, FileTree } from './file-tree.js';

export interface YamlFiles {
  readonly files: readonly YamlFile[];
  readonly problems: readonly FileProblem[];
}

/** `previous` gives the file as it was read before; one with the same text is not parsed again. */
export function readYamlFiles(tree: FileTree, previous: (path: string) => YamlFile | undefined): YamlFiles {
  const files: YamlFile[] = [];
  const problems: FileProblem[] = [...tree.problems];
  const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
  for (const path of tree.paths) {
    if (!/\.ya?ml$/.test(path)) continue;
    try {
      const text = decoder.decode(tree.read(path));
      const known = previous(path);
      files.push(known?.text === text ? known : YamlFile.read(path, text));
    } catch (error) {
      const isEncoding = error instanceof TypeError;
      problems.push({ path, message: isEncoding ? 'is no UTF-8 text' : messageOf(error) });
    }
  }
  return { files, problems };
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
