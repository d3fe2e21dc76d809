/** Rook Ceph Deployment: operator, cluster, pools, storage classes, and how volumes get there. */
import { Repository } from '../../checks/lib/repository.mjs';
import { toValue } from '../../checks/lib/yaml.mjs';
import { place, register } from '../lib/apps.mjs';

export default function deployCeph() {
  const repository = new Repository();
  place('3.1', { NODES: devices(repository), ORDER: migrationOrder(repository) });
  register('rook-ceph', 'rook-ceph-operator', 'rook');
  register('rook-ceph', 'rook-ceph-cluster');
  register('kube-system', 'snapshot-controller');
  return {
    summary: 'Ceph in three replicas for block, file and object storage; nothing has moved to it yet.',
    notes: [
      '**Needed from a person before this lands:** the names of the disks. They are placeholders: a repository does not know serial numbers.',
      'reclaimPolicy and parameters of a StorageClass cannot be changed later; local-path stays the default class for now.',
      'There is no undo but a quarantine: deleting a CephCluster cannot be taken back.',
    ],
  };
}

/** One disk per node, by an id that survives a reboot. */
function devices(repository) {
  const path = repository.files('talos').find((name) => name.endsWith('talconfig.yaml'));
  const nodes = path
    ? toValue(repository.yaml(path).documents[0].root).nodes.map(({ hostname }) => hostname)
    : ['k8s-1', 'k8s-2', 'k8s-3'];
  return nodes
    .flatMap((node) => [
      `- name: ${node}`,
      '  devices:',
      `    - name: /dev/disk/by-id/nvme-SERIAL-OF-${node.toUpperCase()}`,
    ])
    .join('\n');
}

/** What uses local volumes now: caches and test instances first, monitoring last. */
function migrationOrder(repository) {
  const usesVolumes = ({ path }) =>
    /local-path|storage:\n|persistence:/.test(repository.text(path)) && !path.includes('/rook-ceph/');
  const users = [
    ...repository.helmReleases(),
    ...repository.ofKind('Cluster', 'postgresql.cnpg.io'),
    ...repository.ofKind('Dragonfly'),
  ]
    .filter(usesVolumes)
    .map(({ path, name }) => `${path.split('/')[2]}/${name}`);
  const weight = (user) =>
    ['media', 'database', 'monitoring'].findIndex((namespace) => user.startsWith(`${namespace}/`));
  return users
    .sort((a, b) => weight(a) - weight(b) || a.localeCompare(b))
    .map((user, index) => `${index + 1}. ${user}`)
    .join('\n');
}
