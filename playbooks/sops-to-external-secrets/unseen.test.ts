import { expect, test } from 'vitest';
import { kustomization, runAll, textIn, treeOf } from './testing.js';

/** What contract says of decryption, with the root and the key as they are afterwards. */
function contracted(more: Readonly<Record<string, string>>, given: unknown = {}) {
  const { runs, after } = runAll(treeOf(more), given);
  return {
    note: runs[2]!.notes.find((text) => text.startsWith('decryption stays')),
    hasKey: after.paths.includes('common/sops-age.sops.yaml'),
    root: textIn(after, 'flux/root.yaml').match(/decryption/g)?.length ?? 0,
    after,
  };
}

const web = (...resources: readonly string[]): string =>
  kustomization('./web.yaml', './secret.sops.yaml', ...resources);

test.each([
  [
    'token.encrypted',
    'files: [token=token.encrypted]',
    '{"data":"ENC[AES256_GCM,data:hidden,type:str]","sops":{"mac":"ENC[AES256_GCM,data:hidden,type:str]"}}\n',
  ],
  ['web.json.encrypted', 'files: [web.json.encrypted]', '{"a": {}, "sops": {"age": []}}\n'],
  ['web.env', 'envs: [web.env]', 'A=hidden\nsops_mac=hidden\n'],
  ['web.ini', 'files: [web.ini]', '[web]\na = hidden\n\n[sops]\nmac = hidden\n'],
])('a file of a generator is told by its content: %s', (name, entry, text) => {
  const path = `apps/web/app/${name}`;
  const more = {
    'apps/web/app/kustomization.yaml': `${web()}secretGenerator:\n  - name: token\n    ${entry}\n`,
    [path]: text,
    '.sops.yaml': `creation_rules:\n  - path_regex: ${name}\n    age: age1\n  - path_regex: .*\n    age: age1\n`,
  };
  expect(contracted(more)).toMatchObject({ note: `decryption stays, for ${path}`, hasKey: true, root: 2 });
  const exempt = [
    { files: path, reason: 'read by hand' },
    { files: 'talos/**', reason: 'Talos' },
  ];
  expect(contracted(more, { exempt }).note).toBe(`decryption stays, for ${path}`);
  expect(textIn(contracted(more).after, '.sops.yaml')).toContain(name);
});

test('so is a resource of any name; what is plain is none', () => {
  const secret = 'apiVersion: v1\nkind: Secret\nmetadata: { name: more }\nsops:\n  mac: hidden\n';
  expect(
    contracted({ 'apps/web/app/kustomization.yaml': web('./more.encrypted'), 'apps/web/app/more.encrypted': secret }),
  ).toMatchObject({ note: 'decryption stays, for apps/web/app/more.encrypted', hasKey: true });
  expect(
    contracted({
      'apps/web/app/kustomization.yaml': `${web()}configMapGenerator:\n  - name: page\n    files: [page.txt]\n`,
      'apps/web/app/page.txt': 'Edit it with sops: see the wiki.\n',
    }),
  ).toMatchObject({ note: undefined, hasKey: false, root: 0 });
});

test('files of another repository', () => {
  const team = `apiVersion: source.toolkit.fluxcd.io/v1
kind: GitRepository
metadata: { name: team, namespace: flux-system }
spec: { interval: 1h, url: https://example.com/team.git }
---
apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata: { name: team, namespace: flux-system }
spec:
  interval: 1h
  path: ./deploy
  prune: true
  sourceRef: { kind: GitRepository, name: team }
  decryption:
    provider: sops
    secretRef: { name: sops-age }
`;
  const { note, hasKey, root, after } = contracted({
    'apps/kustomization.yaml': kustomization('./external-secrets', './web', './team.yaml'),
    'apps/team.yaml': team,
  });
  expect(note).toBe('decryption stays, for Kustomization flux-system/team (its files are elsewhere)');
  expect({ hasKey, root }).toEqual({ hasKey: true, root: 2 });
  expect(textIn(after, 'apps/team.yaml')).toBe(team);
});

test('a remote base, but for those that a person knows', () => {
  const base = 'https://github.com/x/y//deploy?ref=v1';
  const more = { 'apps/web/app/kustomization.yaml': web(base) };
  expect(contracted(more)).toMatchObject({
    note: `decryption stays, for Kustomization web/web (builds ${base})`,
    hasKey: true,
    root: 2,
  });
  expect(contracted(more, { plainBases: ['https://github.com/x/**'] })).toMatchObject({ hasKey: false, root: 0 });
  const published = {
    'apps/web/app/kustomization.yaml': web(
      'https://raw.githubusercontent.com/x/y/v1/crds.yaml',
      'https://github.com/x/y/releases/download/v1.2.3/crds.yaml',
    ),
  };
  expect(contracted(published)).toMatchObject({ note: undefined, hasKey: false, root: 0 });
  expect(contracted(published, { plainBases: [] })).toMatchObject({ hasKey: true, root: 2 });
});

test('a remote base of the sync itself', () => {
  const instance = (patches: string): string => `apiVersion: fluxcd.controlplane.io/v1
kind: FluxInstance
metadata: { name: flux, namespace: flux-system }
spec:
  distribution: { version: 2.6.1 }
  sync: { kind: GitRepository, name: flux-system, path: flux, url: https://example.com/home.git }
${patches}`;
  const patches = `  kustomize:
    patches:
      - target: { kind: Kustomization }
        patch: |
          - op: add
            path: /spec/decryption
            value: { provider: sops, secretRef: { name: sops-age } }
`;
  const more = (text: string) => ({
    'flux/kustomization.yaml': kustomization('./root.yaml', 'https://example.com/x.yaml'),
    'bootstrap/instance.yaml': text,
  });
  expect(contracted(more(instance(patches))).note).toBe(
    'decryption stays, for the sync flux-system (builds https://example.com/x.yaml)',
  );
});
