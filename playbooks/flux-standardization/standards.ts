/** The conventions as a page of the repository: what a new application starts from. */
import type { FluxKustomization } from '../../gitops/flux/flux-kustomization.js';
import { isParent, targetOf } from './kustomizations.js';
import { classOf, type Parameters } from './parameters.js';

export function standardsPage(kustomizations: readonly FluxKustomization[], parameters: Parameters): string {
  const { classes, retryInterval, retries, releaseTimeout, slow, keepInstalled } = parameters;
  const targets = new Set(kustomizations.filter((one) => !isParent(one)).map(targetOf));
  const rows = classes.map(({ name, intervals, timeout }) => {
    const members = [...targets].filter((target) => classOf(parameters, target).name === name).toSorted();
    return `| ${name} | ${intervals.join(' or ')} | ${timeout} | ${members.join(', ')} |`;
  });
  return `# Flux standards

What a new Kustomization or HelmRelease of this repository starts from. Older ones have an interval of their class, a time limit and retries that end; where theirs were others than these, they were kept.

## Kustomizations

| Class | \`interval\` | \`timeout\` | Namespaces |
| --- | --- | --- | --- |
${rows.join('\n')}

- The class is that of the namespace that most of its objects go to.
- \`retryInterval: ${retryInterval}\`: a failure does not wait for the next interval.
- A \`timeout\` that is no shorter than those of the releases that it waits for: it would fail while they still install.
- \`wait: true\`, or \`healthChecks\` where only some of the objects count. Not both: \`wait\` makes Flux ignore \`healthChecks\`. A Kustomization that applies others needs neither.
- \`dependsOn\` for whatever brings a CRD, a StorageClass or a secret store that is used here. Write the namespace in effect: \`namespace:\` of the folder's kustomization.yaml wins over \`metadata.namespace\`.

## HelmReleases

- \`timeout: ${releaseTimeout}\`; ${slow.timeout} for ${slow.charts.join(', ')}.
- \`install.remediation.retries\` is never negative: a release that cannot succeed has to show as failed. It is 0 for ${keepInstalled.join(', ')}, because Helm uninstalls between two attempts and the CRDs would go with it.
- \`upgrade.remediation\`: \`retries: ${retries}\`, \`strategy: rollback\`.

## Exceptions

Write each here, with its reason and the day on which it ends.
`;
}
