/** Where a value is written: a document of a file, or YAML inside a string of one (a patch, values in a ConfigMap). */
import type { Position } from '../yaml/line-index.js';
import type { YamlDocument, YamlPath } from '../yaml/yaml-file.js';
import { offsetInString } from './embedded-yaml.js';

/** Relative to the repository, `/` between folders. */
export interface Place extends Position {
  readonly file: string;
}

export interface SourceDocument {
  readonly document: YamlDocument;
  /** The string that holds it; undefined for a document of a file. */
  readonly within: Origin | undefined;
}

export class Origin {
  constructor(
    readonly source: SourceDocument,
    readonly path: YamlPath = [],
  ) {}

  /** Of something below. */
  at(path: YamlPath): Origin {
    return path.length === 0 ? this : new Origin(this.source, [...this.path, ...path]);
  }

  /** The document of the file: where an edit goes. */
  get document(): YamlDocument {
    return this.source.within?.document ?? this.source.document;
  }

  /** In the document of the file: to the value, or to the string that holds it. */
  get pathInFile(): YamlPath {
    return this.source.within?.pathInFile ?? this.path;
  }

  /** Whether it stands in a string: an edit must then change text inside that string. */
  get isEmbedded(): boolean {
    return this.source.within !== undefined;
  }

  /** In the file's text; of the deepest part that is there. */
  get offset(): number {
    let { document, within } = this.source;
    let offset = document.nearestOffset(this.path);
    for (; within; within = within.source.within) {
      offset = offsetInString(within.source.document, within.path, document.file.position(offset));
      document = within.source.document;
    }
    return offset;
  }

  /** Computed when asked for: most are never shown. */
  get place(): Place {
    const { file } = this.document;
    return { file: file.path, ...file.position(this.offset) };
  }
}
