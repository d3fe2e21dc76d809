import { describe, expect, test } from 'vitest';
import { runRules } from '../../gitops/lint/run-rules.js';
import { fluxKustomization } from '../../gitops/model/testing.js';
import { readRepository } from '../../gitops/model/read-repository.js';
import { rules } from '../../gitops/rules/registry.js';
import type { FileTree } from '../../gitops/source/file-tree.js';
import { renderPlaybookPlan } from '../render-plan.js';
import { treeWithFiles } from '../../gitops/source/tree-with-files.js';
import { sopsToExternalSecrets } from './playbook.js';
import { homelab, kustomization, runAll, runOne, sopsSecret, textIn, treeOf } from './testing.js';

const stores = 'apps/external-secrets/secret-stores';

describe('store', () => {
  const after = (given?: unknown, more?: Readonly<Record<string, string | null>>): FileTree => {
    const tree = treeOf(more);
    return treeWithFiles(tree, runOne('store', tree, given).files);
  };

  test('in a Kustomization of its own, behind the operator and Connect', () => {
    const tree = after();
    expect(textIn(tree, `${stores}/ks.yaml`)).toBe(`---
apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata:
  name: secret-stores
  namespace: external-secrets
spec:
  dependsOn:
    - name: external-secrets
      namespace: external-secrets
    - name: connect
      namespace: external-secrets
  interval: 5m
  path: ./${stores}/app
  prune: false
  retryInterval: 2m
  sourceRef:
    kind: GitRepository
    name: flux-system
    namespace: flux-system
  timeout: 10m
  wait: true
`);
    expect(textIn(tree, `${stores}/app/clustersecretstore.yaml`)).toContain(`    onepassword:
      connectHost: http://onepassword-connect.external-secrets.svc.cluster.local:8080
      vaults:
        homelab: 1
`);
    expect(textIn(tree, 'apps/external-secrets/kustomization.yaml')).toMatch(
      /connect\/ks.yaml\n {2}- .\/secret-stores\/ks.yaml\n$/,
    );
  });

  test('its health is asked where Flux can ask', () => {
    const instance =
      'apiVersion: fluxcd.controlplane.io/v1\nkind: FluxInstance\nmetadata: { name: flux, namespace: flux-system }\nspec: { distribution: { version: 2.6.1 } }\n';
    const tree = after(
      {},
      {
        'apps/web/app/instance.yaml': instance,
        'apps/web/app/kustomization.yaml': kustomization('./web.yaml', './secret.sops.yaml', './instance.yaml'),
      },
    );
    expect(textIn(tree, `${stores}/ks.yaml`)).toMatch(/kind: ClusterSecretStore\n {6}current: .*exists/);
    expect(textIn(tree, `${stores}/ks.yaml`)).toContain('deletionPolicy: Orphan');
  });

  test('through a service account, where there is no Connect or where the plan says so', () => {
    const sdk = /onepasswordSDK:\n {6}vault: anton\n/;
    const given = { vault: 'anton' };
    const withoutConnect = {
      'apps/external-secrets/kustomization.yaml': `namespace: external-secrets\ncomponents:\n  - ../../common\n${kustomization('./operator/ks.yaml')}`,
    };
    expect(textIn(after(given, withoutConnect), `${stores}/app/clustersecretstore.yaml`)).toMatch(sdk);
    const asked = after({ ...given, provider: 'onepasswordSDK' });
    expect(textIn(asked, `${stores}/app/clustersecretstore.yaml`)).toMatch(sdk);
    expect(textIn(asked, `${stores}/ks.yaml`)).not.toContain('name: connect');
    const { after: done } = runAll(treeOf(), { ...given, provider: 'onepasswordSDK' });
    expect(textIn(done, 'apps/web/app/externalsecret.yaml')).toContain('remoteRef:\n        key: web-secret/token\n');
  });

  test('not where there is one, and not without an operator', () => {
    const { after: done } = runAll(treeOf());
    const again = treeWithFiles(
      done,
      new Map([
        ['apps/web/app/more.sops.yaml', sopsSecret('more', ['key'])],
        ['apps/web/app/kustomization.yaml', kustomization('./web.yaml', './more.sops.yaml')],
      ]),
    );
    expect([...runOne('store', again).files.keys()].toSorted()).toEqual([
      'docs/secrets/onepassword.md',
      'docs/secrets/sops-inventory.md',
    ]);
    const bare = treeOf({ 'apps/kustomization.yaml': kustomization('./web') });
    const { runs } = runAll(bare);
    expect(runs.flatMap(({ files }) => [...files])).toEqual([]);
    expect(runs[0]!.notes.join('\n')).toContain('no HelmRelease of the chart external-secrets is applied');
  });
});

