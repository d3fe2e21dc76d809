import { expect, test } from 'vitest';
import { plaintextSecret } from './plaintext-secret.js';
import { findingsOf } from './testing.js';
import { cluster, release } from './testing-cluster.js';

const secret = (fields: string): string =>
  `apiVersion: v1\nkind: Secret\nmetadata: { name: db, namespace: app }\n${fields}`;
const values = (text: string): Readonly<Record<string, string>> => ({
  'apps/release.yaml': release('airflow', '1.16.0', text),
});
const places = (files: Readonly<Record<string, string>>): readonly string[] =>
  findingsOf(plaintextSecret, files).map(({ at, message }) => `${at} ${message.split(';')[0]}`);

test('a Secret with data is one finding, reached by Flux or not', () => {
  expect(findingsOf(plaintextSecret, { 'a.yaml': secret('stringData:\n  user: app\n  password: "x"\n') })).toEqual([
    {
      at: 'a.yaml:5:3',
      subject: 'Secret app/db',
      message:
        "stands in the repository in plain text (stringData.user and stringData.password); encrypt it with SOPS, or let an ExternalSecret make it, and change it, since the repository's history keeps the old one",
    },
  ]);
});

test('a value whose key names a secret, a placeholder too', () => {
  expect(
    places(cluster(values('data:\n  metadataConnection: { user: airflow, pass: changeme }\n  apiKey: 12\n'))),
  ).toEqual([
    'apps/release.yaml:18:44 spec.values.data.metadataConnection.pass is a secret in plain text, if only a placeholder, which is what the program gets',
    'apps/release.yaml:19:7 spec.values.data.apiKey is a secret in plain text',
  ]);
});

test('the name of an environment variable is its key, and a URL may hold a password', () => {
  const env =
    'env:\n  - name: DB_PASSWORD\n    value: x\n  - { name: URL, value: "postgres://me:x@db" }\nGITHUB_TOKEN: x\nargs: ["--db=redis://:x@db"]\n';
  expect(places(values(env))).toEqual([
    'apps/release.yaml:19:9 spec.values.env.0.value is a secret in plain text',
    'apps/release.yaml:20:22 spec.values.env.1.value is a secret in plain text',
    'apps/release.yaml:21:5 spec.values.GITHUB_TOKEN is a secret in plain text',
    'apps/release.yaml:22:12 spec.values.args.0 is a secret in plain text',
  ]);
});

test('a values file of a generator', () => {
  const files = cluster({
    'apps/kustomization.yaml': `namespace: default
resources: [release.yaml]
configMapGenerator:
  - name: values
    files: [values.yaml]
    options: { disableNameSuffixHash: true }
`,
    'apps/release.yaml': release('grafana', '9.2.9', '').replace(
      '  values:\n',
      '  valuesFrom: [{ kind: ConfigMap, name: values }]\n',
    ),
    'apps/values.yaml': 'admin:\n  password: x\n',
  });
  expect(findingsOf(plaintextSecret, files).map(({ at, subject }) => `${at} ${subject}`)).toEqual([
    'apps/values.yaml:2:3 HelmRelease default/grafana',
  ]);
});

test('literals of a secretGenerator', () => {
  const files = {
    'apps/kustomization.yaml': 'secretGenerator:\n  - name: db\n    literals: [password=x, "other=${VAR}"]\n',
  };
  expect(places(files)).toEqual(['apps/kustomization.yaml:3:16 has password as a literal in plain text']);
});

test.each([
  ['encrypted', secret('data: { password: "ENC[AES256_GCM,data:x]" }\nsops: { mac: x }\n')],
  ['only variables', secret('stringData: { password: "${DB_PASSWORD}" }\n')],
  ['to be filled in', secret('stringData: { password: changeme }\n').replace('name: db', 'name: <app>-db')],
  ['empty', secret('stringData: { password: "" }\n')],
  ['without data', secret('type: kubernetes.io/service-account-token\n')],
  [
    'an ExternalSecret',
    'apiVersion: external-secrets.io/v1\nkind: ExternalSecret\nspec: { target: { template: { data: { password: x } } } }\n',
  ],
])('silent: a Secret that is %s', (_, text) => {
  expect(places({ 'a.yaml': text })).toEqual([]);
});

test.each([
  'existingSecret: db',
  'existingSecretAdminPassword: db-admin',
  'password: <password>',
  'adminPasswordKey: admin-password',
  'passwordFile: /run/password',
  'PASSWORD__FILE: x',
  'auth: { secretName: db, secretKey: password }',
  'password: ${PASSWORD}',
  'password: "{{ .Values.x }}"',
  'password: $__file{/etc/x}',
  'token: op://vault/item/field',
  'automountServiceAccountToken: false',
  'API_KEY: ""',
  'requireToken: "true"',
  'url: "postgres://${USER}:${PASS}@db"',
  'url: "http://db:5432"',
  'keyboard: { secretKeyRef: { name: x, key: password } }',
  'github: { configSecret: runner }',
])('silent: %s', (line) => {
  expect(places(values(`${line}\n`))).toEqual([]);
});
