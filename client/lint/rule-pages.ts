/** The pages of the rules, which ship with joinpoint. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { packageRoot } from '../package-root.js';

function pathOf(id: string): string {
  return join(packageRoot, 'docs', 'rules', `${id}.md`);
}

/** Markdown; undefined where there is none. */
export function rulePage(id: string): string | undefined {
  try {
    return readFileSync(pathOf(id), 'utf8');
  } catch {
    return undefined;
  }
}

export function rulePageUri(id: string): string {
  return pathToFileURL(pathOf(id)).href;
}
