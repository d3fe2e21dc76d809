/** Reads a plan from YAML text and says what is wrong with it, each in one line with its place. */
import { LineCounter, parseDocument } from 'yaml';
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
  if (document.errors.length > 0) {
    return {
      ok: false,
      problems: document.errors.map((error) => ({
        path: [],
        place: place(error.pos[0]),
        what: `is not valid YAML: ${error.message.split('\n')[0]?.replace(/ at line.*/, '') ?? ''}`,
      })),
    };
  }
  const locate = (path: readonly PropertyKey[]): string => {
    for (let length = path.length; length >= 0; length--) {
      const node = document.getIn(path.slice(0, length), true);
      const range = (node as { range?: [number, number, number] } | undefined)?.range;
      if (range) return place(range[0]);
    }
    return '1:1';
  };
  const parsed = Plan.safeParse(document.toJS());
  const problems = parsed.success
    ? [...lintPlan(parsed.data), ...more(parsed.data)]
    : parsed.error.issues.map(asProblem);
  if (problems.length === 0 && parsed.success) return { ok: true, plan: parsed.data };
  return { ok: false, problems: problems.map((problem) => ({ ...problem, place: locate(problem.path) })) };
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
