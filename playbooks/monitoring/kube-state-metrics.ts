/** The state of Flux by kube-state-metrics, for clusters without flux-operator: `gotk_resource_info`. */
import type { Repository } from '../../gitops/model/repository.js';

export interface ReadableKind {
  readonly group: string;
  readonly version: string;
  readonly kind: string;
  readonly plural: string;
  /** What is applied or fetched, in its status. */
  readonly revision: readonly string[];
}

const kinds: readonly ReadableKind[] = [
  kindOf('kustomize', 'v1', 'Kustomization', 'kustomizations', ['lastAppliedRevision']),
  kindOf('helm', 'v2', 'HelmRelease', 'helmreleases', ['lastAttemptedRevision']),
  kindOf('source', 'v1', 'GitRepository', 'gitrepositories', ['artifact', 'revision']),
  kindOf('source', 'v1', 'HelmRepository', 'helmrepositories', ['artifact', 'revision']),
  kindOf('source', 'v1', 'OCIRepository', 'ocirepositories', ['artifact', 'revision']),
];

/** Those that the tree has, in the version that it writes them in: a version that is not served would be an error in its log for ever. */
export function readableKinds({ flux }: Repository): readonly ReadableKind[] {
  const versions = new Map(flux.objects.map(({ id }) => [`${id.group} ${id.kind}`, id.version]));
  return kinds.flatMap((one) => {
    const version = versions.get(`${one.group} ${one.kind}`);
    return version === undefined ? [] : [{ ...one, version }];
  });
}

/** As Flux' own monitoring example has it; a label for the kind comes by itself: `customresource_kind`. */
export function stateConfig(readable: readonly ReadableKind[]) {
  return {
    spec: {
      resources: readable.map(({ group, version, kind, revision }) => ({
        groupVersionKind: { group, version, kind },
        metricNamePrefix: 'gotk',
        metrics: [
          {
            name: 'resource_info',
            help: `The state of a ${kind} of Flux.`,
            each: { type: 'Info', info: { labelsFromPath: { name: ['metadata', 'name'] } } },
            labelsFromPath: {
              exported_namespace: ['metadata', 'namespace'],
              ready: ['status', 'conditions', '[type=Ready]', 'status'],
              reason: ['status', 'conditions', '[type=Ready]', 'reason'],
              suspended: ['spec', 'suspend'],
              revision: ['status', ...revision],
            },
          },
        ],
      })),
    },
  };
}

function kindOf(group: string, version: string, kind: string, plural: string, revision: readonly string[]) {
  return { group: `${group}.toolkit.fluxcd.io`, version, kind, plural, revision };
}
