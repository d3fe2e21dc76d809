/** Reads `# joinpoint:accept <rule> until <YYYY-MM-DD>: <reason>` from the comments of YAML files. */
import { Lexer } from 'yaml';
import { oncePer } from '../manifests/once-per.js';
import type { YamlFile } from '../yaml/yaml-file.js';
import { type Acceptance, type AcceptanceReading, isDay } from './acceptance.js';
import type { FindingDraft } from './finding.js';
import { placeAt } from './place.js';

const mark = 'joinpoint:accept';
/** As people write it from memory. */
const nearMark = /joinpoint\s*:\s*accept/i;
const form = `# ${mark} <rule> until <YYYY-MM-DD>: <reason>`;

/** Of one file; text that only looks like a comment, in a block scalar, is none. */
export const acceptComments = oncePer((file: YamlFile): AcceptanceReading => {
  const acceptances: Acceptance[] = [];
  const malformed: FindingDraft[] = [];
  if (!nearMark.test(file.text)) return { acceptances, malformed };
  for (const { offset, text } of commentsOf(file.text)) {
    const [, written, said] = /^#+\s*(joinpoint\s*:\s*accept)\b(.*)$/i.exec(text) ?? [];
    if (written === undefined || said === undefined) continue;
    const at = placeAt(file, offset);
    const read = written === mark && /^(\S+)\s+until\s+([^\s:]+)\s*:\s*(\S.*)$/.exec(said.trim());
    const [, rule = '', until = '', reason = ''] = read || [];
    if (read && isDay(until)) acceptances.push({ rule, until, reason, at, covers: covering(file, at.line, offset) });
    else {
      const what = read ? `${until} is no day` : whatIsMissing(written);
      malformed.push({
        at,
        subject: file.path,
        message: `is no acceptance and accepts nothing: ${what}; write ${form}`,
        key: text,
      });
    }
  }
  return { acceptances, malformed };
});

function whatIsMissing(written: string): string {
  return written === mark ? 'it does not name rule, day and reason' : `it begins with ${written}`;
}

/** Behind a value: that line. On a line of its own: up to the next line that holds more than a comment. */
function covering({ path, text }: YamlFile, line: number, offset: number): Acceptance['covers'] {
  const isAlone = text.slice(text.lastIndexOf('\n', offset) + 1, offset).trim() === '';
  const lines = isAlone ? text.slice(offset).split('\n') : [];
  const content = lines.findIndex((one) => !/^\s*(#|$)/.test(one));
  const last = isAlone && content !== -1 ? line + content : line;
  return (finding) => finding.file === path && finding.line >= line && finding.line <= last;
}

/** The lexer says before each scalar that it comes: what begins with # without that is a comment. */
function* commentsOf(text: string): Iterable<{ readonly offset: number; readonly text: string }> {
  let offset = 0;
  let isScalar = false;
  for (const token of new Lexer().lex(text)) {
    if (controls.has(token)) {
      isScalar = token === scalarFollows;
      continue;
    }
    if (token.startsWith('#') && !isScalar) yield { offset, text: token.trimEnd() };
    isScalar = false;
    offset += token.length;
  }
}

/** Tokens of the lexer that stand for no text: a document begins, flow collections ended early, a scalar follows. */
const scalarFollows = '\u001F';
const controls: ReadonlySet<string> = new Set(['\u0002', '\u0018', scalarFollows]);
