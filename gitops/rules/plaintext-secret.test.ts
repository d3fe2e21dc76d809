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

const configMap = (text: string): Readonly<Record<string, string>> => ({
  'a.yaml': `apiVersion: v1\nkind: ConfigMap\nmetadata: { name: web, namespace: app }\ndata:\n  file: |\n${text.replaceAll(/^(?=.)/gm, '    ')}`,
});

test.each([
  ['a private key', '-----BEGIN RSA PRIVATE KEY-----\nMIIhunter2\n-----END RSA PRIVATE KEY-----\n', 'a private key in'],
  ['a setting', 'password=hunter2\n', 'secrets in plain text (password)'],
  ['settings of a section', '[db]\nhost = db\nPASSWORD = "hunter2"\napi_key = hunter2\n', '(PASSWORD and api_key)'],
  ['YAML', 'db:\n  host: db\n  password: hunter2\n', 'secrets in plain text (password)'],
])('a text that holds %s', (_, text, what) => {
  const [found] = findingsOf(plaintextSecret, configMap(text));
  expect([found?.at, found?.subject]).toEqual(['a.yaml:5:3', 'ConfigMap app/web']);
  expect(found?.message).toContain('data.file holds ');
  expect(found?.message).toContain(what);
  expect(found?.message).not.toContain('hunter2');
});

test.each([
  ['a private key that is put in', '-----BEGIN PRIVATE KEY-----\n${KEY}\n-----END PRIVATE KEY-----\n'],
  ['a pattern', 'pattern: |\n  -----BEGIN PRIVATE KEY-----[^-]*\n'],
  ['placeholders', 'password=${PASSWORD}\ntoken=$(TOKEN)\nsecret_key=<yours>\napi_key=\n'],
  ['a program', 'import os\npassword = os.environ["PASSWORD"]\ntoken = read("token")\n'],
  ['a reference, in YAML', 'env:\n  - name: db\n    secretKey: password\n'],
  ['one line that is no setting', 'rate(tokens[5m]) > 1\n'],
  ['what SOPS encrypted', 'password: ENC[AES256_GCM,data:x]\ntoken: x\n'],
])('silent: a text that holds %s', (_, text) => {
  expect(places(configMap(text))).toEqual([]);
});

test('a private key among the values of a release, on one line too', () => {
  const key = '-----BEGIN PRIVATE KEY-----\\nMIIhunter2\\n-----END PRIVATE KEY-----';
  expect(places(values(`tls:\n  key: "${key}"\n`))).toEqual([
    'apps/release.yaml:18:7 spec.values.tls.key holds a private key in plain text',
  ]);
});

