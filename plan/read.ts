/** Reads a plan from YAML text and says what is wrong with it, each in one line with its place. */
import { type Document, LineCounter, parseDocument, type YAMLError } from 'yaml';
import type { z } from 'zod';
import { lintPlan, type PlanProblem } from './lint.js';
import { Plan } from './schema.js';

export type PlanReading =
  { readonly ok: true; readonly plan: Plan } | { readonly ok: false; readonly problems: readonly PlanProblem[] };

/** What a caller knows of plans beside their schema, such as which playbooks there are. */
export type PlanLinter = (plan: Plan) => readonly PlanProblem[];

/** Pure. Problems come with `line:column` of the text, in its order. */
export function readPlan(text: string, more: PlanLinter = () => []): PlanReading {
  const lineCounter = new LineCounter();
  const document = parseDocument(text, { lineCounter, uniqueKeys: true });
  const place = (offset: number): string => {
    const { line, col } = lineCounter.linePos(offset);
    return `${line}:${col}`;
  };
  const inYaml = (error: YAMLError): PlanProblem => ({
    path: [],
    place: place(error.pos[0]),
    what: whatIsWrong(error),
  });
  if (document.errors.length > 0) return { ok: false, problems: worthTelling(document.errors).map(inYaml) };
  const locate = (path: readonly PropertyKey[]): string => {
    for (let length = path.length; length >= 0; length--) {
      const node = document.getIn(path.slice(0, length), true);
      const range = (node as { range?: [number, number, number] } | undefined)?.range;
      if (range) return place(range[0]);
    }
    return '1:1';
  };
  const data = plainData(document);
  if ('why' in data) return { ok: false, problems: [{ path: [], place: '1:1', what: data.why }] };
  const parsed = Plan.safeParse(data.value);
  const problems = parsed.success
    ? [...lintPlan(parsed.data), ...more(parsed.data)]
    : parsed.error.issues.map(asProblem);
  if (problems.length === 0 && parsed.success) return { ok: true, plan: parsed.data };
  return { ok: false, problems: problems.map((problem) => ({ ...problem, place: locate(problem.path) })) };
}

const quotedAtMost = 160;

/** What is wrong in one place is said once; and where it is too deep, all else only follows from that. */
function worthTelling(errors: readonly YAMLError[]): readonly YAMLError[] {
  const tooDeep = errors.find(({ code }) => code === 'RESOURCE_EXHAUSTION');
  if (tooDeep) return [tooDeep];
  return errors.filter(({ pos }, at) => pos[0] !== errors[at - 1]?.pos[0]);
}

function whatIsWrong({ code, message }: YAMLError): string {
  if (code === 'RESOURCE_EXHAUSTION') return 'is nested too deeply; no plan needs that';
  // It quotes what it could not read, which may be a whole file that is no text.
  return `is not valid YAML: ${message
    .split('\n')[0]!
    .replace(/ at line.*/, '')
    .slice(0, quotedAtMost)}`;
}

/** The library refuses aliases that lead nowhere, and those that would make a small file a huge one. */
function plainData(document: Document.Parsed): { readonly value: unknown } | { readonly why: string } {
  try {
    return { value: document.toJS() };
  } catch (error) {
    if (!(error instanceof ReferenceError)) throw error;
    const leadsNowhere = /^Unresolved alias.*: (.*)$/.exec(error.message);
    return {
      why: leadsNowhere
        ? `has an alias *${leadsNowhere[1]} without an anchor before it; correct the one or the other`
        : 'repeats itself too often through aliases; write out what is meant',
    };
  }
}

function asProblem(issue: z.core.$ZodIssue): PlanProblem {
  const path = issue.path;
  if (issue.code === 'unrecognized_keys')
    return {
      path,
      what: `has unknown key${issue.keys.length > 1 ? 's' : ''} ${issue.keys.join(', ')}; remove or correct ${issue.keys.length > 1 ? 'them' : 'it'}`,
    };
  if (issue.code === 'invalid_union') {
    const [nearest] = [...issue.errors].sort((a, b) => a.length - b.length);
    const inner = nearest?.[0];
    if (inner) return asProblem({ ...inner, path: [...path, ...inner.path] });
  }
  return { path, what: issue.message.charAt(0).toLowerCase() + issue.message.slice(1) };
}

/** `phases.0.tasks.2.files` as people read it, with ids where there are some: one line for each problem. */
export function problemLine(file: string, { path, place, what }: PlanProblem): string {
  const subject = path.length > 0 ? path.map(String).join('.') : 'plan';
  return `${file}:${place ?? '1:1'}: ${subject}: ${what}`;
}
