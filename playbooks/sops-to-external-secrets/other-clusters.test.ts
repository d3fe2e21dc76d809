import { expect, test } from 'vitest';
import { fluxKustomization } from '../../gitops/model/testing.js';
import { type FileTree, treeOfTexts } from '../../gitops/source/file-tree.js';
import { homelab, kustomization, runAll, sopsSecret, textIn, treeOf } from './testing.js';

type Files = Readonly<Record<string, string>>;

/** Cluster a has the operator and web, b only web; both have what is common. */
function twoClusters(more: Files = {}): FileTree {
  const files: Record<string, string> = {};
  for (const [path, text] of Object.entries(homelab))
    if (path.startsWith('apps/external-secrets'))
      files[`clusters/a/${path}`] = text
        .replaceAll('apps/external', 'clusters/a/apps/external')
        .replaceAll('../../common', '../../../../common');
    else if (path !== 'flux/root.yaml' && path !== 'apps/kustomization.yaml') files[path] = text;
  for (const one of ['a', 'b'])
    files[`clusters/${one}/flux/root.yaml`] = homelab['flux/root.yaml']!.replace('./apps', `./clusters/${one}/apps`);
  files['clusters/a/apps/kustomization.yaml'] = kustomization('./external-secrets', '../../../apps/web');
  files['clusters/b/apps/kustomization.yaml'] = kustomization('../../../apps/web');
  return treeOfTexts({ ...files, ...more });
}

const why =
  'is applied by another cluster of the repository, and only the first is looked at; move it by hand, once each of them has the store';

test('what another cluster applies stays, with the key and decryption', () => {
  const { runs, after } = runAll(twoClusters());
  expect(runs[0]!.notes[0]).toBe(
    `apps/web/app/secret.sops.yaml, common/cluster-secrets.sops.yaml, common/sops-age.sops.yaml: ${why}`,
  );
  expect(runs.flatMap(({ files }) => [...files])).toEqual([]);
  for (const one of ['a', 'b']) expect(textIn(after, `clusters/${one}/flux/root.yaml`)).toContain('decryption');
});

test('what the first cluster alone applies moves; what only another has keeps decryption', () => {
  const { runs, after } = runAll(
    twoClusters({
      'clusters/a/apps/kustomization.yaml': kustomization('./external-secrets', './own', '../../../apps/web'),
      'clusters/a/apps/own/kustomization.yaml': kustomization('./ks.yaml'),
      'clusters/a/apps/own/ks.yaml': fluxKustomization('own', 'clusters/a/apps/own/app', '  targetNamespace: own\n'),
      'clusters/a/apps/own/app/kustomization.yaml': kustomization('./secret.sops.yaml'),
      'clusters/a/apps/own/app/secret.sops.yaml': sopsSecret('own-secret', ['token']),
      'clusters/b/apps/kustomization.yaml': kustomization('./ks.yaml'),
      'clusters/b/apps/ks.yaml': fluxKustomization('own', 'clusters/b/own', '  targetNamespace: own\n'),
      'clusters/b/own/kustomization.yaml': kustomization('./secret.sops.yaml'),
      'clusters/b/own/secret.sops.yaml': sopsSecret('own-secret', ['token']),
    }),
  );
  expect(runs[0]!.notes).toContain(`clusters/b/own/secret.sops.yaml: ${why}`);
  expect(runs[2]!.notes).toContain('decryption stays, for clusters/b/own/secret.sops.yaml');
  expect(after.paths).toContain('clusters/a/apps/own/app/externalsecret.yaml');
  expect(after.paths).not.toContain('clusters/a/apps/own/app/secret.sops.yaml');
  expect(after.paths).toContain('clusters/b/own/secret.sops.yaml');
});

test('a Kustomization that both have would wait for a store on both: its Secrets stay', () => {
  const root = (one: string): string =>
    fluxKustomization('root', `clusters/${one}/apps`, `  postBuild:\n    substitute: { CLUSTER: ${one} }\n`);
  const { runs } = runAll(
    twoClusters({
      'clusters/a/flux/root.yaml': root('a'),
      'clusters/b/flux/root.yaml': root('b'),
      'apps/web/ks.yaml': fluxKustomization('web', 'clusters/${CLUSTER}/web', '  targetNamespace: web\n'),
      'clusters/a/web/kustomization.yaml': kustomization('./secret.sops.yaml'),
      'clusters/a/web/secret.sops.yaml': sopsSecret('web-secret', ['token']),
      'clusters/b/web/kustomization.yaml': kustomization('./secret.sops.yaml'),
      'clusters/b/web/secret.sops.yaml': sopsSecret('web-secret', ['token']),
    }),
  );
  expect(runs[0]!.notes.find((note) => note.includes('clusters/a/web/secret.sops.yaml'))).toContain(why);
});

