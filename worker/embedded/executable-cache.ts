/** Owns the user's cache of executables: one folder per program and version, filled in one step. */
import { access, chmod, constants, mkdir, mkdtemp, readdir, rename, rm } from 'node:fs/promises';
import { homedir } from 'node:os';
import { isAbsolute, join } from 'node:path';

/** A program of one version, by the name of its file. */
export interface Program {
  readonly name: string;
  readonly version: string;
}

/** `$XDG_CACHE_HOME/joinpoint`, else `~/.cache/joinpoint`. */
export function cacheFolder(env: NodeJS.ProcessEnv): string {
  const xdg = env['XDG_CACHE_HOME'];
  const base = xdg && isAbsolute(xdg) ? xdg : join(env['HOME'] || homedir(), '.cache');
  return join(base, 'joinpoint');
}

/** Where a program's executable is kept. */
export function cachedPath(folder: string, { name, version }: Program): string {
  return join(folder, `${name}-${version}`, name);
}

/** Whether the file exists and may be run. */
export async function isExecutable(path: string): Promise<boolean> {
  return access(path, constants.X_OK).then(
    () => true,
    () => false,
  );
}

/**
 * Lets `fetchInto` put the executable into an empty folder and returns its path there, checks it with
 * `verify`, and moves it into the cache by a rename: a killed or concurrent installation leaves no half file.
 */
export async function installIntoCache(
  folder: string,
  program: Program,
  fetchInto: (emptyFolder: string) => Promise<string>,
  verify: (path: string) => Promise<void>,
): Promise<string> {
  await mkdir(folder, { recursive: true });
  await removeAbandoned(folder);
  const temporary = await mkdtemp(join(folder, `.install-${process.pid}-`));
  try {
    const fetched = await fetchInto(temporary);
    await chmod(fetched, 0o755);
    await verify(fetched);
    const target = cachedPath(folder, program);
    await mkdir(join(target, '..'), { recursive: true });
    await rename(fetched, target);
    return target;
  } finally {
    await rm(temporary, { recursive: true, force: true });
  }
}

/** Folders of installers that were killed; each may hold 150 MB. */
async function removeAbandoned(folder: string): Promise<void> {
  for (const name of await readdir(folder)) {
    const pid = Number(/^\.install-(\d+)-/.exec(name)?.[1]);
    if (!pid || pid === process.pid) continue;
    try {
      process.kill(pid, 0);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ESRCH') continue;
      await rm(join(folder, name), { recursive: true, force: true });
    }
  }
}
