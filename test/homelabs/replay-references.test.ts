/** The replayed failures that the rules of references, schema and policy must see, each at its file and line. */
import { describe, expect, test } from 'vitest';
import { type Finding, findingOf, inOrder } from '../../gitops/lint/finding.js';
import { readRepository } from '../../gitops/model/read-repository.js';
import { rules } from '../../gitops/rules/registry.js';
import { missingData, treeOfFolders } from './homelab-trees.js';
import { repositoryOf, ruleOf, saidBetween, saidOf, saidOfChange } from './replayed.js';

describe.skipIf(missingData !== '')(`replayed failures${missingData}`, () => {
  test('03 custom resources of a component, applied by the parent of what brings their definition', () => {
    expect(saidOf('03', 'custom-resource-before-definition')).toContain(
      'components/common/externalsecret.yaml:2 error ExternalSecret airflow/cluster-secrets: Kustomization flux-system/cluster-apps applies 12 ExternalSecrets, but their definition comes with the chart of HelmRelease external-secrets/external-secrets, which is applied by Kustomization external-secrets/external-secrets, and that is made by Kustomization flux-system/cluster-apps itself: a new cluster never gets past this; let a Kustomization that depends on external-secrets/external-secrets apply them, or bring the definitions before',
    );
  });

  test('03 a Secret that the network and DNS wait for comes through a store that needs both', () => {
    expect(saidOf('03', 'secret-cycle')).toEqual([
      'components/common/externalsecret.yaml:2 error Secret cluster-secrets (in 12 namespaces): comes through ClusterSecretStore onepassword-connect, and 17 objects cannot do without it, among them Kustomization kube-system/cilium, which is the network and Kustomization kube-system/coredns, which is DNS: the store needs what waits for its Secret; make this Secret without the store (SOPS), or let what the store needs do without it',
    ]);
  });

  test('03 that the store is not ready is live: files cannot tell, and nothing is said of it', () => {
    const others = rules.filter(({ id }) => !['custom-resource-before-definition', 'secret-cycle'].includes(id));
    const ofStore = others.flatMap((rule) =>
      [...rule.check(repositoryOf('03'))].filter(({ subject }) => subject.startsWith('ClusterSecretStore')),
    );
    expect(ofStore).toEqual([]);
  });

  test('03 the Secrets that the store itself is opened with, which no manifest makes', () => {
    expect(saidOf('03', 'secret-without-producer').map((line) => line.split('; ')[0])).toEqual([
      'apps/external-secrets/onepassword-connect/app/clustersecretstore.yaml:14 info Secret external-secrets/onepassword-connect-token: is named by spec.provider.onepassword.auth.secretRef.connectTokenSecretRef.name of ClusterSecretStore onepassword-connect',
      'apps/external-secrets/onepassword-connect/app/helmrelease.yaml:24 info Secret external-secrets/onepassword-connect-secret: is named by values.connect.credentialsName of HelmRelease external-secrets/onepassword-connect',
    ]);
  });

  test('12 a mapping in the data of a ConfigMap', () => {
    expect(saidOf('12', 'value-type')).toEqual([
      'apps/storage/rook-ceph-cluster/app/cluster.yaml:114 error ConfigMap storage/ceph-deployment-phase: data.phases_enabled is a mapping, and ConfigMap data values must be strings: the API server refuses it, and Flux applies nothing of its Kustomization; write it as a block scalar (|), or give it a field of its own for each part',
    ]);
  });

  test('12 also there: the provisioner of ceph-block, and a class that the chart makes too', () => {
    expect(saidOf('12', 'provisioner-mismatch')[0]).toContain(
      'storage-classes/block.yaml:8 error StorageClass ceph-block',
    );
    expect(saidOf('12', 'two-owners')[0]).toContain('storage-classes/block.yaml:2 error StorageClass ceph-block');
  });

  test('19a a snapshot class whose definition nothing brings', () => {
    expect(saidOf('19a', 'custom-resource-before-definition')).toContain(
      'apps/storage/rook-ceph-cluster/app/storage-classes/snapshotclass.yaml:2 error VolumeSnapshotClass csi-ceph-blockpool: no manifest, chart or remote resource of the tree brings the definition of VolumeSnapshotClass (snapshot.storage.k8s.io/v1): the server refuses all of Kustomization storage/rook-ceph-cluster; bring the definition by a Kustomization that this one depends on, or take the object out',
    );
  });

  test('19b a value that names a class which no manifest applies', () => {
    expect(saidOf('19b', 'object-without-producer')).toEqual([
      'apps/storage/volsync/app/helmrelease.yaml:29 warning VolumeSnapshotClass csi-ceph-blockpool: is named by values.snapshotClassName of HelmRelease storage/volsync, and no manifest or chart of the tree provides it: no snapshot of it is ever made; provide it, or name one that is there',
    ]);
  });

  test('19c Schedules beside the release that brings their definition, both in one finding', () => {
    expect(saidOf('19c', 'custom-resource-before-definition')).toContain(
      'apps/storage/velero/app/schedules.yaml:2 error Schedule storage/daily-backup: Kustomization storage/velero applies 2 Schedules, whose definition comes with the chart of HelmRelease storage/velero in the same Kustomization: the dry run of one unknown kind fails them all, so the release is never applied; put the custom resources into a Kustomization of their own that depends on storage/velero',
    );
  });

  test('21a the bucket provisioner is called after the namespace of the operator, and the wrong repair is wrong too', () => {
    const ofBucket = (id: string): readonly string[] =>
      saidOf(id, 'provisioner-mismatch').filter((line) => line.includes('StorageClass ceph-bucket'));
    const expected = (provisioner: string): string =>
      `apps/storage/rook-ceph-objectstore/app/storageclass.yaml:6 error StorageClass ceph-bucket: names provisioner ${provisioner}, which nobody runs: Rook calls its bucket provisioner after the namespace of its operator, and HelmRelease storage/rook-ceph-operator puts it into storage; write storage.ceph.rook.io/bucket`;
    expect(ofBucket('21a')).toEqual([expected('rook-ceph.ceph.rook.io/bucket')]);
    expect(ofBucket('21b')).toEqual([expected('rook-ceph.rook.io/bucket')]);
  });

  test('21b a class that the chart makes from its defaults (table of charts; the rendered chart would show it too)', () => {
    expect(saidOf('21b', 'two-owners')).toEqual([
      "apps/storage/rook-ceph-objectstore/app/storageclass.yaml:2 error StorageClass ceph-bucket: is applied by Kustomization storage/rook-ceph-objectstore and rendered by HelmRelease storage/rook-ceph-cluster too, from the chart's default of cephObjectStores, which the values do not mention; Helm does not take over an object that it did not make, and the release fails: remove the manifest, or set values.cephObjectStores to what the chart is to make ([] for nothing)",
    ]);
  });

  test('21c a claim and an ExternalSecret in two Kustomizations, and a Secret that two want to own', () => {
    expect(saidOf('21c', 'two-owners')).toEqual([
      'apps/monitoring/loki/app/externalsecret.yaml:2 error ExternalSecret monitoring/loki-s3-credentials: is applied by Kustomization monitoring/loki and Kustomization monitoring/loki-s3-bucket, which differ in spec.data and overwrite each other for ever; keep it in one of them',
      'apps/monitoring/loki/app/objectbucketclaim.yaml:4 error ObjectBucketClaim monitoring/loki-bucket: is applied by Kustomization monitoring/loki and Kustomization monitoring/loki-s3-bucket, which differ in spec.bucketName, spec.additionalConfig.maxSize and spec.generateBucketName and overwrite each other for ever; keep it in one of them',
      'apps/monitoring/loki/app/objectbucketclaim.yaml:27 error Secret monitoring/loki-s3-credentials: is made by ExternalSecret monitoring/loki-bucket-sync and ExternalSecret monitoring/loki-s3-credentials, each with creationPolicy Owner: only one can own it, and the others never become ready; remove the others, give them a target of their own, or let them add to it with creationPolicy Merge',
    ]);
  });

  test('22a a Secret that a chart is given and nothing makes', () => {
    expect(saidOf('22a', 'secret-without-producer')).toContain(
      'apps/storage/velero/app/helmrelease.yaml:67 warning Secret storage/velero-credentials: is named by values.credentials.existingSecret of HelmRelease storage/velero; no Secret, SOPS file, ExternalSecret target, operator or chart makes it; let one make it, or, where it is made by hand, accept this with that reason',
    );
    const schedules = saidOf('22a', 'custom-resource-before-definition').filter((line) => line.includes('Schedule'));
    expect(schedules).toEqual([]);
  });

  test('22b the name of a vault is live: files cannot tell, and nothing is said', () => {
    const layers = ['parse', 'build', 'schema', 'reference graph'];
    const findings = rules
      .filter(({ layer }) => layers.includes(layer))
      .flatMap((rule) => [...rule.check(repositoryOf('22b'))]);
    expect(findings.map(({ subject, message }) => `${subject}: ${message}`)).toEqual([]);
  });

  test('24a and 24b a rolling update that waits for its own volume (table of charts; the rendered chart would show it too)', () => {
    expect(saidOf('24a', 'rwo-rolling-update')).toEqual([
      'apps/registries/harbor/app/helmrelease.yaml:28 warning Deployment registries/harbor-jobservice: has one replica with a ReadWriteOnce volume and is rolled with a surge: on another node the new pod waits for the volume of the old one, which waits for the new pod, and the upgrade times out (RollingUpdate is the default of chart harbor); patch the Deployment by postRenderers to maxSurge: 0 and maxUnavailable: 1',
    ]);
    expect(saidOf('24b', 'rwo-rolling-update')).toEqual([
      'apps/observability/kube-prometheus-stack/app/helmrelease.yaml:100 warning Deployment observability/kube-prometheus-stack-grafana: has one replica with a ReadWriteOnce volume and is rolled with a surge: on another node the new pod waits for the volume of the old one, which waits for the new pod, and the upgrade times out (RollingUpdate is the default of chart kube-prometheus-stack); set values.grafana.deploymentStrategy to {type: Recreate, rollingUpdate: null}',
    ]);
  });

  test('24a-wrong and 24b-wrong Recreate beside a rollingUpdate (table of charts; the last word is a dry run)', () => {
    expect(saidOf('24a-wrong', 'invalid-strategy')).toEqual([
      'apps/registries/harbor/app/helmrelease.yaml:65 error Deployment registries/harbor-jobservice: values.updateStrategy.type: Recreate in chart harbor 1.18.3 renders a rollingUpdate beside it, in jobservice and registry, and the API server refuses the pair; stay with RollingUpdate, and patch the Deployment of jobservice by postRenderers to maxSurge: 0 and maxUnavailable: 1',
    ]);
    expect(saidOf('24b-wrong', 'invalid-strategy')).toEqual([
      'apps/observability/kube-prometheus-stack/app/helmrelease.yaml:112 error Deployment observability/kube-prometheus-stack-grafana: values.grafana.deploymentStrategy.type: Recreate in chart kube-prometheus-stack 83.5.0 leaves the rollingUpdate of the chart beside it, and the API server refuses the pair; add rollingUpdate: null beside type: Recreate, which takes it away',
    ]);
    expect([...saidOf('24a-wrong', 'rwo-rolling-update'), ...saidOf('24b-wrong', 'rwo-rolling-update')]).toEqual([]);
  });

  test('28a to 28d dependencies taken away, as a comment or without a trace', () => {
    expect(['28a', '28b', '28c', '28d'].flatMap((id) => saidOfChange(id, 'dependency-removed'))).toEqual([
      'apps/storage/rook-ceph-cluster/ks.yaml:19 info Kustomization storage/rook-ceph-cluster: no longer depends on storage/volsync (the entry is now a comment), which is still there, though no file shows what it uses of it; put it back, or say in the commit why it goes, and until when',
      'apps/storage/rook-ceph-objectstore/ks.yaml:17 warning Kustomization storage/rook-ceph-objectstore: no longer depends on storage/rook-ceph-cluster (the entry is now a comment), and yet uses the CephCluster, for CephObjectStore storage/storage of it; put it back, or say in the commit why it goes, and until when',
      'apps/monitoring/loki/ks.yaml:24 warning Kustomization monitoring/loki: no longer depends on external-secrets/external-secrets (the entry is now a comment), and yet uses Secret monitoring/loki-s3-credentials (nothing else makes it) of it; put it back, or say in the commit why it goes, and until when',
      'apps/monitoring/loki/ks.yaml:26 warning Kustomization monitoring/loki: no longer depends on storage/rook-ceph-cluster (the entry is now a comment), and yet uses StorageClass ceph-block and the S3 gateway rook-ceph-rgw-storage.storage of it; put it back, or say in the commit why it goes, and until when',
      'apps/data-platform/hive-metastore/ks.yaml:20 warning Kustomization data-platform/hive-metastore: no longer depends on storage/rook-ceph-cluster (no trace of it is left), and yet uses StorageClass ceph-block and the S3 gateway rook-ceph-rgw-storage.storage of it; put it back, or say in the commit why it goes, and until when',
    ]);
  });

  test('04a a change that breaks three references which were right', () => {
    expect(saidOfChange('04a', 'reference-broken').map((line) => line.split(',')[0])).toEqual([
      'apps/monitoring/alloy/ks.yaml:22 error Kustomization monitoring/alloy: this change breaks a reference that was right: before it named Kustomization monitoring/loki',
      'apps/monitoring/kube-prometheus-stack/ks.yaml:18 error Kustomization monitoring/kube-prometheus-stack: this change breaks a reference that was right: before it named Kustomization storage/local-path-provisioner',
      'apps/monitoring/loki/ks.yaml:22 error Kustomization monitoring/loki: this change breaks a reference that was right: before it named Kustomization monitoring/kube-prometheus-stack',
    ]);
    expect(saidOfChange('04a', 'dependency-removed')).toEqual([]);
  });

  test('09 the repair takes the pod-security labels of a namespace away with the duplicate', () => {
    expect(saidBetween('label-lost', repositoryOf('09'), repositoryOf('09-after'))).toEqual([
      "components/common/namespace.yaml:4 warning Namespace storage: loses labels pod-security.kubernetes.io/enforce: privileged, pod-security.kubernetes.io/audit: privileged, pod-security.kubernetes.io/warn: privileged and kustomize.toolkit.fluxcd.io/prune: disabled: the cluster's own default is in effect then, and pods that need more (host network, privileged) are refused when they are next made, and Flux deletes it as soon as no file declares it any more; keep them, or say in the commit why they go",
    ]);
  });
});

describe.skipIf(missingData !== '')(`the baseline of anton${missingData}`, () => {
  const anton = missingData === '' ? readRepository(treeOfFolders(['anton'])) : undefined;
  const found = (id: string): readonly Finding[] => {
    const rule = ruleOf(rules, id);
    return inOrder([...rule.check(anton!)].map((draft) => findingOf(rule, draft)));
  };

  test('14 HelmReleases without any resources', () => {
    const none = found('resources-missing').filter(({ key }) => key === 'none');
    expect(none).toHaveLength(14);
  });

  test('one Secret, three passwords of airflow and one of Grafana in plain text', () => {
    expect(
      found('plaintext-secret').map(({ file, line }) => `${file.replace('kubernetes/apps/', '')}:${line}`),
    ).toEqual([
      'airflow/airflow/app/helmrelease.yaml:43',
      'airflow/airflow/app/helmrelease.yaml:71',
      'airflow/airflow/app/helmrelease.yaml:73',
      'database/test-db/app/secret.yaml:9',
      'monitoring/kube-prometheus-stack/app/helmrelease.yaml:37',
    ]);
  });
});
