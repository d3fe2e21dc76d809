/** For tests of the playbook: a small repository with a root, the operator, Connect, and an application with a Secret. */
import { fluxKustomization } from '../../gitops/model/testing.js';
import { type FileTree, treeOfTexts } from '../../gitops/source/file-tree.js';
import { treeWithFiles } from '../../gitops/source/tree-with-files.js';
import { runPlaybook } from '../run-playbook.js';
import { runStage, type StageRun } from '../run-stage.js';
import { sopsToExternalSecrets } from './playbook.js';

type Files = Readonly<Record<string, string>>;

/** The values are none: what is to be secret begins with `ENC[`, and nothing of it may be seen again. */
export function sopsSecret(
  name: string,
  keys: readonly string[],
  { metadata = '', regex = '^(data|stringData)$' } = {},
) {
  return `apiVersion: v1
kind: Secret
metadata:
  name: ${name}
${metadata}stringData:
${keys.map((key) => `  ${key}: ENC[AES256_GCM,data:hidden,type:str]\n`).join('')}sops:
  age:
    - recipient: age1example
      enc: hidden
  mac: ENC[AES256_GCM,data:hidden,type:str]
  encrypted_regex: ${regex}
`;
}

function release(name: string, chart: string, version: string): string {
  return `apiVersion: helm.toolkit.fluxcd.io/v2
kind: HelmRelease
metadata:
  name: ${name}
  namespace: external-secrets
spec:
  interval: 1h
  chart:
    spec:
      chart: ${chart}
      version: ${version}
      sourceRef: { kind: HelmRepository, name: charts, namespace: flux-system }
`;
}

export const kustomization = (...resources: readonly string[]): string =>
  `kind: Kustomization\nresources:\n${resources.map((path) => `  - ${path}\n`).join('')}`;

const decryption = '  decryption:\n    provider: sops\n    secretRef: { name: sops-age }\n';

/** The root decrypts, and has its children decrypt; each namespace gets the shared Secrets by a component. */
export const homelab: Files = {
  'flux/root.yaml': fluxKustomization(
    'root',
    'apps',
    `${decryption}  patches:
    - # children decrypt, too
      patch: |-
        kind: Kustomization
        metadata:
          name: any
        spec:
          decryption:
            provider: sops
            secretRef: { name: sops-age }
      target: { kind: Kustomization }
`,
  ),
  'apps/kustomization.yaml': kustomization('./external-secrets', './web'),
  'apps/external-secrets/kustomization.yaml': `namespace: external-secrets\ncomponents:\n  - ../../common\n${kustomization('./operator/ks.yaml', './connect/ks.yaml')}`,
  'apps/external-secrets/operator/ks.yaml': fluxKustomization('external-secrets', 'apps/external-secrets/operator/app'),
  'apps/external-secrets/operator/app/kustomization.yaml': kustomization('./release.yaml'),
  'apps/external-secrets/operator/app/release.yaml': release('external-secrets', 'external-secrets', '0.17.0'),
  'apps/external-secrets/connect/ks.yaml': fluxKustomization(
    'connect',
    'apps/external-secrets/connect/app',
    '  targetNamespace: external-secrets\n  dependsOn:\n    - name: external-secrets\n',
  ),
  'apps/external-secrets/connect/app/kustomization.yaml': kustomization('./release.yaml'),
  'apps/external-secrets/connect/app/release.yaml': release('onepassword-connect', 'connect', '1.17.0'),
  'apps/web/kustomization.yaml': `namespace: web\ncomponents:\n  - ../../common\n${kustomization('./ks.yaml')}`,
  'apps/web/ks.yaml': fluxKustomization(
    'web',
    'apps/web/app',
    '  targetNamespace: web\n  postBuild:\n    substituteFrom:\n      - { kind: Secret, name: cluster-secrets }\n',
  ),
  'apps/web/app/kustomization.yaml': kustomization('./web.yaml', './secret.sops.yaml'),
  'apps/web/app/web.yaml':
    'apiVersion: v1\nkind: ConfigMap\nmetadata: { name: web }\ndata: { host: "web.${DOMAIN}" }\n',
  'apps/web/app/secret.sops.yaml': sopsSecret('web-secret', ['token', 'user']),
  'common/kustomization.yaml': `kind: Component\nresources:\n  - ./namespace.yaml\n  - ./cluster-secrets.sops.yaml\n  - ./sops-age.sops.yaml\n`,
  'common/namespace.yaml': 'apiVersion: v1\nkind: Namespace\nmetadata: { name: any }\n',
  'common/cluster-secrets.sops.yaml': sopsSecret('cluster-secrets', ['DOMAIN']),
  'common/sops-age.sops.yaml': sopsSecret('sops-age', ['age.agekey']),
  '.sops.yaml':
    'creation_rules:\n  - path_regex: talos/.*\n    age: age1\n  - path_regex: (apps|common)/.*\n    age: age1\n',
  'talos/talsecret.sops.yaml': 'secret: ENC[AES256_GCM,data:hidden,type:str]\nsops: { mac: "ENC[hidden]" }\n',
};

/** With files more, or others; null takes one away. */
export function treeOf(more: Readonly<Record<string, string | null>> = {}): FileTree {
  const files = Object.entries({ ...homelab, ...more }).filter((entry): entry is [string, string] => entry[1] !== null);
  return treeOfTexts(Object.fromEntries(files));
}

export function runAll(
  tree: FileTree,
  given: unknown = {},
): { readonly runs: readonly StageRun[]; readonly after: FileTree } {
  const runs = runPlaybook(sopsToExternalSecrets, tree, sopsToExternalSecrets.parameters.parse(given), undefined);
  return { runs, after: runs.reduce((before, { files }) => treeWithFiles(before, files), tree) };
}

export function runOne(stage: string, tree: FileTree, given: unknown = {}): StageRun {
  return runStage(sopsToExternalSecrets, stage, tree, sopsToExternalSecrets.parameters.parse(given), undefined);
}

export function textIn(tree: FileTree, path: string): string {
  return tree.paths.includes(path) ? Buffer.from(tree.read(path)).toString('utf8') : '';
}
