/** What a quarantine would keep as a file and lose in the cluster: nobody would list it any more, and Flux would prune it. */
import { posix } from 'node:path';
import { parse } from 'yaml';
import type { Mirror } from './mirror.js';
import { readObjects } from './read-objects.js';

/** The kustomization.yaml files among `reverted` that list kept files in the tree `landed` and would not in `target`. */
export async function orphaning(
  mirror: Mirror,
  { landed, target }: { readonly landed: string; readonly target: string },
  reverted: readonly string[],
  kept: readonly string[],
): Promise<readonly string[]> {
  const lists = reverted.filter((path) => /^kustomization\.ya?ml$/.test(posix.basename(path)));
  const texts = await readObjects(
    mirror,
    lists.flatMap((path) => [`${landed}:${path}`, `${target}:${path}`]),
  );
  return lists.filter((path, at) => {
    const [now, then] = [texts[2 * at], texts[2 * at + 1]].map((file) => listedIn(path, file?.text));
    const leadsToKept = (listed: string): boolean => kept.some((one) => one === listed || one.startsWith(`${listed}/`));
    return [...now!].some((listed) => !then!.has(listed) && leadsToKept(listed));
  });
}

/** Files and folders that a kustomization.yaml names, from the root; none where it does not parse. */
function listedIn(path: string, text: string | undefined): ReadonlySet<string> {
  if (text === undefined) return new Set();
  try {
    const { resources, components } = (parse(text) ?? {}) as Record<string, unknown>;
    const entries = [resources, components].flatMap((list): unknown[] => (Array.isArray(list) ? list : []));
    const names = entries.filter((entry): entry is string => typeof entry === 'string');
    return new Set(names.map((name) => posix.join(posix.dirname(path), name).replace(/\/$/, '')));
  } catch {
    return new Set();
  }
}
