import { expect, test } from 'vitest';
import { readRepository } from '../../gitops/model/read-repository.js';
import { kustomization, runAll, sopsSecret, textIn, treeOf } from './testing.js';

const app = 'apps/web/app';

test('two encrypted files of one folder get a file each', () => {
  const tree = treeOf({
    [`${app}/secret.yaml`]: sopsSecret('other', ['x']),
    [`${app}/kustomization.yaml`]: kustomization('./web.yaml', './secret.sops.yaml', './secret.yaml'),
  });
  const { after } = runAll(tree);
  expect(textIn(after, `${app}/externalsecret.yaml`)).toContain('name: web-secret\n');
  expect(textIn(after, `${app}/other.externalsecret.yaml`)).toContain('name: other\n');
  expect(textIn(after, `${app}/kustomization.yaml`)).toBe(
    kustomization('./web.yaml', './externalsecret.yaml', './other.externalsecret.yaml'),
  );
  expect(readRepository(after).flux.kustomizations.flatMap(({ build }) => build?.problems ?? [])).toEqual([]);
  expect(runAll(after).runs.flatMap(({ files }) => [...files])).toEqual([]);
});

test('nobody else’s file is written over, whatever it is called', () => {
  const other = (name: string): string => `apiVersion: v1\nkind: ConfigMap\nmetadata: { name: ${name} }\n`;
  const more = {
    [`${app}/externalsecret.yaml`]: other('one'),
    [`${app}/web-secret.externalsecret.yaml`]: other('two'),
  };
  const { after } = runAll(treeOf(more));
  for (const [path, text] of Object.entries(more)) expect(textIn(after, path)).toBe(text);
  expect(textIn(after, `${app}/web-secret-2.externalsecret.yaml`)).toContain('kind: ExternalSecret');
});

test('nor a file of the store', () => {
  const folder = 'apps/external-secrets/secret-stores/app';
  const { after } = runAll(
    treeOf({
      'common/kustomization.yaml': `kind: Component\nresources:\n  - ./namespace.yaml\n  - ./cluster.sops.yaml\n`,
      'common/cluster.sops.yaml': sopsSecret('clustersecretstore', ['DOMAIN']),
    }),
  );
  expect(textIn(after, `${folder}/clustersecretstore.yaml`)).toContain('kind: ClusterSecretStore\n');
  expect(textIn(after, `${folder}/clustersecretstore.externalsecret.yaml`)).toContain('kind: ClusterExternalSecret\n');
});