describe('expand', () => {
  const tree = treeOf();
  const stored = treeWithFiles(tree, runOne('store', tree).files);
  const run = runOne('expand', stored);
  const expanded = treeWithFiles(stored, run.files);

  test('an ExternalSecret in the same place, which takes the Secret over', () => {
    expect(textIn(expanded, 'apps/web/app/externalsecret.yaml')).toBe(`---
apiVersion: external-secrets.io/v1
kind: ExternalSecret
metadata:
  name: web-secret
spec:
  refreshInterval: 24h
  secretStoreRef:
    kind: ClusterSecretStore
    name: onepassword
  target:
    name: web-secret
    creationPolicy: Orphan
    deletionPolicy: Retain
  data:
    - secretKey: token
      remoteRef:
        key: web-secret
        property: token
    - secretKey: user
      remoteRef:
        key: web-secret
        property: user
`);
    expect(textIn(expanded, 'apps/web/ks.yaml')).toContain(
      'dependsOn:\n    - name: secret-stores\n      namespace: external-secrets\n',
    );
  });

  test('the encrypted file stays as it is; a patch has Flux keep its Secret', () => {
    expect(run.files.has('apps/web/app/secret.sops.yaml')).toBe(false);
    expect(textIn(expanded, 'apps/web/app/kustomization.yaml')).toBe(`kind: Kustomization
resources:
  - ./web.yaml
  - ./secret.sops.yaml
  - ./externalsecret.yaml
patches:
  - target:
      kind: Secret
      name: web-secret
    patch: |
      apiVersion: v1
      kind: Secret
      metadata:
        name: web-secret
        annotations:
          kustomize.toolkit.fluxcd.io/prune: disabled
`);
    const kept = readRepository(expanded).flux.objects.filter(
      ({ id, composed }) => id.kind === 'Secret' && JSON.stringify(composed.value).includes('"disabled"'),
    );
    expect(kept.map(({ id }) => `${id.namespace}/${id.name}`).toSorted()).toEqual([
      'external-secrets/cluster-secrets',
      'external-secrets/sops-age',
      'web/cluster-secrets',
      'web/sops-age',
      'web/web-secret',
    ]);
  });

  test('a Secret of a component comes by one ClusterExternalSecret, in the namespaces that had it', () => {
    const text = textIn(expanded, `${stores}/app/cluster-secrets.yaml`);
    expect(text).toContain('kind: ClusterExternalSecret');
    expect(text).toContain('values:\n            - external-secrets\n            - web\n');
    expect(text).toContain('creationPolicy: Orphan');
    expect(textIn(expanded, `${stores}/app/kustomization.yaml`)).toContain('- ./cluster-secrets.yaml');
  });

  test('or in all that there are and will be', () => {
    const { after } = runAll(tree, { shared: 'everywhere' });
    expect(textIn(after, `${stores}/app/cluster-secrets.yaml`)).toContain('operator: NotIn');
    expect(errorsOf(after)).toEqual(errorsOf(tree));
  });

  test('no new error', () => {
    expect(errorsOf(expanded)).toEqual(errorsOf(tree));
  });

  test('type, labels, annotations and namespace of the Secret stay', () => {
    const metadata = `  namespace: web
  labels: { app: web }
  annotations: { reload: "true" }
type: kubernetes.io/basic-auth
`;
    const { after } = runAll(
      treeOf({ 'apps/web/app/secret.sops.yaml': sopsSecret('web-secret', ['token'], { metadata }) }),
    );
    expect(textIn(after, 'apps/web/app/externalsecret.yaml')).toContain(`    template:
      type: kubernetes.io/basic-auth
      metadata:
        labels:
          app: web
        annotations:
          reload: "true"
`);
    expect(textIn(after, 'apps/web/app/externalsecret.yaml')).toContain('name: web-secret\n  namespace: web\n');
  });

  test('two Secrets of one file, and another name where the file is taken', () => {
    const { after } = runAll(
      treeOf({
        'apps/web/app/secret.sops.yaml': [sopsSecret('one', ['a']), sopsSecret('two', ['b'])].join('---\n'),
        'apps/web/app/externalsecret.yaml': 'apiVersion: v1\nkind: ConfigMap\nmetadata: { name: other }\n',
      }),
    );
    const text = textIn(after, 'apps/web/app/one.externalsecret.yaml');
    expect(text.match(/^ {2}name: .*/gm)).toEqual(['  name: one', '  name: two']);
    expect(textIn(after, 'apps/web/app/kustomization.yaml')).toBe(
      kustomization('./web.yaml', './one.externalsecret.yaml'),
    );
  });

  test('a last line without a line break is left without one', () => {
    const open = `${kustomization('./secret.sops.yaml')}  - ./web.yaml`;
    const { runs, after } = runAll(treeOf({ 'apps/web/app/kustomization.yaml': open }));
    expect(runs[1]!.files.get('apps/web/app/kustomization.yaml')).toMatch(/^kind: Kustomization\npatches:\n/);
    expect(textIn(after, 'apps/web/app/kustomization.yaml')).toBe(
      `${kustomization('./externalsecret.yaml')}  - ./web.yaml`,
    );
  });

  test('does nothing before the store has landed', () => {
    expect(runOne('expand', tree).steps).toEqual([]);
  });
});

