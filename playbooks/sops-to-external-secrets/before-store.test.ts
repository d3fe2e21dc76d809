import { expect, test } from 'vitest';
import { runRules } from '../../gitops/lint/run-rules.js';
import { fluxKustomization } from '../../gitops/model/testing.js';
import { readRepository } from '../../gitops/model/read-repository.js';
import { secretCycle } from '../../gitops/rules/secret-cycle.js';
import type { FileTree } from '../../gitops/source/file-tree.js';
import { homelab, kustomization, runAll, sopsSecret, textIn, treeOf } from './testing.js';

/** Network that comes before the store: its release has the value, its Kustomization what is given of a spec. */
const early = (value: string, spec: string): Readonly<Record<string, string>> => ({
  'apps/kustomization.yaml': kustomization('./external-secrets', './web', './network'),
  'apps/network/kustomization.yaml': `namespace: kube-system\ncomponents:\n  - ../../common\n${kustomization('./ks.yaml')}`,
  'apps/network/ks.yaml': fluxKustomization('cilium', 'apps/network/app', spec),
  'apps/network/app/kustomization.yaml': kustomization('./release.yaml'),
  'apps/network/app/release.yaml': `apiVersion: helm.toolkit.fluxcd.io/v2
kind: HelmRelease
metadata: { name: cilium }
spec:
  interval: 1h
  chart:
    spec: { chart: cilium, version: 1.17.4, sourceRef: { kind: HelmRepository, name: cilium, namespace: flux-system } }
  values: { domain: "${value}" }
`,
});
const variables = '  postBuild:\n    substituteFrom:\n      - { kind: Secret, name: cluster-secrets }\n';

test('reads no variables of a Secret of the store, where it uses none', () => {
  const { after } = runAll(treeOf(early('example', variables)));
  expect(textIn(after, 'apps/network/ks.yaml')).toBe(fluxKustomization('cilium', 'apps/network/app'));
  expect(cyclesOf(after)).toEqual([]);
});

test('keeps its Secret encrypted, where it does', () => {
  const { runs, after } = runAll(treeOf(early('x.${DOMAIN}', variables)));
  expect(runs[0]!.notes).toContain(
    'common/cluster-secrets.sops.yaml: cannot come through the store: Kustomization kube-system/cilium needs it before the store can run',
  );
  expect(after.paths).toContain('common/cluster-secrets.sops.yaml');
  expect(after.paths).not.toContain('apps/web/app/secret.sops.yaml');
  expect(textIn(after, 'flux/root.yaml')).toContain('decryption');
});

test('the secret that opens the store is none of it', () => {
  const { runs } = runAll(
    treeOf({
      'apps/external-secrets/connect/app/kustomization.yaml': kustomization('./release.yaml', './op.sops.yaml'),
      'apps/external-secrets/connect/app/op.sops.yaml': sopsSecret('op-credentials', ['token']),
    }),
  );
  expect(runs[0]!.notes.join('\n')).toMatch(
    /connect\/app\/op\.sops\.yaml: cannot come through the store: HelmRelease external-secrets\/onepassword-connect needs it/,
  );
});

const merge = `kind: Kustomization
metadata: { name: any }
spec:
  postBuild:
    substituteFrom:
      - { kind: Secret, name: cluster-secrets }
`;
const operations =
  '- op: add\n  path: /spec/postBuild\n  value: { substituteFrom: [{ kind: Secret, name: cluster-secrets }] }\n';
const root = (patch: string, selector = ''): string =>
  `${homelab['flux/root.yaml']!}    - target: { kind: Kustomization${selector} }\n      patch: |\n${patch.replaceAll(/^(?=.)/gm, '        ')}`;
const needed = (who: string): string =>
  `common/cluster-secrets.sops.yaml: cannot come through the store: Kustomization ${who} needs it before the store can run`;

test.each<readonly [string, Readonly<Record<string, string>>, string]>([
  [
    'a merge patch of the parent',
    { ...early('example', ''), 'flux/root.yaml': root(merge) },
    'external-secrets/external-secrets',
  ],
  [
    'JSON 6902 of the parent',
    { ...early('example', ''), 'flux/root.yaml': root(operations) },
    'external-secrets/external-secrets',
  ],
  [
    'a patch in a file',
    {
      ...early('example', ''),
      'apps/kustomization.yaml': `${early('', '')['apps/kustomization.yaml']!}patches:\n  - path: reads.yaml\n    target: { kind: Kustomization }\n`,
      'apps/reads.yaml': merge,
    },
    'external-secrets/external-secrets',
  ],
])('variables that a patch has many read stay, and so does their Secret: %s', (_, more, who) => {
  const tree = treeOf(more);
  const { runs, after } = runAll(tree);
  expect(runs[0]!.notes).toContain(needed(who));
  expect(runs.flatMap(({ steps }) => steps).filter(({ what }) => what.includes('reads no variables'))).toEqual([]);
  expect(textIn(after, 'common/cluster-secrets.sops.yaml')).toBe(textIn(tree, 'common/cluster-secrets.sops.yaml'));
  for (const path of ['flux/root.yaml', 'apps/reads.yaml']) expect(textIn(after, path)).toBe(textIn(tree, path));
  expect(after.paths).not.toContain('apps/web/app/secret.sops.yaml');
  expect(cyclesOf(after)).toEqual([]);
});

test('the new Kustomization of the store is one of those that a patch has read them', () => {
  const labelled = (path: string): string =>
    homelab[path]!.replace('metadata:\n', 'metadata:\n  labels: { variables: disabled }\n');
  const { after } = runAll(
    treeOf({
      'flux/root.yaml': root(merge, ', labelSelector: variables notin (disabled)'),
      ...Object.fromEntries(
        ['operator', 'connect'].map((one) => {
          const path = `apps/external-secrets/${one}/ks.yaml`;
          return [path, labelled(path)];
        }),
      ),
    }),
  );
  expect(after.paths).toContain('common/cluster-secrets.sops.yaml');
  expect(cyclesOf(after)).toEqual([]);
});

function cyclesOf(tree: FileTree): readonly string[] {
  return runRules([secretCycle], readRepository(tree)).map(({ subject, message }) => `${subject}: ${message}`);
}
