/**
 * `npm run docs:cases -- <schemas of Kubernetes> <definitions>`: writes docs/lint-cases.md, with what kustomize and
 * kubeconform say of each replayed failure. The schemas are a folder in kubeconform's own layout, the definitions are
 * those of custom resources.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { format, resolveConfig } from 'prettier';
import { missingData } from './homelab-trees.js';
import { writeCrdSchemas } from './json-schemas.js';
import { othersSayOf } from './other-tools.js';
import { replayCases } from './replay-trees.js';
import { lintCell } from './reported-cases.js';

const [kubernetes, crds] = process.argv.slice(2);
const refusal = missingData
  ? '../shared/homelabs is not there'
  : kubernetes === undefined || crds === undefined
    ? 'give the folder of Kubernetes schemas and that of definitions'
    : ['kustomize', 'kubeconform'].find((tool) => spawnSync(tool, ['version']).error);
if (refusal !== undefined) {
  process.stderr.write(
    `docs:cases: ${refusal}${refusal.startsWith('ku') ? ' is not on PATH' : ''}; nothing was written\n`,
  );
  process.exit(2);
}

const intro = [
  '# Failures that happened, and who sees them',
  '',
  'Twelve failures of one real repository, replayed as 32 trees; three tools were asked of each.',
  '',
  '- `joinpoint lint`: which rule reports what the case is about, and where. It needs neither a cluster nor the other two.',
  '- `kustomize build` of every path that a Flux Kustomization applies (kustomize 5.8.1; remote bases replaced by empty ones, as there was no network).',
  '- `kubeconform -strict` on what was built and, where that failed, on the files of the case as they are (kubeconform 0.8.0; the schemas of Kubernetes 1.33 from the package kubernetes-validate 1.37.0 with their references inlined, and those of custom resources made from their definitions; without what SOPS adds and what a variable leaves open). What else it refuses is only counted.',
  '',
];

const page = fileURLToPath(new URL('../../docs/lint-cases.md', import.meta.url));
const schemas = mkdtempSync(join(tmpdir(), 'joinpoint-schemas-'));
try {
  writeCrdSchemas(crds!, schemas);
  const locations = [kubernetes!, `${schemas}/{{.Group}}/{{.ResourceKind}}_{{.ResourceAPIVersion}}.json`];
  const rows = replayCases.map((one) => {
    const { kustomize, kubeconform } = othersSayOf(one, locations);
    return `| ${[one.id, one.title, lintCell(one), cell(kustomize), cell(kubeconform)].join(' | ')} |`;
  });
  const text = [
    ...intro,
    '| Case | What was wrong | joinpoint lint | kustomize build | kubeconform |',
    '| - | - | - | - | - |',
    ...rows,
    '',
  ];
  writeFileSync(page, await format(text.join('\n'), { ...(await resolveConfig(page)), filepath: page }));
} finally {
  rmSync(schemas, { recursive: true, force: true });
}

function cell(text: string): string {
  const short = text.length > 160 ? `${text.slice(0, 160)}…` : text;
  return short.replaceAll('|', String.raw`\|`).replaceAll(/[<>*_{}]/g, String.raw`\$&`);
}
