/** Objects that an operator or Kubernetes makes for another object, by name: CloudNativePG, Rook, cert-manager and others. */
import { type Fields, fieldOf, fieldsOf, itemsOf, nonEmpty, valueAt } from '../manifests/fields.js';
import type { ObjectId } from '../manifests/object-id.js';

export interface OperatorOutput {
  readonly kind: 'Secret' | 'ConfigMap' | 'PersistentVolumeClaim';
  readonly name: string;
  /** Undefined: of the object. */
  readonly namespace?: string;
  readonly keys?: readonly string[];
}

type Outputs = (id: ObjectId, spec: Fields, value: unknown) => readonly OperatorOutput[];

const secret = (name: unknown, keys?: readonly string[]): readonly OperatorOutput[] => {
  const text = nonEmpty(name);
  return text === undefined ? [] : [{ kind: 'Secret', name: text, ...(keys && { keys }) }];
};

const bucketKeys = ['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY'];

const byKind: Readonly<Record<string, Outputs>> = {
  'postgresql.cnpg.io/Cluster': ({ name }, spec) => [
    ...(valueAt(spec, ['bootstrap', 'initdb', 'secret']) === undefined ? secret(`${name}-app`) : []),
    ...(spec['superuserSecret'] === undefined ? secret(`${name}-superuser`) : []),
    ...['ca', 'server', 'replication'].flatMap((suffix) => secret(`${name}-${suffix}`)),
  ],
  'objectbucket.io/ObjectBucketClaim': ({ name }) => [
    ...secret(name, bucketKeys),
    {
      kind: 'ConfigMap',
      name,
      keys: ['BUCKET_HOST', 'BUCKET_PORT', 'BUCKET_NAME', 'BUCKET_REGION', 'BUCKET_SUBREGION'],
    },
  ],
  'ceph.rook.io/CephObjectStoreUser': ({ name }, spec) =>
    secret(`rook-ceph-object-user-${nonEmpty(spec['store']) ?? ''}-${name}`, ['AccessKey', 'SecretKey', 'Endpoint']),
  'ceph.rook.io/CephCluster': () => cephOutputs,
  'cert-manager.io/Certificate': (_, spec) => secret(spec['secretName']),
  'onepassword.com/OnePasswordItem': ({ name }) => secret(name),
  'bitnami.com/SealedSecret': ({ name }, spec) => secret(valueAt(spec, ['template', 'metadata', 'name']) ?? name),
  'secrets.hashicorp.com/VaultStaticSecret': (_, spec) => secret(fieldOf(spec['destination'], 'name')),
  'secrets.hashicorp.com/VaultDynamicSecret': (_, spec) => secret(fieldOf(spec['destination'], 'name')),
  'secrets.infisical.com/InfisicalSecret': (_, spec) => [
    ...secret(valueAt(spec, ['managedSecretReference', 'secretName'])),
    ...itemsOf(spec['managedKubeSecretReferences']).flatMap((item) => secret(fieldOf(item, 'secretName'))),
  ],
  'acid.zalan.do/postgresql': ({ name }, spec) =>
    Object.keys(fieldsOf(spec['users'])).flatMap((user) =>
      secret(`${user}.${name}.credentials.postgresql.acid.zalan.do`),
    ),
  'postgres-operator.crunchydata.com/PostgresCluster': ({ name }, spec) => [
    ...secret(`${name}-pguser-${name}`),
    ...itemsOf(spec['users']).flatMap((user) => secret(`${name}-pguser-${String(fieldOf(user, 'name'))}`)),
  ],
  'db.movetokube.com/PostgresUser': ({ name }, spec) => secret(`${nonEmpty(spec['secretName']) ?? ''}-${name}`),
  'kafka.strimzi.io/KafkaUser': ({ name }) => secret(name),
  'talos.dev/ServiceAccount': ({ name }) => secret(name),
  'rabbitmq.com/RabbitmqCluster': ({ name }) => secret(`${name}-default-user`),
  'elasticsearch.k8s.elastic.co/Elasticsearch': ({ name }) => secret(`${name}-es-elastic-user`),
  'k8s.mariadb.com/MariaDB': (_, spec) => [
    ...secret(fieldOf(spec['rootPasswordSecretKeyRef'], 'name')),
    ...secret(fieldOf(spec['passwordSecretKeyRef'], 'name')),
  ],
  'volsync.backube/ReplicationDestination': ({ name }, spec) =>
    nonEmpty(valueAt(spec, ['restic', 'destinationPVC'])) === undefined
      ? [{ kind: 'PersistentVolumeClaim', name: `volsync-${name}-dest` }]
      : [],
  'networking.k8s.io/Ingress': (_, spec, value) =>
    hasIssuer(value) ? itemsOf(spec['tls']).flatMap((tls) => secret(fieldOf(tls, 'secretName'))) : [],
  'gateway.networking.k8s.io/Gateway': (_, spec, value) =>
    hasIssuer(value)
      ? itemsOf(spec['listeners']).flatMap((listener) =>
          itemsOf(valueAt(listener, ['tls', 'certificateRefs'])).flatMap((reference) =>
            secret(fieldOf(reference, 'name')),
          ),
        )
      : [],
  'cert-manager.io/Issuer': (_, spec) => secret(valueAt(spec, ['acme', 'privateKeySecretRef', 'name'])),
};

/** What Rook keeps beside a CephCluster. */
export const cephOutputs: readonly OperatorOutput[] = [
  { kind: 'ConfigMap', name: 'rook-ceph-mon-endpoints' },
  ...[
    'rook-ceph-mon',
    'rook-ceph-dashboard-password',
    'rook-csi-rbd-node',
    'rook-csi-rbd-provisioner',
    'rook-csi-cephfs-node',
    'rook-csi-cephfs-provisioner',
  ].flatMap((name) => secret(name)),
];

export function operatorOutputs(id: ObjectId, value: unknown): readonly OperatorOutput[] {
  const key = `${id.group}/${id.kind}`;
  const outputs = Object.hasOwn(byKind, key) ? byKind[key] : undefined;
  return outputs?.(id, fieldsOf(fieldOf(value, 'spec')), value) ?? [];
}

/** cert-manager watches Ingresses and Gateways that name an issuer. */
function hasIssuer(value: unknown): boolean {
  const annotations = Object.keys(fieldsOf(valueAt(value, ['metadata', 'annotations'])));
  return annotations.some((key) => issuerAnnotations.has(key));
}

export const issuerAnnotations: ReadonlySet<string> = new Set([
  'cert-manager.io/issuer',
  'cert-manager.io/cluster-issuer',
  'kubernetes.io/tls-acme',
]);