test('a Kustomization that both have goes on reading its variables: another cluster may use them', () => {
  const root = (one: string): string =>
    fluxKustomization('root', `clusters/${one}/apps`, `  postBuild:\n    substitute: { CLUSTER: ${one} }\n`);
  const network = fluxKustomization(
    'network',
    'clusters/${CLUSTER}/network',
    '  postBuild:\n    substituteFrom:\n      - { kind: Secret, name: own-variables }\n',
  );
  const release = (domain: string): string => `apiVersion: helm.toolkit.fluxcd.io/v2
kind: HelmRelease
metadata: { name: cilium }
spec:
  interval: 1h
  chart:
    spec: { chart: cilium, version: 1.17.4, sourceRef: { kind: HelmRepository, name: cilium, namespace: flux-system } }
  values: { domain: "${domain}" }
`;
  const more: Record<string, string> = {
    'apps/network/kustomization.yaml': 'namespace: kube-system\nresources:\n  - ./ks.yaml\n',
    'apps/network/ks.yaml': network,
  };
  for (const [one, domain] of [
    ['a', 'plain'],
    ['b', '${DOMAIN}'],
  ] as const) {
    more[`clusters/${one}/flux/root.yaml`] = root(one);
    more[`clusters/${one}/network/kustomization.yaml`] = kustomization('./release.yaml');
    more[`clusters/${one}/network/release.yaml`] = release(domain);
    more[`clusters/${one}/variables/kustomization.yaml`] =
      `namespace: kube-system\n${kustomization('./own.sops.yaml')}`;
    more[`clusters/${one}/variables/own.sops.yaml`] = sopsSecret('own-variables', ['DOMAIN']);
    more[`clusters/${one}/apps/kustomization.yaml`] = kustomization(
      ...(one === 'a' ? ['./external-secrets'] : []),
      '../variables',
      '../../../apps/network',
    );
  }
  const { runs, after } = runAll(twoClusters(more));
  expect(runs[0]!.notes.find((note) => note.startsWith('clusters/a/variables/'))).toContain(
    'cannot come through the store: Kustomization kube-system/network needs it',
  );
  expect(textIn(after, 'apps/network/ks.yaml')).toBe(network);
});

test.each([
  ['itself', { 'apps/web/ks.yaml': `${homelab['apps/web/ks.yaml']!}  kubeConfig: { secretRef: { name: other } }\n` }],
  [
    'by its parent',
    {
      'apps/kustomization.yaml': kustomization('./external-secrets', './there.yaml'),
      'apps/there.yaml': fluxKustomization('there', 'apps/web', '  kubeConfig: { configMapRef: { name: other } }\n'),
    },
  ],
])('what a Kustomization applies to another cluster stays: %s', (_, more) => {
  const { runs, after } = runAll(treeOf(more));
  expect(runs[0]!.notes.find((note) => note.includes('apps/web/app/secret.sops.yaml'))).toMatch(
    /: is applied to another cluster \(kubeConfig of Kustomization .*\), where nothing says that the store is there; move it by hand$/,
  );
  expect(after.paths).toContain('apps/web/app/secret.sops.yaml');
  expect(textIn(after, 'flux/root.yaml')).toContain('decryption');
});

test('an operator that runs in another cluster makes no Secret in this one', () => {
  const ks = homelab['apps/external-secrets/operator/ks.yaml']!;
  const { runs } = runAll(
    treeOf({ 'apps/external-secrets/operator/ks.yaml': `${ks}  kubeConfig: { secretRef: { name: other } }\n` }),
  );
  expect(runs[0]!.notes).toContain(
    'apps/web/app/secret.sops.yaml, common/cluster-secrets.sops.yaml, common/sops-age.sops.yaml: no HelmRelease of the chart external-secrets is applied; bring the operator first',
  );
  expect(runs.flatMap(({ files }) => [...files.keys()])).toEqual([]);
});