test('an argument is a key with a value', () => {
  const pod = `apiVersion: v1
kind: Pod
metadata: { name: web, namespace: app }
spec:
  containers:
    - name: web
      args: [--user=app, --password=hunter2, --token=$(TOKEN), "--api-key=<yours>", --secret-key=, -pwd=changeme]
`;
  expect(places({ 'a.yaml': pod })).toEqual([
    'a.yaml:7:26 spec.containers.0.args.1 is a secret in plain text',
    'a.yaml:7:100 spec.containers.0.args.5 is a secret in plain text, if only a placeholder, which is what the program gets',
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

const generated = (files: Readonly<Record<string, string>>, entries: string): readonly string[] =>
  places({
    'apps/kustomization.yaml': `secretGenerator:\n  - name: db\n    ${entries}\n`,
    ...Object.fromEntries(Object.entries(files).map(([name, text]) => [`apps/${name}`, text])),
  });

test('an environment file of a secretGenerator: every line is a secret', () => {
  const env = '# of the database\nUSER=\n\nPASSWORD=hunter2\nexport NAME="x"\nOTHER=${OTHER}\n';
  expect(
    findingsOf(plaintextSecret, {
      'apps/kustomization.yaml': 'secretGenerator:\n  - name: db\n    envs: [db.env]\n',
      'apps/db.env': env,
    }),
  ).toEqual([
    {
      at: 'apps/db.env:4:1',
      subject: 'Secret db of apps',
      message:
        "is made of apps/db.env, which is in plain text (PASSWORD and NAME); take it from a file that SOPS encrypted, or let an ExternalSecret make the Secret, and change it, since the repository's history keeps the old one",
    },
  ]);
});

test.each([
  ['config.ini', '[db]\nhost = db\n; password = old\npassword = hunter2\n', '4:1', ' (password)'],
  ['pw.yaml', 'db:\n  user: app\n  password: "hunter2"\n', '3:1', ' (password)'],
  ['config.json', '{\n  "apiKey": "hunter2",\n  "host": "db"\n}\n', '2:1', ' (apiKey)'],
  ['settings.toml', 'url = "postgres://me:hunter2@db"\n', '1:1', ' (url)'],
  ['tls.key', '-----BEGIN RSA PRIVATE KEY-----\nMII=\n-----END RSA PRIVATE KEY-----\n', '1:1', ''],
  ['password', 'hunter2\n', '1:1', ''],
])('a file of a secretGenerator: %s', (name, text, place, keys) => {
  expect(generated({ [name]: text }, `files: [x=${name}]`)).toEqual([
    `apps/${name}:${place} is made of apps/${name}, which is in plain text${keys}`,
  ]);
});

test.each([
  ['SOPS, as an environment file', 'PASSWORD=ENC[AES256_GCM,data:x,type:str]\nsops_version=3.9.0\n'],
  ['SOPS, as YAML', 'password: ENC[AES256_GCM,data:x,type:str]\nuser: app\nsops:\n  mac: ENC[x]\n'],
  ['SOPS, as a file of any kind', '{"data": "ENC[AES256_GCM,data:x]", "sops": {"version": "3.9.0"}}\n'],
  ['age', '-----BEGIN AGE ENCRYPTED FILE-----\nYWdl\n-----END AGE ENCRYPTED FILE-----\n'],
  ['variables', 'PASSWORD=${PASSWORD}\ntoken={{ .token }}\n'],
  ['gaps to be filled in', 'PASSWORD=<password>\nTOKEN=\nAPI_KEY= # yours\n'],
  ['nothing', '\n'],
])('silent: a file of a secretGenerator that is %s', (_, text) => {
  expect(generated({ 'db.env': text }, 'envs: [db.env]')).toEqual([]);
  expect(generated({ 'db.env': text }, 'files: [db.env]')).toEqual([]);
});

test.each([
  ['configuration without secrets', 'log:\n  level: debug\npassword_file: /run/password\n'],
  ['no text', '\0\x01password=x\n'],
  ['a certificate', '-----BEGIN CERTIFICATE-----\nMII=\n-----END CERTIFICATE-----\n'],
])('silent: a file of a secretGenerator that is %s', (_, text) => {
  expect(generated({ file: text }, 'files: [file]')).toEqual([]);
});

test('values for a HelmRelease are judged once, as such', () => {
  const files = cluster({
    'apps/kustomization.yaml': `namespace: default
resources: [release.yaml]
secretGenerator:
  - { name: values, files: [values.yaml], options: { disableNameSuffixHash: true } }
  - { name: other, files: [token.txt] }
`,
    'apps/release.yaml': release('grafana', '9.2.9', '').replace(
      '  values:\n',
      '  valuesFrom: [{ kind: Secret, name: values }, { kind: Secret, name: hidden }]\n',
    ),
    'apps/values.yaml': 'admin:\n  password: x\n',
    'apps/token.txt': 'hunter2\n',
  });
  expect(findingsOf(plaintextSecret, files).map(({ at, subject }) => `${at} ${subject}`)).toEqual([
    'apps/token.txt:1:1 Secret other of apps',
    'apps/values.yaml:2:3 HelmRelease default/grafana',
  ]);
});

test('silent: a file that is not there, or of a ConfigMap', () => {
  expect(generated({}, 'files: [gone]')).toEqual([]);
  const files = {
    'apps/kustomization.yaml': 'configMapGenerator:\n  - { name: db, envs: [db.env] }\n',
    'apps/db.env': 'NAME=x\n',
  };
  expect(places(files)).toEqual([]);
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
