/** The objects that take a Secret's place, as YAML. */
import { stringify } from 'yaml';
import { nonEmpty } from '../../gitops/manifests/fields.js';
import { metadataOf, type SopsSecret } from './encrypted-file.js';
import type { Parameters } from './parameters.js';
import type { Store } from './store.js';
import type { Move } from './survey.js';

export function externalSecrets({ secrets, form }: Move, store: Store, parameters: Parameters): string {
  return yamlFile(
    secrets.map((secret) => (form === 'shared' ? shared(secret, store, parameters) : own(secret, store, parameters))),
  );
}

/** One document each. */
export function yamlFile(documents: readonly object[]): string {
  return documents.map((document) => `---\n${stringify(document, { lineWidth: 0 })}`).join('');
}

function own(secret: SopsSecret, store: Store, parameters: Parameters): object {
  const { namespace } = secret.manifest.id;
  return {
    apiVersion: store.apiVersion,
    kind: 'ExternalSecret',
    metadata: { name: secret.name, ...(namespace !== '' && { namespace }) },
    spec: specOf(secret, store, parameters),
  };
}

/** Nothing of anybody's runs in these. */
const ofKubernetes = ['kube-node-lease', 'kube-public'];

/** One for all namespaces. */
function shared(secret: SopsSecret, store: Store, parameters: Parameters): object {
  return {
    apiVersion: store.apiVersion,
    kind: 'ClusterExternalSecret',
    metadata: { name: secret.name },
    spec: {
      externalSecretName: secret.name,
      namespaceSelectors: [
        {
          matchExpressions: [
            {
              key: 'kubernetes.io/metadata.name',
              ...(parameters.shared === 'everywhere'
                ? { operator: 'NotIn', values: ofKubernetes }
                : { operator: 'In', values: secret.namespaces }),
            },
          ],
        },
      ],
      refreshTime: '1h',
      externalSecretSpec: specOf(secret, store, parameters),
    },
  };
}

function specOf({ name, keys, item, manifest }: SopsSecret, store: Store, { refreshInterval }: Parameters): object {
  const type = nonEmpty(manifest.value['type']);
  const labels = metadataOf(manifest, 'labels');
  const annotations = metadataOf(manifest, 'annotations');
  const metadata = {
    ...(Object.keys(labels).length > 0 && { labels }),
    ...(Object.keys(annotations).length > 0 && { annotations }),
  };
  const template = {
    ...(type !== undefined && type !== 'Opaque' && { type }),
    ...(Object.keys(metadata).length > 0 && { metadata }),
  };
  return {
    refreshInterval,
    secretStoreRef: { kind: 'ClusterSecretStore', name: store.name },
    target: {
      name,
      // A revert, or an uninstalled operator, is to take no Secret away that is in use.
      creationPolicy: 'Orphan',
      deletionPolicy: 'Retain',
      ...(Object.keys(template).length > 0 && { template }),
    },
    data: keys.map((key) => ({ secretKey: key, remoteRef: remoteRef(store, item, key) })),
  };
}

/** Connect has the field apart; the SDK reads `item/field`. */
function remoteRef({ provider }: Store, item: string, field: string): object {
  return provider === 'onepassword' ? { key: item, property: field } : { key: `${item}/${field}` };
}
