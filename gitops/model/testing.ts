/** For tests of the model: a repository of a few texts, and what stands in one as every test has it. */
import { treeOfTexts } from '../source/file-tree.js';
import { readRepository } from './read-repository.js';
import type { Repository } from './repository.js';

export type Files = Readonly<Record<string, string>>;

export function repositoryOf(files: Files): Repository {
  return readRepository(treeOfTexts(files));
}

/** A root that somebody applied by hand, and all that it needs: it builds the folder `apps`. */
export function withRoot(files: Files, spec = ''): Repository {
  return repositoryOf({ 'flux/root.yaml': fluxKustomization('root', 'apps', spec), ...files });
}

/** `spec` are more lines of the spec, each indented by two. */
export function fluxKustomization(name: string, path: string, spec = ''): string {
  return `apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata:
  name: ${name}
  namespace: flux-system
spec:
  interval: 1h
  path: ./${path}
  sourceRef:
    kind: GitRepository
    name: flux-system
    namespace: flux-system
${spec}`;
}

export function object(kind: string, name: string, rest = ''): string {
  const apiVersion = apiVersions[kind] ?? 'v1';
  return `apiVersion: ${apiVersion}\nkind: ${kind}\nmetadata:\n  name: ${name}\n${rest}`;
}

/** Asks the model everything that it can say; how many answers there are. */
export function askAll(repository: Repository): number {
  const { flux, references, ownership, manifests, kustomize } = repository;
  const answers = [
    flux.objects.map(({ composed }) => composed.origin(['spec', 'nowhere', 0]).place),
    flux.helmReleases.map(({ values }) => values.origin(['a', 'b']).place),
    references.consumers.map((consumer) => [consumer.origin.place, references.resolve(consumer)]),
    manifests.map((manifest) => repository.isPatch(manifest)),
    [...kustomize.kustomizations.keys()].map((directory) => kustomize.build(directory).problems),
    ownership.shared,
  ];
  return answers.flat().length;
}

const apiVersions: Readonly<Record<string, string>> = {
  ClusterSecretStore: 'external-secrets.io/v1',
  Deployment: 'apps/v1',
  ExternalSecret: 'external-secrets.io/v1',
  HelmRelease: 'helm.toolkit.fluxcd.io/v2',
  OCIRepository: 'source.toolkit.fluxcd.io/v1',
  StorageClass: 'storage.k8s.io/v1',
};
