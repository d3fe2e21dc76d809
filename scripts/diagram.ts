/** The drawing of the folders in ARCHITECTURE.md: made from the imports, and compared with them by `--check`. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { cruise, type ICruiseResult } from 'dependency-cruiser';
import extractDepcruiseOptions from 'dependency-cruiser/config-utl/extract-depcruise-options';
import extractTSConfig from 'dependency-cruiser/config-utl/extract-ts-config';

const folders = ['client', 'worker', 'workflows', 'activities', 'git', 'playbooks', 'gitops', 'plan', 'gates'];
const page = 'ARCHITECTURE.md';
const block = /(<!-- diagram -->)([\s\S]*?)(<!-- \/diagram -->)/;

/** The folder of a product module; undefined for tests and packages. */
function folderOf(path: string): string | undefined {
  if (path.endsWith('.test.ts')) return undefined;
  return folders.find((folder) => path.startsWith(`${folder}/`));
}

/** One arrow for each pair of folders, dotted where all that crosses is types. */
export function mermaid({ modules }: Pick<ICruiseResult, 'modules'>): string {
  const arrows = new Map<string, 'types' | 'code'>();
  for (const { source, dependencies } of modules) {
    const from = folderOf(source);
    for (const { resolved, dependencyTypes } of dependencies) {
      const to = folderOf(resolved);
      if (!from || !to || from === to) continue;
      const arrow = `${from} ${to}`;
      if (!dependencyTypes.includes('type-only')) arrows.set(arrow, 'code');
      else if (!arrows.has(arrow)) arrows.set(arrow, 'types');
    }
  }
  const lines = folders.flatMap((from) =>
    folders.flatMap((to) => {
      const kind = arrows.get(`${from} ${to}`);
      if (!kind) return [];
      return [`  ${from} ${kind === 'code' ? '-->' : '-. types .->'} ${to}`];
    }),
  );
  return ['```mermaid', 'flowchart TD', ...lines, '```'].join('\n');
}

/** Reads the imports as `npm run dependencies` does. */
async function draw(): Promise<string> {
  const { output } = await cruise(
    folders.filter((folder) => existsSync(folder)),
    { ...(await extractDepcruiseOptions('./.dependency-cruiser.cjs')), validate: false, outputType: 'json' },
    undefined,
    { tsConfig: extractTSConfig('tsconfig.json') },
  );
  return mermaid(typeof output === 'string' ? (JSON.parse(output) as ICruiseResult) : output);
}

function fail(message: string): void {
  console.error(message);
  process.exitCode = 1;
}

const check = process.argv.includes('--check');
const drawing = await draw();
const text = existsSync(page) ? readFileSync(page, 'utf8') : '';
const wanted = text.replace(
  block,
  (_, open: string, _old: string, close: string) => `${open}\n\n${drawing}\n\n${close}`,
);

if (!block.test(text)) {
  if (check)
    fail(`${page}: no <!-- diagram --> … <!-- /diagram --> block; add the two marks, then run npm run docs:diagram`);
  else console.log(drawing);
} else if (check) {
  if (wanted !== text) fail(`${page}: the diagram is not that of the imports; run npm run docs:diagram`);
} else {
  writeFileSync(page, wanted);
}
