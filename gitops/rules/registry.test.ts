import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { expect, test } from 'vitest';
import { treeOfTexts } from '../source/file-tree.js';
import { readRepository } from '../model/read-repository.js';
import { changeRules, rules } from './registry.js';

const pages = new URL('../../docs/rules/', import.meta.url);
const all = [...rules, ...changeRules];

test('ids are unique, and each is the name of its file', () => {
  const ids = all.map(({ id }) => id);
  expect(new Set(ids).size).toBe(ids.length);
  for (const id of ids) {
    expect(id).toMatch(/^[a-z0-9]+(-[a-z0-9]+)*$/);
    expect(existsSync(new URL(`${id}.ts`, import.meta.url)), `gitops/rules/${id}.ts`).toBe(true);
  }
});

test('every rule file is registered', () => {
  const files = readdirSync(new URL('.', import.meta.url))
    .filter((name) => name.endsWith('.ts') && existsSync(new URL(`${name.slice(0, -3)}.test.ts`, import.meta.url)))
    .map((name) => name.slice(0, -3))
    .filter((name) => name !== 'registry');
  expect(files).toEqual(all.map(({ id }) => id).sort());
});

test.each(all)('$id has its page', ({ id, severity, layer }) => {
  const page = readFileSync(new URL(`${id}.md`, pages), 'utf8');
  expect(page.startsWith(`# ${id}\n\n${severity} · ${layer}\n\n`)).toBe(true);
  const headings = page.split('\n').filter((line) => line.startsWith('## '));
  expect(headings).toEqual(['## Why', '## Wrong', '## Right', '## Accepting']);
});

/** The fences of a page's section that name a file: ```` ```yaml apps/x.yaml ````. */
function examples(id: string, heading: string): Readonly<Record<string, string>> {
  const page = readFileSync(new URL(`${id}.md`, pages), 'utf8');
  const section = page.split(/^## /m).find((text) => text.startsWith(heading)) ?? '';
  return Object.fromEntries(
    [...section.matchAll(/^```\w+ (\S+)\n([\s\S]*?)^```$/gm)].map(([, file, text]) => [file, text]),
  );
}

test.each(rules)('the examples of $id are true', (rule) => {
  const findings = (heading: string): readonly unknown[] => [
    ...rule.check(readRepository(treeOfTexts(examples(rule.id, heading)))),
  ];
  if (Object.keys(examples(rule.id, 'Wrong')).length > 0) expect(findings('Wrong')).not.toEqual([]);
  expect(findings('Right')).toEqual([]);
});
