/** A repository that is read again after an edit takes over what has not changed: what it says must be what a new reading says. */
import { expect, test } from 'vitest';
import { lint } from '../../gitops/lint/lint.js';
import { readRepository } from '../../gitops/model/read-repository.js';
import type { Repository } from '../../gitops/model/repository.js';
import { type FileTree, treeOfTexts } from '../../gitops/source/file-tree.js';
import { homelabNames, missingData, treeOfFolders } from './homelab-trees.js';

type Texts = Readonly<Record<string, string>>;

/** Edits one after the other, each of its own kind; some stay, and some are taken back by the next. */
const edits: readonly (readonly [what: string, edit: (texts: Texts, paths: readonly string[]) => Texts])[] = [
  ['an interval', (texts, paths) => replaced(texts, paths, 7, /interval: .*/g, 'interval: 7m')],
  [
    'a namespace that a kustomization sets',
    (texts, paths) => replaced(texts, paths, 2, /^namespace: .*/m, 'namespace: other'),
  ],
  ['a variable', (texts, paths) => replaced(texts, paths, 1, /^( {2}[A-Z_]+:) .*/gm, '$1 changed')],
  ['a file that does not parse', (texts, paths) => replaced(texts, paths, 3, /^/, 'a: [\n')],
  ['the same file mended', (texts, paths) => replaced(texts, paths, 3, /^a: \[\n/, '')],
  ['a kustomization that does not parse', (texts, paths) => inKustomizations(texts, paths, /^/, '}\n')],
  ['the same kustomization mended', (texts, paths) => inKustomizations(texts, paths, /^\}\n/, '')],
  [
    'a resource that is not there',
    (texts, paths) => inKustomizations(texts, paths, /^resources:\n/m, 'resources:\n  - gone.yaml\n'),
  ],
  ['a file that comes', (texts, paths) => ({ ...texts, [`${folderOf(paths[0]!)}/gone.yaml`]: configMap })],
  ['a file that goes', (texts, paths) => without(texts, paths.at(-1)!)],
  ['a dependency', (texts, paths) => replaced(texts, paths, 5, /dependsOn:\n/g, 'dependsOn:\n    - name: nobody\n')],
  ['a definition of a kind without a namespace', (texts) => ({ ...texts, 'kubernetes/definition.yaml': definition })],
  [
    'the same of one with a namespace',
    (texts) => ({ ...texts, 'kubernetes/definition.yaml': definition.replace('Cluster', 'Namespaced') }),
  ],
];

test.skipIf(missingData !== '').for(homelabNames)(
  `%s: read again after each edit it says what a new reading says${missingData}`,
  (name) => {
    let texts = textsOf(treeOfFolders([name]));
    const paths = Object.keys(texts).filter((path) => path.startsWith('kubernetes/') || path.startsWith('cluster/'));
    let repository = readRepository(treeOfTexts(texts));
    for (const [what, edit] of edits) {
      texts = edit(texts, paths);
      const tree = treeOfTexts(texts);
      repository = readRepository(tree, { previous: repository });
      expect([what, said(repository)]).toEqual([what, said(readRepository(tree))]);
    }
  },
);

/** What the rules find, and what is in effect. */
function said(repository: Repository): unknown {
  const { findings } = lint(repository, { now: 0 });
  const objects = repository.clusters.flatMap(({ flux }) => flux.objects);
  return {
    findings: findings.map(({ rule, severity, file, line, column, subject, message }) => [
      rule,
      severity,
      file,
      line,
      column,
      subject,
      message,
    ]),
    applied: objects.map(({ id, composed, owner, chain }) => [
      id,
      composed.value,
      owner.id,
      chain.map(({ file }) => file.path),
    ]),
    consumers: repository.references.consumers.map(({ target, origin }) => [target, origin.place]),
    producers: repository.references.producers.map(({ target }) => target),
  };
}

function textsOf(tree: FileTree): Texts {
  return Object.fromEntries(tree.paths.map((path) => [path, Buffer.from(tree.read(path)).toString('utf8')]));
}

/** In every nth file that has it. */
function replaced(texts: Texts, paths: readonly string[], nth: number, pattern: RegExp, by: string): Texts {
  const having = paths.filter((path) => /\.ya?ml$/.test(path) && texts[path]?.search(pattern) !== -1);
  const chosen = having.filter((_, index) => index % nth === 0).slice(0, 5);
  return { ...texts, ...Object.fromEntries(chosen.map((path) => [path, texts[path]!.replace(pattern, by)])) };
}

function inKustomizations(texts: Texts, paths: readonly string[], pattern: RegExp, by: string): Texts {
  return replaced(
    texts,
    paths.filter((path) => path.endsWith('/kustomization.yaml')),
    9,
    pattern,
    by,
  );
}

function without(texts: Texts, path: string): Texts {
  const { [path]: _, ...rest } = texts;
  return rest;
}

function folderOf(path: string): string {
  return path.slice(0, path.lastIndexOf('/'));
}

const configMap = 'apiVersion: v1\nkind: ConfigMap\nmetadata: { name: gone }\n';
const definition = `apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: { name: helmreleases.helm.toolkit.fluxcd.io }
spec:
  group: external-secrets.io
  names: { kind: ExternalSecret }
  scope: Cluster
`;
