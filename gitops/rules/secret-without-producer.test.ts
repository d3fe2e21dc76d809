import { expect, test } from 'vitest';
import { secretWithoutProducer } from './secret-without-producer.js';
import { findingsOf } from './testing.js';
import { cluster, kustomization, release } from './testing-cluster.js';

type Files = Readonly<Record<string, string>>;

const deployment = (env: string, name = 'web'): string => `apiVersion: apps/v1
kind: Deployment
metadata: { name: ${name}, namespace: default }
spec:
  template:
    spec:
      containers:
        - name: web
          envFrom: [${env}]
`;
const needs = deployment('{ secretRef: { name: db } }');
const seen = (files: Files, spec = ''): readonly string[] =>
  findingsOf(secretWithoutProducer, cluster(files, spec)).map(
    ({ subject, severity = 'error' }) => `${severity}: ${subject}`,
  );

test('says who needs it, and what could make it', () => {
  expect(findingsOf(secretWithoutProducer, cluster({ 'apps/a.yaml': needs }))).toEqual([
    {
      at: 'apps/a.yaml:9:36',
      subject: 'Secret default/db',
      message:
        'is named by spec.template.spec.containers.0.envFrom.0.secretRef.name of Deployment default/web; no Secret, SOPS file, ExternalSecret target, operator or chart makes it; let one make it, or, where it is made by hand, accept this with that reason',
      related: [],
    },
  ]);
});

test('needed in several places it is said once', () => {
  const files = cluster({ 'apps/a.yaml': needs, 'apps/b.yaml': deployment('{ secretRef: { name: db } }', 'other') });
  expect(
    findingsOf(secretWithoutProducer, files).map(({ message, related }) => [message.split(';')[0], related]),
  ).toEqual([
    [
      'is named by spec.template.spec.containers.0.envFrom.0.secretRef.name of Deployment default/web and 1 other',
      ['apps/b.yaml:9:36 is needed here too'],
    ],
  ]);
});

test('one that is nearly spelt so is named', () => {
  const credentials = deployment('{ secretRef: { name: credential } }');
  const secret =
    'apiVersion: v1\nkind: Secret\nmetadata: { name: credentials, namespace: default }\nstringData: { a: "ENC[x]" }\nsops: { mac: x }\n';
  expect(
    findingsOf(secretWithoutProducer, cluster({ 'apps/a.yaml': credentials, 'apps/b.yaml': secret }))[0]?.message,
  ).toContain('makes it (there is default/credentials)');
});

test('a value of a chart is a guess, and roots of trust are put in by hand', () => {
  expect(
    seen({ 'apps/a.yaml': release('velero', '11.4.0', 'credentials: { existingSecret: velero-credentials }\n') }),
  ).toEqual(['warning: Secret default/velero-credentials']);
  expect(seen({ 'apps/a.yaml': '' }, '  decryption: { provider: sops, secretRef: { name: sops-age } }\n')).toEqual([
    'info: Secret flux-system/sops-age',
  ]);
});

test('a key for decryption that other namespaces have is missing in this one', () => {
  const files = {
    'apps/age.yaml':
      'apiVersion: v1\nkind: Secret\nmetadata: { name: sops-age, namespace: default }\nstringData: { a: "ENC[x]" }\nsops: { mac: x }\n',
    'other.yaml': kustomization(
      'other',
      './other',
      '  decryption: { provider: sops, secretRef: { name: sops-age } }\n',
      'media',
    ),
    'other/a.yaml': 'apiVersion: v1\nkind: ConfigMap\nmetadata: { name: a, namespace: media }\n',
  };
  expect(seen(files)).toEqual(['error: Secret media/sops-age']);
});

test('a component that several namespaces include is one finding', () => {
  const files = {
    'apps/kustomization.yaml': 'resources: [one, two]\n',
    'apps/one/kustomization.yaml': 'namespace: one\ncomponents: [../../common]\n',
    'apps/two/kustomization.yaml': 'namespace: two\ncomponents: [../../common]\n',
    'common/kustomization.yaml': 'apiVersion: kustomize.config.k8s.io/v1alpha1\nkind: Component\nresources: [a.yaml]\n',
    'common/a.yaml': needs,
  };
  expect(seen(files)).toEqual(['error: Secret db (in 2 namespaces)']);
});

