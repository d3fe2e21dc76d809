/** Runs the exact layers of a folder, and of the revision before it where something must be told from what was so already. */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Finding } from '../../../gitops/lint/finding.js';
import type { Repository } from '../../../gitops/model/repository.js';
import type { FileTree } from '../../../gitops/source/file-tree.js';
import type { LayerRun } from '../report.js';
import type { LintRequest } from '../request.js';
import { runHelmTemplate } from './helm-template.js';
import { runKubeconform } from './kubeconform.js';
import { runKustomizeBuild } from './kustomize-build.js';
import { helmTemplate, kubeconform, kustomizeBuild } from './rules.js';
import { type LayerResult, notRun } from './tool.js';

export interface ExactResult {
  readonly layers: readonly LayerRun[];
  readonly findings: readonly Finding[];
}

type Wanted = Pick<LintRequest, 'exact' | 'only'>;

/** In the order in which each needs what the one before makes sure of. */
export async function runLayers(repository: Repository, root: string, wanted: Wanted): Promise<ExactResult> {
  const layers: readonly [string, () => Promise<LayerResult>][] = [
    [kustomizeBuild.id, () => runKustomizeBuild(repository, root, wanted.only)],
    [kubeconform.id, () => runKubeconform(repository, wanted.exact)],
    [helmTemplate.id, () => runHelmTemplate(repository, wanted.exact)],
  ];
  const results: LayerResult[] = [];
  for (const [id, run] of layers) {
    const why = wanted.exact.off ?? (wanted.only?.has(id) === false ? '--rule leaves it out' : undefined);
    results.push(why === undefined ? await run() : notRun(id, why));
  }
  return { layers: results.map(({ run }) => run), findings: results.flatMap(({ findings }) => findings) };
}

/** What the layers found before a change: asked only where they find something after it. */
export async function runLayersBefore(before: Repository, wanted: Wanted): Promise<readonly Finding[]> {
  const folder = await mkdtemp(join(tmpdir(), 'joinpoint-before-'));
  try {
    await writeTree(before.tree, folder);
    return (await runLayers(before, folder, wanted)).findings;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Of a revision, into a folder for the tools. */
export async function writeTree(tree: FileTree, folder: string): Promise<void> {
  for (const path of tree.paths) {
    const content = contentOf(tree, path);
    if (content === undefined) continue;
    const file = join(folder, path);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, content);
  }
}

/** What cannot be read, a finding of its own, is left out: a tool that needs it says so, and is right. */
function contentOf(tree: FileTree, path: string): Uint8Array | undefined {
  try {
    return tree.read(path);
  } catch {
    return undefined;
  }
}
