/** Data of a document as JSON has it: no maps but objects, nothing shared. */
import { Composer, type CST, type Document, Parser } from 'yaml';
import type { YamlPath } from '../../gitops/yaml/yaml-file.js';

export type Plain = null | string | number | boolean | Plain[] | { [key: string]: Plain };

/** A text with all that the tests ask of it, parsed once. */
export interface ReadText {
  readonly text: string;
  readonly documents: readonly Document.Parsed[];
  readonly data: Plain[];
  readonly comments: readonly { readonly source: string; readonly offset: number }[];
}

/** Undefined for a text that does not parse, or has no document. */
export function readText(text: string): ReadText | undefined {
  const tokens = [...new Parser().parse(text)];
  const options = { merge: true, prettyErrors: false, logLevel: 'silent', keepSourceTokens: true } as const;
  const documents = [...new Composer(options).compose(tokens)] as Document.Parsed[];
  if (documents.length === 0 || documents.some(({ errors }) => errors.length > 0)) return undefined;
  try {
    const data = documents.map((document) => JSON.parse(JSON.stringify(document.toJS())) as Plain);
    return { text, documents, data, comments: commentsOf(tokens) };
  } catch {
    return undefined;
  }
}

export function lookUp(data: Plain, path: YamlPath): Plain | undefined {
  let found: Plain | undefined = data;
  for (const step of path) found = (found as { [key: string]: Plain } | null | undefined)?.[step];
  return found;
}

export function pathsOf(data: Plain, path: YamlPath = []): YamlPath[] {
  if (typeof data !== 'object' || data === null) return [path];
  const steps = Array.isArray(data) ? data.keys() : Object.keys(data);
  return [path, ...[...steps].flatMap((step) => pathsOf(lookUp(data, [step])!, [...path, step]))];
}

function commentsOf(tokens: readonly CST.Token[]): CST.SourceToken[] {
  const comments: CST.SourceToken[] = [];
  const see = (value: unknown): void => {
    if (Array.isArray(value)) value.forEach(see);
    else if (typeof value === 'object' && value !== null) {
      if ((value as CST.Token).type === 'comment') comments.push(value as CST.SourceToken);
      Object.values(value).forEach(see);
    }
  };
  see(tokens);
  return comments;
}