test('a generator makes it under a name that this field is not given', () => {
  const files = {
    'apps/kustomization.yaml':
      'namespace: default\nresources: [a.yaml]\nsecretGenerator: [{ name: db, literals: [a=b] }]\n',
    'apps/a.yaml':
      'apiVersion: postgresql.cnpg.io/v1\nkind: Cluster\nmetadata: { name: pg }\nspec: { bootstrap: { initdb: { secret: { name: db } } } }\n',
  };
  expect(findingsOf(secretWithoutProducer, cluster(files))[0]?.message).toContain(
    'set disableNameSuffixHash: true for the generator',
  );
});

test.each([
  ['what the chart makes itself', { 'apps/a.yaml': release('vpa', '4.7.1', 'secretName: vpa-webhook-certs\n') }],
  ['optional', { 'apps/a.yaml': deployment('{ secretRef: { name: db, optional: true } }') }],
  ['a variable in its name', { 'apps/a.yaml': deployment('{ secretRef: { name: "${DB}" } }') }],
  [
    'an ExternalSecret',
    {
      'apps/a.yaml': needs,
      'apps/b.yaml':
        'apiVersion: external-secrets.io/v1\nkind: ExternalSecret\nmetadata: { name: x, namespace: default }\nspec: { target: { name: db } }\n',
    },
  ],
  [
    'an operator',
    {
      'apps/a.yaml': deployment('{ secretRef: { name: pg-app } }'),
      'apps/b.yaml':
        'apiVersion: postgresql.cnpg.io/v1\nkind: Cluster\nmetadata: { name: pg, namespace: default }\nspec: {}\n',
    },
  ],
  [
    'a template that is applied by hand',
    {
      'apps/a.yaml': needs,
      'bootstrap/secrets.yaml.j2':
        '{% x %}\n---\napiVersion: v1\nkind: Secret\nmetadata:\n  name: db\n  namespace: default\n',
    },
  ],
  [
    'a command of a task',
    {
      'apps/a.yaml': needs,
      'Taskfile.yaml':
        'tasks:\n  x:\n    - cat key | kubectl create secret generic db --from-file=a=/dev/stdin -n default\n',
    },
  ],
  [
    'a command of a script',
    { 'apps/a.yaml': needs, 'up.sh': 'kubectl --namespace=default create secret generic db --from-literal=a=b\n' },
  ],
])('silent: %s', (_, files: Files) => {
  expect(seen(files)).toEqual([]);
});

test('chart connect makes its Secrets only of values that are given; what a vault is opened with is put in by hand', () => {
  const connect = (values: string): Files => ({ 'apps/a.yaml': release('connect', '1.17.0', values) });
  expect(seen(connect('connect: { credentialsName: connect-credentials }\n'))).toEqual([
    'info: Secret default/connect-credentials',
  ]);
  expect(seen(connect('connect: { create: false }\noperator: { create: true, token: { name: t } }\n'))).toEqual([
    'error: Secret default/t',
  ]);
  expect(seen(connect('connect: { credentials: x }\n'))).toEqual([]);
  expect(seen(connect('connect: { create: false }\n'))).toEqual([]);
});

test('a name that only the chart has is called its default, since no search would find it', () => {
  const said = (values: string) =>
    findingsOf(secretWithoutProducer, cluster({ 'apps/a.yaml': release('connect', '1.17.0', values) }))[0]?.message;
  expect(said('a: 1\n')).toMatch(/^is named by the default of values\.connect\.credentialsName of HelmRelease /);
  expect(said('connect: { credentialsName: mine }\n')).toMatch(/^is named by values\.connect\.credentialsName of /);
});

test('a command that makes it elsewhere, or that is a comment, makes none here', () => {
  const files = {
    'apps/a.yaml': needs,
    'Taskfile.yaml':
      'tasks:\n  # kubectl -n default create secret generic db\n  x: kubectl -n other create secret generic db\n',
  };
  expect(seen(files)).toEqual(['error: Secret default/db']);
});

test('a template that is not in the tree may make it: only a warning, which says so', () => {
  const files = {
    'apps/a.yaml': needs,
    'Taskfile.yaml': 'tasks:\n  bootstrap: op inject --in-file {{.BOOTSTRAP_DIR}}/secrets.yaml.tpl\n',
  };
  const [finding] = findingsOf(secretWithoutProducer, cluster(files));
  expect([finding?.severity, finding?.message]).toEqual([
    'warning',
    expect.stringContaining('this is so unless secrets.yaml.tpl, which is not here, makes it'),
  ]);
});
