/**
 * Reads the GitOps repository in the current folder: its objects, who applies them, and in which namespace.
 * What was read once stays as it was: after an edit, make a new Repository.
 */
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { dirname, join, posix } from 'node:path';
import { entryOf, readYaml, toValue } from './yaml.mjs';

export class Repository {
  /** @readonly */
  #memory = new Map();

  constructor(root = process.cwd()) {
    this.root = root;
  }

  #once(key, compute) {
    if (!this.#memory.has(key)) this.#memory.set(key, compute());
    return this.#memory.get(key);
  }

  /** Paths of all files below a folder, in order. */
  files(folder = '.') {
    return this.#once(`files ${folder}`, () => this.#list(folder));
  }

  #list(folder) {
    if (!existsSync(join(this.root, folder))) return [];
    return readdirSync(join(this.root, folder), { withFileTypes: true })
      .filter(({ name }) => name !== '.git' && name !== 'node_modules')
      .sort((a, b) => (a.name < b.name ? -1 : 1))
      .flatMap((entry) => {
        const path = posix.join(folder, entry.name);
        return entry.isDirectory() ? this.#list(path) : entry.isFile() ? [path] : [];
      });
  }

  yamlFiles(folder) {
    return this.files(folder).filter((path) => /\.ya?ml$/.test(path));
  }

  has(path) {
    return this.#once(`has ${path}`, () => existsSync(join(this.root, path)));
  }

  /** The text of a file, empty where there is none. */
  text(path) {
    return this.#once(`text ${path}`, () => (this.has(path) ? readFileSync(join(this.root, path), 'utf8') : ''));
  }

  yaml(path) {
    return this.#once(`yaml ${path}`, () => readYaml(this.text(path)));
  }

  /** All Kubernetes objects of a file; `doc` counts its YAML documents. */
  objectsIn(path) {
    return this.#once(`objects ${path}`, () =>
      this.yaml(path)
        .documents.map(({ root }, doc) => ({ path, doc, node: root, object: toValue(root) }))
        .filter(({ object }) => object?.kind && object.apiVersion)
        .map((found) => ({ ...found, kind: found.object.kind, name: found.object.metadata?.name })),
    );
  }

  /** All Kubernetes objects below a folder. */
  objects(folder = 'kubernetes') {
    return this.#once(`objects below ${folder}`, () => this.yamlFiles(folder).flatMap((path) => this.objectsIn(path)));
  }

  /** Objects of a kind, of one API group if it is given. */
  ofKind(kind, group = '', folder) {
    return this.objects(folder).filter((found) => found.kind === kind && found.object.apiVersion.startsWith(group));
  }

  /** The namespace folders below kubernetes/apps with their kustomization.yaml. */
  namespaces() {
    return this.#once('namespaces', () => this.#readNamespaces());
  }

  #readNamespaces() {
    const folders = new Set(this.files('kubernetes/apps').map((path) => path.split('/')[2]));
    return [...folders]
      .map((name) => ({ name, file: `kubernetes/apps/${name}/kustomization.yaml` }))
      .filter(({ file }) => this.has(file))
      .map((found) => ({ ...found, object: toValue(this.yaml(found.file).documents[0]?.root) ?? {} }));
  }

  /**
   * The Flux Kustomizations that the cluster gets, roots included. `namespace` is the one in effect:
   * `namespace:` of the folder's kustomization.yaml wins over `metadata.namespace`.
   */
  kustomizations() {
    return this.#once('kustomizations', () => this.#readKustomizations());
  }

  #readKustomizations() {
    const roots = this.yamlFiles('kubernetes/flux/cluster').map((path) => ({ path, isRoot: true }));
    const children = this.namespaces().flatMap(({ file, object }) => this.#resources(file, object.namespace));
    return [...roots, ...children].flatMap(({ path, namespace, isRoot = false }) =>
      this.objectsIn(path)
        .filter(
          ({ kind, object }) => kind === 'Kustomization' && object.apiVersion.startsWith('kustomize.toolkit.fluxcd.io'),
        )
        .map((found) => ({
          ...found,
          isRoot,
          namespace: namespace ?? found.object.metadata.namespace,
          target: found.object.spec.targetNamespace ?? namespace ?? found.object.metadata.namespace,
          folder: posix.normalize(found.object.spec.path ?? '.'),
        })),
    );
  }

  #resources(file, namespace) {
    const { resources = [] } = toValue(this.yaml(file).documents[0]?.root) ?? {};
    return (resources ?? []).flatMap((resource) => {
      if (/^https?:/.test(resource)) return [];
      const path = posix.join(dirname(file), resource);
      if (/\.ya?ml$/.test(path)) return [{ path, namespace }];
      const below = `${path}/kustomization.yaml`;
      return this.has(below)
        ? this.#resources(below, toValue(this.yaml(below).documents[0].root).namespace ?? namespace)
        : [];
    });
  }

  /** The Flux Kustomization that applies a file: the one with the longest folder above it. */
  ownerOf(path) {
    return this.#once(`owner ${path}`, () => {
      const above = this.kustomizations().filter(({ folder, isRoot }) => !isRoot && path.startsWith(`${folder}/`));
      return above.sort((a, b) => b.folder.length - a.folder.length)[0];
    });
  }

  /** HelmReleases with their chart and their values: `values` is where the values stand (a file, a document, a path). */
  helmReleases() {
    return this.#once('releases', () => this.#readReleases());
  }

  #readReleases() {
    return this.ofKind('HelmRelease', 'helm.toolkit.fluxcd.io', 'kubernetes/apps').map((found) => {
      const { spec } = found.object;
      const file = posix.join(dirname(found.path), 'helm/values.yaml');
      const fromFile = Boolean(spec.valuesFrom) && this.has(file);
      return {
        ...found,
        chart: spec.chart?.spec?.chart ?? spec.chartRef?.name,
        namespace: found.path.split('/')[2],
        valuesAt: fromFile
          ? { path: file, doc: 0, keys: [] }
          : { path: found.path, doc: found.doc, keys: ['spec', 'values'] },
        values: fromFile ? (toValue(this.yaml(file).documents[0]?.root) ?? {}) : (spec.values ?? {}),
      };
    });
  }
}

/** `value.a.b` for the path `['a', 'b']`. */
export function at(value, path) {
  return path.reduce((inner, key) => inner?.[key], value);
}

/** `file:line` of a key of a found object, for messages. */
export function lineOf({ path, node }, ...keys) {
  let line = node.line;
  let here = node;
  for (const key of keys) {
    const entry = entryOf(here, key);
    if (!entry) break;
    line = entry.line;
    here = entry.value;
  }
  return `${path}:${line + 1}`;
}
