import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { descriptions } from '../../gitops/lint/lint.js';
import { ownRules } from '../../gitops/lint/own-rules.js';
import type { Layer, RuleDescription } from '../../gitops/lint/rule.js';
import { changeRules } from '../../gitops/rules/registry.js';
import { packageRoot } from '../package-root.js';
import { exactRules } from './exact/rules.js';
import { rulePage, rulePageUri } from './rule-pages.js';

const all = [...descriptions, ...exactRules];

test.each([...ownRules, ...exactRules])('$id has its page', ({ id, severity, layer }) => {
  const page = rulePage(id)!;
  expect(page.startsWith(`# ${id}\n\n${severity} · ${layer}\n\n`)).toBe(true);
  const headings = page.split('\n').filter((line) => line.startsWith('## '));
  expect(headings).toEqual(['## Why', '## Wrong', '## Right', '## Accepting']);
});

test('no page is left of a rule that is gone, and every page ships', () => {
  const pages = readdirSync(join(packageRoot, 'docs', 'rules')).map((name) => name.replace(/\.md$/, ''));
  expect(pages.sort()).toEqual(all.map(({ id }) => id).sort());
  const { files } = JSON.parse(readFileSync(join(packageRoot, 'package.json'), 'utf8')) as { files: string[] };
  expect(files).toContain('docs');
  expect(rulePageUri('yaml-parse')).toMatch(/^file:.*\/docs\/rules\/yaml-parse\.md$/);
  expect(rulePage('nothing')).toBeUndefined();
});

const layers: readonly Layer[] = ['parse', 'build', 'reference graph', 'schema', 'policy', 'render'];

function ruleLine({ id, severity, summary }: RuleDescription): string {
  const isChange = changeRules.some((rule) => rule.id === id);
  return `- [${id}](rules/${id}.md), ${severity}${isChange ? ', of a change' : ''}: ${summary}`;
}

/** `npx vitest run -u client/lint/rule-pages` writes it. */
test('docs/rules.md lists the rules as they are', async () => {
  const sections = layers.map((layer) => {
    const rules = all.filter((rule) => rule.layer === layer).sort((a, b) => (a.id < b.id ? -1 : 1));
    return `## ${layer}\n\n${rules.map(ruleLine).join('\n')}\n`;
  });
  const page = `# Rules\n\nBy what must be understood to see them. Rules _of a change_ compare two revisions: they run with \`--since\`, inside tasks and on candidates.\n\n${sections.join('\n')}`;
  await expect(page).toMatchFileSnapshot('../../docs/rules.md');
});
