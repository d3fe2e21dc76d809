/** What names an object in a cluster: group, version, kind, namespace and name. */

export interface ObjectId {
  /** Empty for the core group. */
  readonly group: string;
  readonly version: string;
  readonly kind: string;
  /** Empty for a kind that has none, and where none is given. */
  readonly namespace: string;
  readonly name: string;
}

/** Without the version: two versions of a group are views of one object. */
export type ObjectKey = Omit<ObjectId, 'version'>;

/** `apps/v1` is group `apps`, version `v1`; `v1` is of the core group. */
export function groupAndVersion(apiVersion: string): { readonly group: string; readonly version: string } {
  const slash = apiVersion.indexOf('/');
  return slash === -1
    ? { group: '', version: apiVersion }
    : { group: apiVersion.slice(0, slash), version: apiVersion.slice(slash + 1) };
}

/** One text for each object, whatever its version; for maps, not for people. */
export function keyText({ group, kind, namespace, name }: ObjectKey): string {
  return `${group}\n${kind}\n${namespace}\n${name}`;
}

/** For people: `HelmRelease storage/velero`, `ClusterIssuer letsencrypt`. */
export function objectText({ kind, namespace, name }: Pick<ObjectId, 'kind' | 'namespace' | 'name'>): string {
  return `${kind} ${namespace === '' ? name : `${namespace}/${name}`}`;
}

/** Whether a text still holds a variable whose value nobody can know from the files. */
export function isKnown(text: string): boolean {
  return !text.includes('${');
}
