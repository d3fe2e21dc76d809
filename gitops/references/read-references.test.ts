import { describe, expect, test } from 'vitest';
import { type Files, object, withRoot } from '../model/testing.js';

const namespaced = 'namespace: shop\nresources: [a.yaml]\n';
const read = (texts: readonly string[], more: Files = {}) =>
  withRoot({ 'apps/kustomization.yaml': namespaced, 'apps/a.yaml': texts.join('---\n'), ...more }).references;
const produced = (texts: readonly string[], more?: Files) =>
  read(texts, more)
    .producers.filter(({ form, target }) => form !== 'built-in' && target.kind !== 'Kustomization')
    .map(({ form, target: { kind, namespace, name } }) => `${form} ${kind} ${namespace}/${name}`);
/** What is consumed beside namespaces and definitions, and whether it is there. */
const consumed = (texts: readonly string[], more?: Files) => {
  const references = read(texts, more);
  return references.consumers
    .filter(({ target }) => target.kind !== 'Namespace' && target.kind !== 'CustomResourceDefinition')
    .map(
      (consumer) =>
        `${consumer.target.kind} ${consumer.target.namespace}/${consumer.target.name} ${references.resolve(consumer).status}`,
    );
};
const manifest = (apiVersion: string, kind: string, name: string, rest = '') =>
  `apiVersion: ${apiVersion}\nkind: ${kind}\nmetadata: {name: ${name}}\n${rest}`;
const deployment = (spec: string) => object('Deployment', 'web', `spec: {template: {spec: ${spec}}}\n`);
const release = (chart: string, values = '', name = 'app') =>
  object(
    'HelmRelease',
    name,
    `spec:\n  chart: {spec: {chart: ${chart}, sourceRef: {kind: HelmRepository, name: x}}}\n  values:\n    a: 1\n${values}`,
  );

describe('who produces', () => {
  test.each([
    ['a Secret', object('Secret', 'a', 'stringData: {k: v}\n'), 'manifest Secret shop/a'],
    ['an encrypted Secret', object('Secret', 'a', 'stringData: {k: v}\nsops: {mac: x}\n'), 'encrypted Secret shop/a'],
    [
      'an ExternalSecret',
      object('ExternalSecret', 'a', 'spec: {target: {name: b}}\n'),
      'external-secret Secret shop/b',
    ],
    [
      'a Certificate',
      manifest('cert-manager.io/v1', 'Certificate', 'a', 'spec: {secretName: tls}\n'),
      'operator Secret shop/tls',
    ],
    [
      'a PostgreSQL cluster',
      manifest('postgresql.cnpg.io/v1', 'Cluster', 'db', 'spec: {}\n'),
      'operator Secret shop/db-app',
    ],
    ['a bucket claim', manifest('objectbucket.io/v1alpha1', 'ObjectBucketClaim', 'b'), 'operator ConfigMap shop/b'],
    [
      'a Ceph user',
      manifest('ceph.rook.io/v1', 'CephObjectStoreUser', 'me', 'spec: {store: main}\n'),
      'operator Secret shop/rook-ceph-object-user-main-me',
    ],
    [
      'an Ingress with an issuer',
      manifest('networking.k8s.io/v1', 'Ingress', 'a', 'spec: {tls: [{secretName: t}]}\n').replace(
        '{name: a}',
        '{name: a, annotations: {cert-manager.io/cluster-issuer: x}}',
      ),
      'operator Secret shop/t',
    ],
    [
      'a definition',
      manifest('apiextensions.k8s.io/v1', 'CustomResourceDefinition', 'a', 'spec: {group: x.io, names: {kind: Y}}\n'),
      'manifest CustomResourceDefinition /Y.x.io',
    ],
    ['a chart', release('velero'), 'chart CustomResourceDefinition /*.velero.io'],
    [
      'a chart with a switch',
      release('cert-manager', '    crds: {enabled: true}\n'),
      'chart CustomResourceDefinition /*.cert-manager.io',
    ],
    ['a chart with classes', release('rook-ceph-cluster'), 'chart StorageClass /ceph-block'],
    [
      'app-template',
      release('app-template', '    secrets: {key: {stringData: {a: b}}}\n'),
      'chart Secret shop/app-key',
    ],
  ])('%s', (_, text, expected) => expect(produced([text])).toContain(expected));

  test('a ClusterExternalSecret in each namespace that it selects', () => {
    const secret = manifest(
      'external-secrets.io/v1',
      'ClusterExternalSecret',
      'a',
      'spec: {externalSecretName: shared, namespaceSelectors: [{matchLabels: {secrets: "yes"}}], externalSecretSpec: {}}\n',
    );
    const labelled = object('Namespace', 'one', '  labels: {secrets: "yes"}\n');
    const namespaces = { 'flux/more.yaml': '', 'apps/kustomization.yaml': 'resources: [a.yaml]' };
    expect(produced([secret, labelled, object('Namespace', 'two')], namespaces)).toContain(
      'external-secret Secret one/shared',
    );
  });

  test('what only adds to a Secret does not make it', () => {
    const merging = object('ExternalSecret', 'a', 'spec: {target: {creationPolicy: Merge}}\n');
    expect(produced([merging])).not.toContain('external-secret Secret shop/a');
  });

  test('a known remote base, also where a machine configuration installs it', () => {
    const crds = 'https://github.com/kubernetes-csi/external-snapshotter//client/config/crd?ref=v8';
    const expected = 'remote CustomResourceDefinition /*.snapshot.storage.k8s.io';
    expect(
      produced([object('Secret', 'a')], { 'apps/kustomization.yaml': `resources: [a.yaml, "${crds}"]` }),
    ).toContain(expected);
    expect(
      produced([object('Secret', 'a')], { 'talos/machine.yaml.j2': `extraManifests: [{{ x }}]\n- ${crds}\n` }),
    ).toContain(expected);
  });
});

