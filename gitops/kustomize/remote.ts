/** Remote bases and files: what kustomize would fetch, and a reading of files cannot. */

const url = /^(?:[a-z][a-z0-9+.-]*::)?(?:https?|ssh|git|file):\/\//i;
const gitHost = /^(?:[\w.-]+@)?(?:[\w-]+\.)+[a-z]{2,}(?::|\/).+/i;

/**
 * `https://…`, `git@host:owner/repo`, `github.com/owner/repo//path?ref=v1`. Asked only for what is not in the tree; a
 * relative path that looks like a file (`app.yaml/x` is none) stays a missing file.
 */
export function isRemote(path: string): boolean {
  if (url.test(path)) return true;
  return gitHost.test(path) && !/\.(?:ya?ml|json)(?:\/|$)/i.test(path.split(/[:/]/, 1)[0] ?? '');
}
