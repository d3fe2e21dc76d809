/** Reads `.joinpoint-accept.yaml`, the list of accepted findings in the root of a repository. */
import picomatch from 'picomatch';
import { type FileTree, textAt } from '../source/file-tree.js';
import { type YamlDocument, YamlFile } from '../yaml/yaml-file.js';
import { type Acceptance, type AcceptanceReading, isDay } from './acceptance.js';
import type { FindingDraft } from './finding.js';
import { placeAt, placeOf } from './place.js';

export const acceptFile = '.joinpoint-accept.yaml';

const entryForm = 'an entry is { rule, file: <glob>, subject: <glob, may be left out>, reason, until: <YYYY-MM-DD> }';

export function readAcceptFile(tree: FileTree): AcceptanceReading {
  const text = textAt(tree, acceptFile);
  if (text === undefined) return { acceptances: [], malformed: [] };
  const file = YamlFile.read(acceptFile, text);
  const [problem] = file.problems;
  if (problem) {
    const message = `is not valid YAML (${problem.message}), so nothing in it accepts anything; correct it`;
    return { acceptances: [], malformed: [{ at: placeAt(file, problem.offset), subject: acceptFile, message }] };
  }
  const readings = file.documents.map(readList);
  return {
    acceptances: readings.flatMap(({ acceptances }) => acceptances),
    malformed: readings.flatMap(({ malformed }) => malformed),
  };
}

function readList(document: YamlDocument): AcceptanceReading {
  const { value } = document;
  if (value === null || value === undefined) return { acceptances: [], malformed: [] };
  if (!Array.isArray(value)) {
    const message = `is no list, so nothing in it accepts anything; write a list: ${entryForm}`;
    return { acceptances: [], malformed: [{ at: placeOf(document), subject: acceptFile, message }] };
  }
  const acceptances: Acceptance[] = [];
  const malformed: FindingDraft[] = [];
  for (const [index, entry] of (value as unknown[]).entries()) {
    const read = readEntry(document, index, entry);
    if ('covers' in read) acceptances.push(read);
    else malformed.push(read);
  }
  return { acceptances, malformed };
}

const required = ['rule', 'file', 'reason', 'until'] as const;
const known: readonly string[] = [...required, 'subject'];

function readEntry(document: YamlDocument, index: number, entry: unknown): Acceptance | FindingDraft {
  const wrong = (what: string, key?: string): FindingDraft => ({
    at: placeOf(document, key === undefined ? [index] : [index, key]),
    subject: acceptFile,
    message: `entry ${index + 1} is no acceptance and accepts nothing: ${what}; ${entryForm}`,
    key: JSON.stringify(entry),
  });
  if (typeof entry !== 'object' || entry === null || Array.isArray(entry)) return wrong('it is no mapping');
  const fields = entry as Readonly<Record<string, unknown>>;
  const unknown = Object.keys(fields).find((key) => !known.includes(key));
  if (unknown !== undefined) return wrong(`there is no key ${unknown}`, unknown);
  for (const key of required) {
    if (!(key in fields)) return wrong(`${key} is missing`);
  }
  const odd = Object.keys(fields).find((key) => typeof fields[key] !== 'string' || fields[key].trim() === '');
  if (odd !== undefined) return wrong(`${odd} is no text, or empty`, odd);
  const { rule, file, reason, until, subject } = fields as Readonly<Record<string, string>>;
  if (!isDay(until!)) return wrong(`${until} is no day`, 'until');
  const isFile = matcherOf(file!);
  const isSubject = subject === undefined ? () => true : matcherOf(subject);
  return {
    rule: rule!,
    until: until!,
    reason: reason!,
    at: placeOf(document, [index, 'rule']),
    covers: (finding) => isFile(finding.file) && isSubject(finding.subject),
  };
}

/** A glob, or the very text. One with parentheses or many stars, which could be matched against a text without end, is only a text. */
function matcherOf(glob: string): (text: string) => boolean {
  if (/[()]|(?:\*[^*/]+){5}/.test(glob)) return (text) => text === glob;
  const isMatch = picomatch(glob, { dot: true });
  return (text) => text === glob || isMatch(text);
}