describe('who consumes', () => {
  test('pods, in every way they can', () => {
    const pod = `{
      imagePullSecrets: [{name: pull}],
      volumes: [
        {name: a, secret: {secretName: volume, optional: true}},
        {name: b, configMap: {name: settings}},
        {name: c, persistentVolumeClaim: {claimName: claim}},
        {name: d, projected: {sources: [{secret: {name: projected}}]}}],
      containers: [{
        env: [{name: X, valueFrom: {secretKeyRef: {name: env, key: k}}}, {name: Y, valueFrom: {configMapKeyRef: {name: env, key: k}}}],
        envFrom: [{secretRef: {name: all}}, {configMapRef: {name: all}}]}]}`;
    const references = read([deployment(pod)]);
    const found = references.consumers
      .filter(({ object: { id }, target }) => id.kind === 'Deployment' && target.kind !== 'Namespace')
      .map(
        ({ target, key, isOptional, certainty }) =>
          `${target.kind} ${target.name}${key ? ` ${key}` : ''}${isOptional ? ' optional' : ''} ${certainty}`,
      );
    expect(found).toEqual([
      'Secret pull optional exact',
      'Secret volume optional exact',
      'ConfigMap settings exact',
      'PersistentVolumeClaim claim exact',
      'Secret projected exact',
      'Secret env k exact',
      'ConfigMap env k exact',
      'Secret all exact',
      'ConfigMap all exact',
    ]);
  });

  test('values of charts are guesses, but for app-template, and their place is where they are written', () => {
    const values = '    credentials:\n      existingSecret: velero-credentials\n';
    const [consumer] = read([release('velero', values)]).consumers.filter(({ target }) => target.kind === 'Secret');
    expect(consumer).toMatchObject({
      certainty: 'guess',
      path: ['credentials', 'existingSecret'],
      target: { namespace: 'shop' },
    });
    expect(consumer?.origin.place).toEqual({ file: 'apps/a.yaml', line: 10, column: 7 });
    const app = '    persistence: {config: {existingClaim: "{{ .Release.Name }}"}, key: {type: secret, name: key}}\n';
    const mentions = read([release('app-template', app)]).consumers.filter(({ release: of }) => of);
    expect(mentions.map(({ target, certainty }) => `${target.kind} ${target.name} ${certainty}`)).toEqual([
      'PersistentVolumeClaim app exact',
      'Secret key exact',
    ]);
  });

  test.each([
    [
      object('ExternalSecret', 'a', 'spec: {secretStoreRef: {name: s, kind: ClusterSecretStore}}\n'),
      ['ClusterSecretStore /s missing'],
    ],
    [
      manifest('cert-manager.io/v1', 'Certificate', 'a', 'spec: {secretName: t, issuerRef: {name: i}}\n'),
      ['Issuer shop/i missing'],
    ],
    [
      object(
        'ClusterSecretStore',
        's',
        'spec: {provider: {x: {auth: {secretRef: {tokenSecretRef: {name: t, namespace: n}}}}}}\n',
      ),
      ['Secret n/t missing'],
    ],
    [object('PersistentVolumeClaim', 'c', 'spec: {storageClassName: fast}\n'), ['StorageClass /fast missing']],
    [object('PersistentVolumeClaim', 'c', 'spec: {storageClassName: x, volumeName: v}\n'), []],
    [
      manifest('volsync.backube/v1alpha1', 'ReplicationSource', 'a', 'spec: {sourcePVC: c, restic: {repository: r}}\n'),
      ['PersistentVolumeClaim shop/c missing', 'Secret shop/r missing'],
    ],
    [
      manifest(
        'monitoring.coreos.com/v1alpha1',
        'AlertmanagerConfig',
        'a',
        'spec: {receivers: [{pushover: {token: {name: p, key: k}}}]}\n',
      ),
      ['Secret shop/p missing'],
    ],
    [
      manifest('source.toolkit.fluxcd.io/v1', 'HelmRepository', 'a', 'spec: {secretRef: {name: pull}}\n'),
      ['Secret shop/pull missing'],
    ],
  ])('%# of other APIs', (text, expected) =>
    expect(consumed([text]).filter((line) => !line.startsWith('Kustomization'))).toEqual(expected),
  );

  test('a custom resource needs the definition of its kind', () => {
    const schedule = manifest('velero.io/v1', 'Schedule', 'daily');
    const status = (texts: readonly string[]) => {
      const references = read(texts);
      const consumer = references.consumers.find(({ target }) => target.name === 'Schedule.velero.io');
      return consumer && references.resolve(consumer).status;
    };
    expect(status([schedule])).toBe('missing');
    expect(status([schedule, release('velero')])).toBe('produced');
    expect(status([schedule, release('nobody-knows-this-chart')])).toBe('unknown');
  });
});

