/** The files and folders of a tree as kustomize looks for them: by path, below a folder, as YAML or as text. */
import type { FileTree } from '../source/file-tree.js';
import { YamlFile } from '../yaml/yaml-file.js';

interface Folder {
  readonly files: string[];
  readonly folders: string[];
}

export class RepositoryFiles {
  private readonly folders = new Map<string, Folder>([['', { files: [], folders: [] }]]);
  private readonly paths: ReadonlySet<string>;
  /** Files that are not called `*.yaml` and are yet read as YAML: a resource may have any name. */
  private readonly others = new Map<string, YamlFile | undefined>();

  constructor(
    private readonly tree: FileTree,
    private readonly yamlFiles: ReadonlyMap<string, YamlFile>,
  ) {
    this.paths = new Set(tree.paths);
    for (const path of tree.paths) this.folder(folderOf(path)).files.push(path);
  }

  hasFile(path: string): boolean {
    return this.paths.has(path);
  }

  hasFolder(path: string): boolean {
    return this.folders.has(path);
  }

  /** Files of the folder itself, in their order. */
  filesIn(path: string): readonly string[] {
    return this.folders.get(path)?.files ?? [];
  }

  foldersIn(path: string): readonly string[] {
    return this.folders.get(path)?.folders ?? [];
  }

  /** Undefined where the file is not there or cannot be read. */
  yaml(path: string): YamlFile | undefined {
    const known = this.yamlFiles.get(path);
    if (known || this.others.has(path)) return known ?? this.others.get(path);
    const text = this.text(path);
    const file = text === undefined ? undefined : YamlFile.read(path, text);
    this.others.set(path, file);
    return file;
  }

  /** Undefined for what is no text, too. */
  text(path: string): string | undefined {
    const known = this.yamlFiles.get(path);
    if (known) return known.text;
    if (!this.paths.has(path)) return undefined;
    try {
      return new TextDecoder('utf-8', { fatal: true }).decode(this.tree.read(path));
    } catch {
      return undefined;
    }
  }

  /** The very same from one reading to the next while the file is; undefined where it cannot be read. */
  content(path: string): YamlFile | Uint8Array | undefined {
    try {
      return this.yamlFiles.get(path) ?? this.tree.read(path);
    } catch {
      return undefined;
    }
  }

  /** Whether the same files are there, whatever they hold. */
  hasSamePaths({ paths }: RepositoryFiles): boolean {
    return this.paths.size === paths.size && [...paths].every((path) => this.paths.has(path));
  }

  private folder(path: string): Folder {
    const known = this.folders.get(path);
    if (known) return known;
    const made: Folder = { files: [], folders: [] };
    this.folders.set(path, made);
    this.folder(folderOf(path)).folders.push(path);
    return made;
  }
}

/** Empty for the root, which is its own folder. */
export function folderOf(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf('/')));
}

/** A path relative to a folder of the repository; undefined where it leads out of the repository. */
export function joinPath(folder: string, path: string): string | undefined {
  const parts: string[] = [];
  for (const part of [...(path.startsWith('/') ? [] : folder.split('/')), ...path.split('/')]) {
    if (part === '' || part === '.') continue;
    if (part !== '..') parts.push(part);
    else if (parts.pop() === undefined) return undefined;
  }
  return parts.join('/');
}
