import { expect, test } from 'vitest';
import { secretCycle } from './secret-cycle.js';
import { findingsOf } from './testing.js';
import { cluster, kustomization, release } from './testing-cluster.js';

type Files = Readonly<Record<string, string>>;

const externalSecret = `apiVersion: external-secrets.io/v1
kind: ExternalSecret
metadata: { name: cluster-secrets, namespace: flux-system }
spec:
  secretStoreRef: { kind: ClusterSecretStore, name: vault }
  target: { name: cluster-secrets }
`;
const store = `apiVersion: external-secrets.io/v1
kind: ClusterSecretStore
metadata: { name: vault }
spec: { provider: { onepassword: { connectHost: "http://connect" } } }
`;
const reads = '  postBuild: { substituteFrom: [{ kind: Secret, name: cluster-secrets }] }\n';
/** Folders of their own for what the store needs; the names are those whose Kustomization reads the Secret. */
const tree = (readers: readonly string[], more: Files = {}, spec = reads): Files => {
  const charts = ['external-secrets', 'connect', 'coredns', 'grafana'];
  const folders = Object.fromEntries(
    charts.flatMap((chart) => [
      [`${chart}.yaml`, kustomization(chart, `./${chart}`, readers.includes(chart) ? spec : '')],
      [`${chart}/release.yaml`, release(chart, '1.0.0', 'a: 1\n')],
    ]),
  );
  return { ...cluster({ 'apps/a.yaml': externalSecret, 'apps/store.yaml': store }), ...folders, ...more };
};
const seen = (files: Files): readonly string[] => findingsOf(secretCycle, files).map(({ message }) => message);

test('says how many need it, and which of them the store needs', () => {
  expect(findingsOf(secretCycle, tree(['coredns', 'grafana']))).toEqual([
    {
      at: 'apps/a.yaml:1:1',
      subject: 'Secret flux-system/cluster-secrets',
      message:
        'comes through ClusterSecretStore vault, and 2 objects cannot do without it, among them Kustomization flux-system/coredns, which is DNS: the store needs what waits for its Secret; make this Secret without the store (SOPS), or let what the store needs do without it',
      related: ['coredns.yaml:14:49 Kustomization flux-system/coredns needs it and is DNS'],
    },
  ]);
});

test('the operator, the backend of the store, and what comes before them', () => {
  expect(seen(tree(['external-secrets', 'connect']))[0]).toContain(
    "Kustomization flux-system/connect, which runs the store's backend and Kustomization flux-system/external-secrets, which runs External Secrets",
  );
  const before = {
    'external-secrets.yaml': kustomization(
      'external-secrets',
      './external-secrets',
      '  dependsOn: [{ name: grafana }]\n',
    ),
  };
  expect(seen(tree(['grafana'], before))[0]).toContain(
    'Kustomization flux-system/grafana, which comes before Kustomization flux-system/external-secrets',
  );
});

const namespaces =
  'apiVersion: v1\nkind: Namespace\nmetadata: { name: flux-system }\n---\napiVersion: v1\nkind: Namespace\nmetadata: { name: web }\n';
const everywhere = (reference: string): string => `apiVersion: external-secrets.io/v1
kind: ClusterExternalSecret
metadata: { name: shared }
spec:
  externalSecretName: cluster-secrets
  namespaceSelectors: [{ matchLabels: {} }]
  externalSecretSpec: { secretStoreRef: ${reference} }
`;

test('a ClusterExternalSecret, through a store of the cluster or of each namespace', () => {
  const through = (reference: string, more: Files = {}): string =>
    seen(
      tree(['coredns'], { 'apps/a.yaml': everywhere(reference), 'apps/namespaces.yaml': namespaces, ...more }),
    ).join();
  expect(through('{ kind: ClusterSecretStore, name: vault }')).toContain(
    'comes through ClusterSecretStore vault, and 1 object cannot do without it, among them Kustomization flux-system/coredns, which is DNS',
  );
  const inNamespace = {
    'apps/store.yaml': store.replace('Cluster', '').replace('name: vault', 'name: vault, namespace: flux-system'),
  };
  expect(through('{ kind: SecretStore, name: vault }', inNamespace)).toContain(
    'comes through SecretStore flux-system/vault, and 1 object',
  );
});

test.each<[string, Files]>([
  ['only others need it', tree(['grafana'])],
  ['optional', tree(['coredns'], {}, reads.replace('cluster-secrets', 'cluster-secrets, optional: true'))],
  [
    'a manifest makes it too',
    tree(['coredns'], {
      'apps/b.yaml':
        'apiVersion: v1\nkind: Secret\nmetadata: { name: cluster-secrets, namespace: flux-system }\nstringData: { a: "ENC[x]" }\nsops: { mac: x }\n',
    }),
  ],
  [
    'a helmfile installs External Secrets before Flux',
    tree(['coredns'], { 'bootstrap/helmfile.yaml': 'releases: [{ name: es, chart: oci://x/external-secrets }]\n' }),
  ],
])('silent: %s', (_, files) => {
  expect(seen(files)).toEqual([]);
});