describe('what can be told', () => {
  const needs = (name: string) => deployment(`{volumes: [{name: a, secret: {secretName: "${name}"}}]}`);

  test('there, missing, or behind a variable', () => {
    expect(consumed([needs('a'), object('Secret', 'a')])).toEqual(['Secret shop/a produced']);
    expect(consumed([needs('a')])).toEqual(['Secret shop/a missing']);
    expect(consumed([needs('${APP}')])).toEqual(['Secret shop/${APP} unknown']);
  });

  test('a chart of another release may make what is called after it', () => {
    expect(consumed([needs('db-postgresql'), release('postgresql', '', 'db')])).toEqual([
      'Secret shop/db-postgresql unknown',
    ]);
  });

  test('a generated name with a hash is given to fields that kustomize knows, and to no others', () => {
    const generator = { 'apps/kustomization.yaml': `${namespaced}secretGenerator: [{name: a, literals: [k=v]}]\n` };
    expect(consumed([needs('a')], generator)).toEqual(['Secret shop/a produced']);
    const values = '    existingSecret: a\n';
    expect(consumed([release('velero', values)], generator)).toEqual(['Secret shop/a hashed']);
  });

  test('a remote base that nobody knows may bring a Secret of its namespace', () => {
    const remote = {
      'apps/kustomization.yaml': `${namespaced}- https://example.org/all.yaml\n`.replace('[a.yaml]', '\n- a.yaml'),
    };
    const spec = '  targetNamespace: shop\n';
    const repository = withRoot({ ...remote, 'apps/a.yaml': needs('a') }, spec);
    const [consumer] = repository.references.consumers.filter(({ target }) => target.kind === 'Secret');
    expect(consumer && repository.references.resolve(consumer)).toEqual({
      status: 'unknown',
      why: 'https://example.org/all.yaml may bring it',
    });
  });
});
