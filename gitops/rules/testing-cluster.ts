/** For the tests of rules: files that a Flux Kustomization applies, with little around them. */

type Files = Readonly<Record<string, string>>;

/** `flux-system/apps` builds the folder `apps`, and what it finds there it applies. */
export function cluster(files: Files, spec = ''): Files {
  return { 'cluster.yaml': kustomization('apps', './apps', spec), ...files };
}

export function kustomization(name: string, path: string, spec = '', namespace = 'flux-system'): string {
  return `apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata:
  name: ${name}
  namespace: ${namespace}
spec:
  interval: 1h
  path: ${path}
  prune: true
  sourceRef:
    kind: GitRepository
    name: flux-system
    namespace: flux-system
${spec}`;
}

/** A HelmRelease of a chart, with the lines of its values. */
export function release(chart: string, version: string, values: string, name = chart, namespace = 'default'): string {
  return `apiVersion: helm.toolkit.fluxcd.io/v2
kind: HelmRelease
metadata:
  name: ${name}
  namespace: ${namespace}
spec:
  interval: 1h
  chart:
    spec:
      chart: ${chart}
      version: ${version}
      sourceRef:
        kind: HelmRepository
        name: charts
        namespace: flux-system
  values:
${values.replaceAll(/^(?=.)/gm, '    ')}`;
}
