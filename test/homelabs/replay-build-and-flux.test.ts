/** The replayed failures that the rules of builds and of Flux must see, each at its file and line. */
import { describe, expect, test } from 'vitest';
import { type Finding, findingOf } from '../../gitops/lint/finding.js';
import { rules } from '../../gitops/rules/registry.js';
import { missingData } from './homelab-trees.js';
import { replayCase } from './replay-trees.js';
import { repositoryOf, saidOf, saidOfChange } from './replayed.js';

/** What each says of dependsOn: where, who, and what was meant. */
const dangling: Readonly<Record<string, readonly string[]>> = {
  '02a': [
    'external-secrets/onepassword-connect/ks.yaml:17 external-secrets/onepassword-connect depends on flux-system/external-secrets, which no Kustomization provides; did you mean namespace external-secrets',
    'monitoring/kube-prometheus-stack/ks.yaml:18 monitoring/kube-prometheus-stack depends on flux-system/local-path-provisioner, which no Kustomization provides; did you mean namespace storage',
  ],
  '02b': [
    'storage/rook-ceph-cluster/ks.yaml:17 storage/rook-ceph-cluster depends on flux-system/rook-ceph-operator, which no Kustomization provides; did you mean namespace storage',
    'storage/rook-ceph-cluster/ks.yaml:19 storage/rook-ceph-cluster depends on flux-system/volsync, which no Kustomization provides; did you mean namespace storage',
    'storage/volsync/ks.yaml:17 storage/volsync depends on flux-system/local-path-provisioner, which no Kustomization provides; did you mean namespace storage',
  ],
  '02c': [
    'storage/rook-ceph-objectstore/ks.yaml:17 storage/rook-ceph-objectstore depends on flux-system/rook-ceph-cluster, which no Kustomization provides; did you mean namespace storage',
  ],
  '02d': [
    'data-platform/hive-metastore/ks.yaml:21 data-platform/hive-metastore depends on flux-system/cnpg-operator, which no Kustomization provides; did you mean namespace cnpg-system',
    'data-platform/hive-metastore/ks.yaml:23 data-platform/hive-metastore depends on flux-system/rook-ceph-cluster, which no Kustomization provides; did you mean namespace storage',
    'data-platform/hive-metastore/ks.yaml:25 data-platform/hive-metastore depends on flux-system/kube-prometheus-stack, which no Kustomization provides; did you mean namespace monitoring',
    'storage/iceberg-s3-user/ks.yaml:21 storage/iceberg-s3-user depends on flux-system/rook-ceph-cluster, which no Kustomization provides; did you mean namespace storage',
  ],
  '02e': [
    'databases/scylla-operator/ks.yaml:17 databases/scylla-operator depends on databases/cert-manager-ready, which no Kustomization provides; the nearest name is cert-manager/cert-manager',
  ],
  '02f': [
    'system-health/node-problem-detector/ks.yaml:14 system-health/node-problem-detector depends on system-health/cluster-apps-external-secrets, which no Kustomization provides; the nearest name is external-secrets/external-secrets',
    'system-health/node-problem-detector/ks.yaml:15 system-health/node-problem-detector depends on system-health/cluster-apps-cert-manager, which no Kustomization provides; the nearest name is cert-manager/cert-manager',
  ],
  '04a': [
    'monitoring/alloy/ks.yaml:22 monitoring/alloy depends on flux-system/loki, which no Kustomization provides; did you mean namespace monitoring',
    'monitoring/kube-prometheus-stack/ks.yaml:18 monitoring/kube-prometheus-stack depends on flux-system/local-path-provisioner, which no Kustomization provides; did you mean namespace storage',
    'monitoring/loki/ks.yaml:22 monitoring/loki depends on flux-system/kube-prometheus-stack, which no Kustomization provides; did you mean namespace monitoring',
  ],
  '04b': [
    'monitoring/kube-prometheus-stack/ks.yaml:18 monitoring/kube-prometheus-stack depends on monitoring/local-path-provisioner, which no Kustomization provides; an omitted namespace means the namespace of the dependent; did you mean namespace storage',
  ],
  // Negative controls, and repaired trees of the cases above.
  '03': [],
  '04-after': [],
  '12': [],
  '19a': [],
  '19b': [],
  '21a': [],
  '28a': [],
  '28b': [],
  '28c': [],
};

/** Trees that build, or that fail only for what a case is about. */
const notBuilding: Readonly<Record<string, readonly string[]>> = {
  '01': ['build-fails kubernetes/apps/airflow/airflow/ks.yaml'],
  '09': ['duplicate-object kubernetes/apps/storage/namespace.yaml'],
  '19d': ['missing-resource kubernetes/apps/storage/velero/app/kustomization.yaml'],
};
const building = ['02a', '02b', '02c', '02d', '02e', '02f', '03', '04a', '04b', '04-after', '09-after', '12', '16'];
const alsoBuilding = ['19a', '19b', '19c', '21a', '21b', '21c', '22a', '22b', '24a', '24b', '28a', '28b', '28c', '28d'];

function ofLayer(id: string, layer: string): readonly Finding[] {
  return rules
    .filter((rule) => rule.layer === layer)
    .flatMap((rule) => [...rule.check(repositoryOf(id))].map((draft) => findingOf(rule, draft)))
    .filter(({ severity }) => severity === 'error');
}

