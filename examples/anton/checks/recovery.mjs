/** Tasks 6.1 and 6.2: backups, the way back, and scripts for the day when something is wrong. */
import { spawnSync } from 'node:child_process';
import { deployed, objects, there } from './lib/releases.mjs';
import { all, documented, runbooks, runCheck } from './lib/verdict.mjs';

const located = Object.defineProperty(
  (list) => list?.[0]?.bucket === 'velero' && list[0].config?.checksumAlgorithm === '',
  'name',
  { value: 'the bucket velero with checksumAlgorithm ""' },
);

/** Everything is backed up, except for what cannot be restored into itself. */
const excludable = ['rook-ceph', 'velero'];
const schedules = objects('Schedule', 'velero.io', ({ object: { spec } }) => {
  const { includedNamespaces = [], excludedNamespaces = [], ttl } = spec.template;
  return [
    ...(includedNamespaces.includes('*') ? [] : ['does not include every namespace']),
    ...excludedNamespaces.filter((name) => !excludable.includes(name)).map((name) => `leaves out ${name}`),
    ...(ttl ? [] : ['its backups never expire']),
  ];
});

/** A script that the shell can read and whose text has what is asked for. */
function script(path, ...wanted) {
  return (repository) => {
    const text = repository.text(path);
    if (!text) return { passed: '', missing: [`${path}: is missing`] };
    const { status, stderr } = spawnSync('sh', ['-n'], { input: text, encoding: 'utf8' });
    const missing = [
      ...(status === 0 ? [] : [`${path}: ${stderr.trim()}`]),
      ...wanted.filter((word) => !text.includes(word)).map((word) => `${path}: does not look at ${word}`),
    ];
    return { passed: `${path} is readable and looks at ${wanted.join(', ')}`, missing };
  };
}

const forecasts = (repository) => {
  const found = repository
    .ofKind('PrometheusRule')
    .filter(({ object }) => JSON.stringify(object.spec).includes('predict_linear'));
  return {
    passed: `forecasts: ${found.map(({ path }) => path).join(', ')}`,
    missing: found.length ? [] : ['kubernetes/apps/monitoring: no rule looks ahead with predict_linear'],
  };
};

runCheck({
  velero: deployed('velero', {
    'configuration.backupStorageLocation': located,
    'credentials.existingSecret': there,
    deployNodeAgent: true,
    upgradeCRDs: false,
    cleanUpCRDs: false,
  }),
  schedules,
  restore: runbooks('docs/runbooks/restore.md'),
  disaster: all(
    runbooks('docs/runbooks/disaster-recovery.md'),
    documented('docs/runbooks/disaster-recovery.md', 'etcd snapshot'),
  ),
  health: script('scripts/ops/health-check.sh', 'nodes', 'helmreleases', 'pvc', 'cephcluster', 'backups'),
  rollback: all(
    runbooks('docs/runbooks/rollback.md'),
    documented('docs/runbooks/rollback.md', 'git revert', 'flux suspend'),
  ),
  performance: all(
    script('scripts/ops/troubleshoot.sh', 'top pods', 'OOMKilled', 'osd perf'),
    runbooks('docs/runbooks/performance.md'),
  ),
  capacity: all(
    script('scripts/ops/capacity.sh', 'predict_linear'),
    forecasts,
    documented('docs/operations/capacity.md', 'capacity.sh'),
  ),
  runbooks: runbooks(
    'docs/runbooks/restore.md',
    'docs/runbooks/disaster-recovery.md',
    'docs/runbooks/rollback.md',
    'docs/runbooks/performance.md',
  ),
});