describe('contract', () => {
  const { runs, after } = runAll(treeOf());

  test('nothing encrypted but what is exempt, nothing that decrypts, no rule for what is gone', () => {
    expect(readRepository(after).encrypted.map(({ file }) => file.path)).toEqual(['talos/talsecret.sops.yaml']);
    expect(textIn(after, 'flux/root.yaml')).toBe(fluxKustomization('root', 'apps'));
    expect(textIn(after, 'apps/web/app/kustomization.yaml')).toBe(kustomization('./web.yaml', './externalsecret.yaml'));
    expect(textIn(after, 'common/kustomization.yaml')).toBe('kind: Component\nresources:\n  - ./namespace.yaml\n');
    expect(textIn(after, '.sops.yaml')).toBe('creation_rules:\n  - path_regex: talos/.*\n    age: age1\n');
    expect(errorsOf(after)).toEqual(errorsOf(treeOf()));
  });

  test('a second run changes nothing', () => {
    expect(runAll(after).runs.flatMap(({ files }) => [...files])).toEqual([]);
  });

  test('waits for what is not expanded, with the key and decryption', () => {
    const { files, notes } = runOne('contract', treeOf());
    expect([...files]).toEqual([]);
    expect(notes).toContain('decryption stays, for apps/web/app/secret.sops.yaml, common/cluster-secrets.sops.yaml');
  });

  test('the key and decryption stay for an exempt file that Flux applies', () => {
    const { runs: some, after: left } = runAll(treeOf(), {
      exempt: [
        { files: 'talos/**', reason: 'Talos' },
        { files: 'apps/web/**', reason: 'until the new vault' },
      ],
    });
    expect(some[0]!.notes).toContain('apps/web/app/secret.sops.yaml: exempt, until the new vault');
    expect(some[2]!.notes).toContain('decryption stays, for apps/web/app/secret.sops.yaml');
    expect(left.paths).toContain('common/sops-age.sops.yaml');
    expect(left.paths).not.toContain('common/cluster-secrets.sops.yaml');
    expect(textIn(left, 'flux/root.yaml')).toContain('decryption');
    expect(textIn(left, 'docs/secrets/sops-inventory.md')).toContain('| exempt: until the new vault |');
  });

  test('a kustomization that is left with nothing goes from wherever it is listed', () => {
    const { after: done } = runAll(
      treeOf({
        'common/kustomization.yaml': `kind: Component\nresources:\n  - ./namespace.yaml\n  - ./cluster-secrets.sops.yaml\n  - ./sops\n`,
        'common/sops-age.sops.yaml': null,
        'common/sops/key.sops.yaml': sopsSecret('sops-age', ['age.agekey']),
        'common/sops/kustomization.yaml': kustomization('./key.sops.yaml'),
      }),
    );
    expect(done.paths.filter((path) => path.startsWith('common/'))).toEqual([
      'common/kustomization.yaml',
      'common/namespace.yaml',
    ]);
    expect(textIn(done, 'common/kustomization.yaml')).toBe('kind: Component\nresources:\n  - ./namespace.yaml\n');
  });

  test('of a patch that does more than decrypt the rest stays', () => {
    const patch = (text: string): string =>
      fluxKustomization(
        'root',
        'apps',
        `  patches:\n    - patch: |\n${text.replaceAll(/^/gm, '        ')}\n      target: { kind: Kustomization }\n`,
      );
    const decrypting = (rest: string): FileTree => runAll(treeOf({ 'flux/root.yaml': patch(rest) })).after;
    expect(
      textIn(
        decrypting(
          'kind: Kustomization\nmetadata: { name: any }\nspec:\n  timeout: 5m\n  decryption:\n    provider: sops\n    secretRef: { name: sops-age }',
        ),
        'flux/root.yaml',
      ),
    ).toBe(patch('kind: Kustomization\nmetadata: { name: any }\nspec:\n  timeout: 5m'));
    expect(
      textIn(
        decrypting(
          '- op: add\n  path: /spec/decryption\n  value: { provider: sops, secretRef: { name: sops-age } }\n- op: add\n  path: /spec/timeout\n  value: 5m',
        ),
        'flux/root.yaml',
      ),
    ).toBe(patch('- op: add\n  path: /spec/timeout\n  value: 5m'));
  });

  test('what else speaks of SOPS is a note', () => {
    const { runs: noted } = runAll(treeOf({ 'README.md': 'Secrets: `sops apps/web`.\n' }));
    expect(noted[2]!.notes).toContain('still speak of SOPS, see whether they should: README.md');
  });

  test('no encrypted text in any file, step or note', () => {
    const told = [renderPlaybookPlan(sopsToExternalSecrets, runs), ...runs.flatMap(({ files }) => [...files.values()])];
    expect(told.filter((text) => text !== null && /ENC\[|hidden|age1(?!\n)/.test(text))).toEqual([]);
  });
});

describe('left, with the reason', () => {
  const why = (more: Readonly<Record<string, string | null>>): string => {
    const { notes, files } = runOne('store', treeOf(more));
    expect([...files.keys()]).toContain(`${stores}/ks.yaml`);
    return notes.filter((note) => note.startsWith('apps/web/')).join('\n');
  };
  const secret = (text: string) => ({ 'apps/web/app/secret.sops.yaml': text });

  test.each<readonly [string, string, string]>([
    ['another kind', sopsSecret('web', ['a']).replace('kind: Secret', 'kind: ConfigMap'), 'holds a ConfigMap'],
    ['annotations encrypted too', sopsSecret('web', ['a'], { regex: '^(data|annotations)$' }), 'names of annotations'],
    ['a rule that nobody reads', sopsSecret('web', ['a'], { regex: '"(?<"' }), 'names of annotations'],
    ['labels encrypted', sopsSecret('web', ['a'], { metadata: '  labels: { a: "ENC[x]" }\n' }), 'more than its values'],
    ['a template of its own', sopsSecret('web', ['a'], { metadata: '  labels: { a: "{{ x }}" }\n' }), 'for a template'],
    ['a variable as its name', sopsSecret('${APP}', ['a']), 'another name'],
    ['no keys', sopsSecret('web', []), 'has no keys'],
    ['immutable', sopsSecret('web', ['a'], { metadata: 'immutable: true\n' }), 'is immutable'],
    ['beside something in clear', `${sopsSecret('web', ['a'])}---\na: b\n`, 'no Secret of Kubernetes'],
  ])('%s', (_, text, reason) => {
    expect(why(secret(text))).toContain(reason);
  });

  test('a generator of encrypted files, a folder without a kustomization, what nothing applies', () => {
    expect(
      why({
        'apps/web/app/kustomization.yaml': `${kustomization('./web.yaml', './secret.sops.yaml')}secretGenerator:\n  - name: env\n    envs: [web.sops.env]\n`,
        'apps/web/app/web.sops.env': 'A=ENC[x]\n',
      }),
    ).toContain('apps/web/app/web.sops.env: is encrypted for the generator of Secret env');
    expect(why({ 'apps/web/ks.yaml': fluxKustomization('web', 'apps/web/app') })).toContain('without a namespace');
    expect(why({ 'apps/web/app/kustomization.yaml': null })).toContain('listed by no kustomization.yaml');
    expect(why({ 'apps/web/app/kustomization.yaml': kustomization('./web.yaml') })).toContain(
      'applied by no Kustomization',
    );
  });
});

test('the pages: every item and its fields, what is exempt and why, and rows of runs before', () => {
  const tree = treeOf();
  const { after } = runAll(tree);
  const inventory = textIn(after, 'docs/secrets/sops-inventory.md');
  expect(inventory).toContain('| apps/web/app/secret.sops.yaml | web-secret | apps/web/app/externalsecret.yaml |\n');
  expect(inventory).toContain('| talos/talsecret.sops.yaml | - | exempt: Talos reads it before there is a cluster |\n');
  const guide = textIn(after, 'docs/secrets/onepassword.md');
  expect(guide).toContain('| web-secret | token, user | web/web-secret | apps/web/app/externalsecret.yaml |\n');
  expect(guide).toContain('move web web-secret web-secret\n');
  const again = treeWithFiles(
    after,
    new Map([
      ['apps/web/app/more.sops.yaml', sopsSecret('more', ['key'])],
      ['apps/web/app/kustomization.yaml', kustomization('./web.yaml', './externalsecret.yaml', './more.sops.yaml')],
    ]),
  );
  const later = runAll(again).after;
  for (const row of ['| more | key |', '| web-secret | token, user |'])
    expect(textIn(later, 'docs/secrets/onepassword.md')).toContain(row);
  expect(textIn(later, 'docs/secrets/sops-inventory.md').match(/^\| .*sops\.yaml /gm)).toHaveLength(5);
});

function errorsOf(tree: FileTree): readonly string[] {
  return runRules(rules, readRepository(tree))
    .filter(({ severity }) => severity === 'error')
    .map(({ rule, subject, message }) => `${rule} ${subject}: ${message}`);
}

test.each([
  ['operator', 'Kustomization external-secrets/external-secrets is suspended'],
  ['connect', 'Kustomization external-secrets/connect is suspended'],
])('nothing is made to wait for what is suspended: %s', (folder, why) => {
  const path = `apps/external-secrets/${folder}/ks.yaml`;
  const { runs, after } = runAll(treeOf({ [path]: `${homelab[path]!}  suspend: true\n` }));
  expect(runs[0]!.notes.join('\n')).toContain(`: ${why}, and what waits for the store with it; resume that first`);
  expect(textIn(after, 'apps/web/ks.yaml')).toBe(homelab['apps/web/ks.yaml']);
  expect(after.paths).toContain('apps/web/app/secret.sops.yaml');
});

test('nor where the store came before it was suspended', () => {
  const { files } = runOne('store', treeOf());
  const [path] = [...files.keys()].filter((one) => one.endsWith('secret-stores/ks.yaml'));
  const suspended = files.get(path!)!.replace('  path:', '  suspend: true\n  path:');
  const landed = treeWithFiles(treeWithFiles(treeOf(), files), new Map([[path!, suspended]]));
  expect(suspended).toContain('suspend: true');
  expect([...runOne('expand', landed).files.keys()]).toEqual([]);
});
