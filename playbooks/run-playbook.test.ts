import { expect, test } from 'vitest';
import { treeOfTexts } from '../gitops/source/file-tree.js';
import type { StageWork } from './playbook.js';
import { runPlaybook } from './run-playbook.js';
import { aPlaybook, stage } from './testing.js';

const files = { 'b.yaml': 'b: 1\n', 'old.yaml': 'o: 1\n' };
const textOf = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);

test('each stage sees the tree that the stages before it left', () => {
  const expand = stage([
    { what: 'a', file: 'a.yaml', change: { kind: 'write', text: 'a: 1\n' } },
    { what: 'b', file: 'b.yaml', change: { kind: 'edit', edits: [{ op: 'set', document: 0, path: ['b'], value: 2 }] } },
    { what: 'o', file: 'old.yaml', change: { kind: 'remove' } },
  ]);
  const seen: StageWork['notes'][] = [];
  const contract = {
    name: 'contract',
    work: ({ tree }: { readonly tree: { readonly paths: readonly string[]; read(path: string): Uint8Array } }) => {
      seen.push(tree.paths.map((path) => `${path} ${textOf(tree.read(path)).trim()}`));
      return { steps: [], notes: [] };
    },
  };
  const runs = runPlaybook(aPlaybook(expand, contract), treeOfTexts(files), {}, undefined);
  expect(runs.map((run) => [run.stage, run.files.size])).toEqual([
    ['work', 3],
    ['contract', 0],
  ]);
  expect(seen).toEqual([['a.yaml a: 1', 'b.yaml b: 2']]);
});
