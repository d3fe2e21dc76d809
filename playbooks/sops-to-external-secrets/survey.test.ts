import { expect, test } from 'vitest';
import { treeWithFiles } from '../../gitops/source/tree-with-files.js';
import { kustomization, runAll, runOne, sopsSecret, textIn, treeOf } from './testing.js';

const app = 'apps/web/app';

test('what an ExternalSecret makes already in part stays, and that one as it is', () => {
  const tree = treeOf({
    [`${app}/secret.sops.yaml`]: [sopsSecret('one', ['a']), sopsSecret('two', ['b'])].join('---\n'),
    [`${app}/mine.yaml`]:
      'apiVersion: external-secrets.io/v1\nkind: ExternalSecret\nmetadata: { name: one }\nspec: { target: { creationPolicy: Merge } }\n',
    [`${app}/own.yaml`]:
      'apiVersion: external-secrets.io/v1\nkind: ExternalSecret\nmetadata: { name: two }\nspec: {}\n',
    [`${app}/kustomization.yaml`]: kustomization('./web.yaml', './secret.sops.yaml', './own.yaml'),
  });
  const run = runOne('store', tree);
  expect(run.notes).toContain(
    `${app}/secret.sops.yaml: is made in part by ${app}/own.yaml; complete that, for each of its Secrets, keys and namespaces`,
  );
  expect(runOne('expand', treeWithFiles(tree, run.files)).files.has(`${app}/own.yaml`)).toBe(false);
});

const own = (spec: string, metadata = '{ name: web-secret }'): Readonly<Record<string, string>> => ({
  [`${app}/own.yaml`]: `apiVersion: external-secrets.io/v1\nkind: ExternalSecret\nmetadata: ${metadata}\nspec: ${spec}\n`,
  [`${app}/kustomization.yaml`]: kustomization('./web.yaml', './secret.sops.yaml', './own.yaml'),
});

test('so does what an ExternalSecret gives some of its keys', () => {
  const { runs, after } = runAll(treeOf(own('{ data: [{ secretKey: user }] }')));
  expect(runs[0]!.notes).toContain(
    `${app}/secret.sops.yaml: is made in part by ${app}/own.yaml; complete that, for each of its Secrets, keys and namespaces`,
  );
  expect(after.paths).toContain(`${app}/secret.sops.yaml`);
  expect(textIn(after, 'flux/root.yaml')).toContain('decryption');
  expect(textIn(after, 'docs/secrets/onepassword.md')).not.toContain('web-secret');
});

test.each(['{ data: [{ secretKey: user }, { secretKey: token }] }', '{ dataFrom: [{ extract: { key: web } }] }'])(
  'what one makes whole goes: %s',
  (spec) => {
    const { after } = runAll(treeOf(own(spec)));
    expect(after.paths.filter((path) => path.startsWith(`${app}/`))).toEqual([
      `${app}/kustomization.yaml`,
      `${app}/own.yaml`,
      `${app}/web.yaml`,
    ]);
  },
);

test.each<readonly [string, Readonly<Record<string, string>>, string]>([
  ['merges into it', own('{ target: { creationPolicy: Merge } }'), `${app}/own.yaml:1`],
  ['makes another Secret', own('{ target: { name: other } }'), `${app}/own.yaml:1`],
  [
    'comes from elsewhere',
    {
      'apps/web/elsewhere.yaml': own('{ target: { name: other } }', '{ name: web-secret, namespace: web }')[
        `${app}/own.yaml`
      ]!,
      'apps/web/kustomization.yaml': `namespace: web\ncomponents:\n  - ../../common\n${kustomization('./ks.yaml', './elsewhere.yaml')}`,
    },
    'apps/web/elsewhere.yaml:1',
  ],
  [
    'is listed beside it for somebody else',
    {
      ...own('{ target: { name: other } }'),
      [`${app}/kustomization.yaml`]: kustomization('./web.yaml', './secret.sops.yaml'),
      'by-hand/kustomization.yaml': `namespace: web\n${kustomization('../apps/web/app/secret.sops.yaml', '../apps/web/app/own.yaml')}`,
    },
    `${app}/own.yaml:1`,
  ],
])('a Secret stays whose ExternalSecret would have the name of one that is there: which %s', (_, more, place) => {
  const { runs, after } = runAll(treeOf(more));
  expect(runs[0]!.notes).toContain(
    `${app}/secret.sops.yaml: would come by an object of the name of ExternalSecret web-secret (${place}); give that one another name`,
  );
  expect(after.paths).toContain(`${app}/secret.sops.yaml`);
  expect(after.paths).not.toContain(`${app}/externalsecret.yaml`);
});

test.each<readonly [string, string]>([
  ['ClusterExternalSecret', 'metadata: { name: cluster-secrets }\nspec: { externalSecretSpec: {} }\n'],
  ['ExternalSecret', 'metadata: { name: cluster-secrets }\nspec: { target: { name: other } }\n'],
])('so does one that many namespaces have: %s', (kind, rest) => {
  const { runs, after } = runAll(
    treeOf({
      [`${app}/own.yaml`]: `apiVersion: external-secrets.io/v1\nkind: ${kind}\n${rest}`,
      [`${app}/kustomization.yaml`]: kustomization('./web.yaml', './secret.sops.yaml', './own.yaml'),
    }),
  );
  expect(runs[0]!.notes).toContain(
    `common/cluster-secrets.sops.yaml: would come by an object of the name of ${kind} cluster-secrets (${app}/own.yaml:1); give that one another name`,
  );
  expect(after.paths).toContain('common/cluster-secrets.sops.yaml');
});