describe.skipIf(missingData !== '')(`replayed failures of builds and of Flux${missingData}`, () => {
  test.each(Object.keys(dangling))('%s dependsOn: each that leads nowhere, and no other', (id) => {
    const lines = dangling[id]!.map((line) =>
      line.replace(' ', ' error Kustomization ').replace(' depends', ': depends'),
    );
    expect(saidOf(id, 'dangling-depends-on')).toEqual(lines.map((line) => `apps/${line}`));
  });

  test('28d dependsOn by a name that has its words in another order', () => {
    expect(saidOf('28d', 'dangling-depends-on')).toContain(
      'apps/system-health/goldilocks/ks.yaml:16 error Kustomization system-health/goldilocks: depends on network/ingress-nginx-internal, which no Kustomization provides; the nearest name is network/internal-ingress-nginx',
    );
  });

  test('every dependsOn that the data expects is among these', () => {
    for (const [id, lines] of Object.entries(dangling))
      for (const { rule, message, file } of replayCase(id).expect) {
        if (rule !== 'dangling-depends-on') continue;
        const line = lines.find((one) => one.endsWith(` ${message}`));
        expect(line && `kubernetes/apps/${line.slice(0, line.indexOf(':'))}`, `${id}: ${message}`).toBe(file);
      }
  });

  test('01 one file that does not parse, and all that it stops', () => {
    expect(saidOf('01', 'duplicate-key')).toEqual([
      'apps/airflow/airflow/ks.yaml:22 error Kustomization airflow: spec.targetNamespace is given twice in one mapping (lines 7 and 22), and kustomize refuses the whole file; keep the one that is meant and remove the other',
    ]);
    expect(saidOf('01', 'build-fails')).toEqual([
      'apps/airflow/airflow/ks.yaml:22 error Kustomization flux-system/cluster-apps: kubernetes/apps/airflow/airflow/ks.yaml does not parse: Map keys must be unique: kustomize build of kubernetes/apps fails, which stops Kustomization flux-system/cluster-apps, and with it Kustomization airflow/airflow, which it applies or holds back; correct the file',
    ]);
  });

  test('09 a Namespace that a component brings too, and the labels that would go with it', () => {
    expect(saidOf('09', 'duplicate-object')).toEqual([
      'apps/storage/namespace.yaml:2 error Namespace storage: kubernetes/apps/storage builds it twice: kubernetes/apps/storage/namespace.yaml and kubernetes/components/common/namespace.yaml, whose name "not-used" the namespace transformer rewrites; kustomize build of kubernetes/apps fails, which stops Kustomization flux-system/cluster-apps, and with it 35 Kustomizations that it applies or holds back; keep one of them, and with it what the other brings: kubernetes/apps/storage/namespace.yaml alone has label pod-security.kubernetes.io/enforce, label pod-security.kubernetes.io/audit, label pod-security.kubernetes.io/warn and label kustomize.toolkit.fluxcd.io/prune',
    ]);
  });

  test('19d a file that was renamed and is still listed', () => {
    expect(saidOf('19d', 'missing-resource')).toEqual([
      'apps/storage/velero/app/kustomization.yaml:8 error Kustomization storage/velero: resources lists ./schedules.yaml, which is not there: kustomize build of kubernetes/apps/storage/velero/app fails, which stops Kustomization storage/velero; add the file, or take ./schedules.yaml out of the list',
    ]);
  });

  test('16 an API version before the Flux that serves it: only the change shows it', () => {
    expect(saidOf('16', 'api-version-not-served').filter((line) => line.includes(' error '))).toEqual([]);
    const message =
      'source.toolkit.fluxcd.io/v1 OCIRepository needs Flux 2.6; the tree before this change declares Flux 2.5.1 and this one 2.6.1, so the object is applied before the version that serves it is installed; raise Flux first, and use v1 once the upgrade is Ready: v1beta2 is served by both';
    expect(saidOfChange('16', 'api-version-before-upgrade')).toEqual([
      `apps/cert-manager/cert-manager/app/helmrelease.yaml:3 error OCIRepository cert-manager/cert-manager: ${message}`,
      `apps/flux-system/flux-instance/app/helmrelease.yaml:3 error OCIRepository flux-system/flux-instance: ${message}`,
      `apps/flux-system/flux-operator/app/helmrelease.yaml:3 error OCIRepository flux-system/flux-operator: ${message}`,
      `apps/kube-system/coredns/app/helmrelease.yaml:3 error OCIRepository kube-system/coredns: ${message}`,
      `apps/kube-system/reloader/app/helmrelease.yaml:3 error OCIRepository kube-system/reloader: ${message}`,
      `apps/kube-system/spegel/app/helmrelease.yaml:3 error OCIRepository kube-system/spegel: ${message}`,
      `components/repos/app-template/ocirepository.yaml:3 error OCIRepository app-template (in namespaces default and network): ${message}`,
    ]);
  });

  test.each(Object.keys(notBuilding))('%s does not build, for its own reason alone', (id) => {
    expect(ofLayer(id, 'build').map(({ rule, file }) => `${rule} ${file}`)).toEqual(notBuilding[id]);
  });

  test.each([...building, ...alsoBuilding])('%s builds', (id) => {
    expect(ofLayer(id, 'build')).toEqual([]);
  });
});
