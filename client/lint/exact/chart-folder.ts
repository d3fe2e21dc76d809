/** The charts that are at hand for `helm template`: by name, or by name and version, as folders or packed. */
import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { parse } from 'yaml';

export type ChartAtHand = { readonly path: string } | { readonly leftOut: string };

/** The chart in exactly that version: another would render something else. */
export async function chartAtHand(folder: string, name: string, version: string | undefined): Promise<ChartAtHand> {
  if (version === undefined || /[\s*^~<>=|]|(^|\.)x/i.test(version))
    return { leftOut: `${name} ${version ?? ''} (no exact version)` };
  const plain = version.replace(/^v/, '');
  for (const spelling of [version, plain, `v${plain}`]) {
    const packed = join(folder, `${name}-${spelling}.tgz`);
    if (await isThere(packed)) return { path: packed };
  }
  const found: string[] = [];
  for (const path of [join(folder, name), join(folder, `${name}-${version}`), join(folder, `${name}-${plain}`)]) {
    const there = await versionOf(path);
    if (there?.replace(/^v/, '') === plain) return { path };
    if (there !== undefined) found.push(there);
  }
  return {
    leftOut: `${name} ${version} (${found.length > 0 ? `--charts has ${found.join(', ')}` : 'not in --charts'})`,
  };
}

async function isThere(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}

async function versionOf(chart: string): Promise<string | undefined> {
  try {
    const { version } = parse(await readFile(join(chart, 'Chart.yaml'), 'utf8')) as { version?: unknown };
    return typeof version === 'string' ? version : undefined;
  } catch {
    return undefined;
  }
}
