/** What a team decides of its Flux conventions; the defaults are those of the Anton plan's owner. */
import { z } from 'zod';
import { Page } from '../place-in-tree.js';

/** A duration as Flux reads it. */
const Duration = z.string().regex(/^([0-9]+(\.[0-9]+)?(ms|s|m|h))+$/, 'is no duration of Flux, such as 30m');

const Criticality = z.strictObject({
  name: z.string().min(1),
  namespaces: z.array(z.string()).default([]),
  intervals: z.array(Duration).min(1),
  timeout: Duration.default('10m'),
});

export const Parameters = z.strictObject({
  classes: z
    .array(Criticality)
    .min(1)
    .default([
      {
        name: 'critical',
        namespaces: ['flux-system', 'kube-system', 'cert-manager', 'external-secrets'],
        intervals: ['5m'],
        timeout: '10m',
      },
      {
        name: 'core',
        namespaces: ['network', 'monitoring', 'storage', 'database', 'cnpg-system', 'rook-ceph', 'velero'],
        intervals: ['15m'],
        timeout: '10m',
      },
      { name: 'apps', namespaces: [], intervals: ['30m', '1h'], timeout: '10m' },
    ])
    .describe(
      'Criticality by namespace; the last class takes every namespace that no other names. The first interval is the one to write, the others are accepted',
    ),
  retryInterval: Duration.default('2m').describe('How long a Kustomization waits before it tries again'),
  retries: z.int().min(1).default(3).describe('How often a release is tried again'),
  releaseTimeout: Duration.default('10m').describe('How long a release may take'),
  slow: z
    .strictObject({ charts: z.array(z.string()), timeout: Duration })
    .default({ charts: ['kube-prometheus-stack', 'airflow', 'loki', 'immich', 'velero'], timeout: '15m' })
    .describe('Charts that need longer'),
  keepInstalled: z
    .array(z.string())
    .default(['external-secrets', 'cloudnative-pg', 'rook-ceph', 'rook-ceph-cluster'])
    .describe('Charts that Helm must not uninstall between two attempts to install: data goes with their CRDs'),
  document: Page.default('docs/flux/standards.md').describe('Where the conventions are written down'),
});
export type Parameters = z.infer<typeof Parameters>;
type Criticality = z.infer<typeof Criticality>;

export function classOf({ classes }: Parameters, namespace: string): Criticality {
  return classes.find(({ namespaces }) => namespaces.includes(namespace)) ?? classes.at(-1)!;
}
