/** A fresh bare origin for the example: what `examples/homelab` holds, as one commit. */
import { existsSync } from 'node:fs';
import { cp, mkdir, mkdtemp, readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { gitLine, runGit } from '../../git/run.js';

export interface ExampleOrigin {
  /** The bare repository's folder. */
  readonly path: string;
  readonly start: string;
}

/** Where a home keeps the origins of its examples; none is ever deleted. */
export function exampleFolder(home: string): string {
  return join(home, 'example');
}

/** Makes `<home>/example/<n>.git` aside and renames it into place, so that a half-made one is never used. */
export async function createExampleOrigin(home: string, source: string): Promise<ExampleOrigin> {
  const folder = exampleFolder(home);
  await mkdir(folder, { recursive: true });
  const aside = await mkdtemp(join(folder, 'making-'));
  try {
    const work = join(aside, 'work');
    await cp(source, work, { recursive: true });
    await runGit(work, ['init', '--quiet', '--initial-branch=main']);
    await runGit(work, ['add', '--all', '--force']);
    await runGit(work, [
      '-c',
      'user.name=Homelab',
      '-c',
      'user.email=owner@example.invalid',
      'commit',
      '--quiet',
      '--no-verify',
      '--no-gpg-sign',
      '-m',
      'The homelab as it is',
    ]);
    await runGit(aside, ['clone', '--quiet', '--bare', 'work', 'origin.git']);
    await runGit(join(aside, 'origin.git'), ['config', 'receive.denyNonFastForwards', 'true']);
    const path = await intoNext(folder, join(aside, 'origin.git'));
    return { path, start: await gitLine(path, ['rev-parse', 'main']) };
  } finally {
    await rm(aside, { recursive: true, force: true });
  }
}

/** The commits on main since the first, oldest first, a line each; nothing where the origin is gone. */
export async function landedCommits(path: string): Promise<readonly string[]> {
  if (!existsSync(path)) return [];
  const { stdout } = await runGit(path, ['log', '--reverse', '--format=%h %s', 'main']);
  return stdout.split('\n').filter(Boolean).slice(1);
}

/** Another terminal may take the number first. */
async function intoNext(folder: string, made: string): Promise<string> {
  for (;;) {
    const path = join(folder, `${await nextNumber(folder)}.git`);
    try {
      await rename(made, path);
      return path;
    } catch (error) {
      if (!['ENOTEMPTY', 'EEXIST'].includes((error as NodeJS.ErrnoException).code ?? '')) throw error;
    }
  }
}

async function nextNumber(folder: string): Promise<number> {
  const used = (await readdir(folder)).map((name) => Number(/^(\d+)\.git$/.exec(name)?.[1] ?? 0));
  return Math.max(0, ...used) + 1;
}
