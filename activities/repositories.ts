/** Repositories as commits hold them, read for what joinpoint judges by itself. */
import { readRepository } from '../gitops/model/read-repository.js';
import type { Repository } from '../gitops/model/repository.js';
import type { Mirror } from '../git/mirror.js';
import { readRevision } from '../git/revision-tree.js';

/** As they were read last: a base is compared with many heads, and most files of a head are the base's. */
const recent = new Map<string, Repository>();
const recentAtMost = 4;

/** `previous` lends what it knows of files that are the same. */
export async function repositoryAt(mirror: Mirror, commit: string, previous?: Repository): Promise<Repository> {
  const key = `${mirror.dir}\0${commit}`;
  const known = recent.get(key);
  if (known) return known;
  const repository = readRepository(await readRevision(mirror.dir, commit, ''), previous && { previous });
  if (recent.size >= recentAtMost) recent.delete(recent.keys().next().value!);
  recent.set(key, repository);
  return repository;
}
