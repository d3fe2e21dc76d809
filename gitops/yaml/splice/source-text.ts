/** A text to be edited: its documents with their tokens and their data, or what keeps it from being edited. */
import { Composer, type CST, type Document, Parser } from 'yaml';
import { holdsItself } from './data.js';
import type { YamlProblem } from '../yaml-file.js';

export interface SourceDocument {
  readonly parsed: Document.Parsed;
  readonly token: CST.Document;
  /** Where the directives above it begin, if there are any. */
  readonly directives: number | undefined;
  /** Maps are `Map`s, so that keys keep their types; aliases and merge keys are resolved. */
  readonly data: unknown;
}

export interface SourceText {
  readonly text: string;
  readonly documents: readonly SourceDocument[];
}

// What aliases may expand to. The parser's own limit, a hundred, refuses honest files; this one still ends at once.
const maxAliasCount = 10_000;

/** Never throws. */
export function readSource(text: string): SourceText | YamlProblem {
  // YAML allows none of these, and the parser gives some of them a meaning of its own.
  const control = /[\0-\x08\x0b\x0c\x0e-\x1f\x7f]/.exec(text);
  if (control) return problem('CONTROL_CHARACTER', 'has a control character, which YAML does not allow', control.index);
  try {
    return parse(text);
  } catch (error) {
    if (error instanceof RangeError) return problem('TOO_DEEP', 'is nested too deeply or merges itself', 0);
    throw error;
  }
}

export const isProblem = (read: SourceText | YamlProblem): read is YamlProblem => 'code' in read;

function parse(text: string): SourceText | YamlProblem {
  const tokens = [...new Parser().parse(text)];
  const composer = new Composer({ merge: true, prettyErrors: false, logLevel: 'silent', keepSourceTokens: true });
  const parsed = [...composer.compose(tokens)] as Document.Parsed[];
  const errors = [...parsed.flatMap((document) => document.errors), ...composer.streamInfo().errors];
  const [error] = errors;
  if (error) return problem(error.code, `does not parse: ${error.message}`, error.pos[0]);

  const documents: SourceDocument[] = [];
  let directives: number | undefined;
  for (const token of tokens) {
    if (token.type === 'directive') directives ??= token.offset;
    if (token.type !== 'document') continue;
    const document = parsed[documents.length]!;
    try {
      const data: unknown = document.toJS({ mapAsMap: true, maxAliasCount });
      if (text.includes('*') && holdsItself(data)) throw new ReferenceError('an anchor contains itself');
      documents.push({ parsed: document, token, directives, data });
    } catch (reason) {
      if (reason instanceof RangeError) throw reason;
      // An alias without an anchor or of itself, aliases that expand without end, a merge key of something that is no map.
      return problem('UNRESOLVED', `cannot be read: ${(reason as Error).message}`, document.range[0]);
    }
    directives = undefined;
  }
  return { text, documents };
}

const problem = (code: string, message: string, offset: number): YamlProblem => ({ code, message, offset });
