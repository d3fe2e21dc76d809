/** A tree of files as the model reads it: a folder, a revision of a git repository, or a few texts in a test. */

/** Why a file of the tree could not be read; it becomes a finding. */
export interface FileProblem {
  readonly path: string;
  readonly message: string;
}

export interface FileTree {
  /** Files, relative to the tree with `/` between folders, sorted. What a link leads to outside of the tree is not among them. */
  readonly paths: readonly string[];
  readonly problems: readonly FileProblem[];
  /** @throws with the reason, for people, where the tree lists a file and cannot give it: too large, no permission. */
  read(path: string): Uint8Array;
}

/** A file's text, bytes that are no UTF-8 replaced; undefined where it is not in the tree or cannot be read, which is a finding of its own. */
export function textAt(tree: FileTree, path: string): string | undefined {
  try {
    return new TextDecoder('utf-8', { ignoreBOM: true }).decode(tree.read(path));
  } catch {
    return undefined;
  }
}

/** A tree from texts: tests, and edits that are judged before they are written. */
export function treeOfTexts(texts: Readonly<Record<string, string>>): FileTree {
  const files = new Map(Object.entries(texts));
  return {
    paths: [...files.keys()].toSorted(),
    problems: [],
    read(path) {
      const text = files.get(path);
      if (text === undefined) throw new Error(`${path}: is not in the tree; read only what paths lists`);
      return Buffer.from(text, 'utf8');
    },
  };
}
