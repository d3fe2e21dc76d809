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
  /** @throws FileUnreadable for what the tree lists and cannot give. */
  read(path: string): Uint8Array;
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
