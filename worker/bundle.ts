/** The workflow bundle: built once with the rest, so that a worker starts in about a second. */
import { existsSync } from 'node:fs';
import { mkdir, rename, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { bundleWorkflowCode, DefaultLogger } from '@temporalio/worker';

const quiet = new DefaultLogger('WARN');

/** The workflows' entry beside this file: TypeScript in a checkout under test, JavaScript when built. */
function entry(): string {
  const built = fileURLToPath(new URL('../workflows/index.js', import.meta.url));
  return existsSync(built) ? built : built.replace(/\.js$/, '.ts');
}

/** Bundles the workflows; takes about two seconds. `interceptors` are module paths, for tests. */
export async function bundleWorkflows(interceptors: readonly string[] = []): Promise<string> {
  const { code } = await bundleWorkflowCode({
    workflowsPath: entry(),
    workflowInterceptorModules: [...interceptors],
    logger: quiet,
  });
  return code;
}

/** Where the build leaves the bundle. */
export const bundlePath = fileURLToPath(new URL('../workflows.bundle.js', import.meta.url));

/** Writes the bundle to `bundlePath`, whole or not at all. */
export async function writeBundle(): Promise<void> {
  const code = await bundleWorkflows();
  await mkdir(dirname(bundlePath), { recursive: true });
  const draft = `${bundlePath}.${process.pid}`;
  await writeFile(draft, code);
  await rename(draft, bundlePath);
}
