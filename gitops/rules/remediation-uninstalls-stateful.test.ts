import { expect, test } from 'vitest';
import { remediationUninstallsStateful } from './remediation-uninstalls-stateful.js';
import { findingsOf } from './testing.js';
import { cluster, release } from './testing-cluster.js';

const chart = (name: string, values: string, spec: string) =>
  cluster({ 'apps/a.yaml': release(name, '1.0.0', values).replace('  interval', `${spec}  interval`) });
const uninstall = '  upgrade:\n    remediation:\n      retries: 3\n      strategy: uninstall\n';
const retries = '  install:\n    remediation:\n      retries: 3\n';

test('a failed upgrade deletes the claims that the chart made', () => {
  const values = 'persistence:\n  data:\n    size: 1Gi\n    accessMode: ReadWriteOnce\n';
  expect(findingsOf(remediationUninstallsStateful, chart('app-template', values, uninstall))).toEqual([
    {
      at: 'apps/a.yaml:10:7',
      subject: 'HelmRelease default/app-template',
      message:
        'upgrade.remediation.strategy is uninstall, so that one failed upgrade uninstalls what runs: the claims that it makes are deleted, with their data (values persistence.data); write rollback',
    },
  ]);
});

test.each([
  ['persistence of the chart', 'persistence: { enabled: true, size: 1Gi }\n', 'values persistence'],
  ['deeper', 'server: { persistentVolume: { enabled: true } }\n', 'values server.persistentVolume'],
  ['templates of a StatefulSet', 'volumeClaimTemplates: [{ name: a }]\n', 'it holds data'],
])('state by %s', (_, values, said) => {
  expect(findingsOf(remediationUninstallsStateful, chart('any', values, uninstall))[0]?.message).toContain(said);
});

test('a chart on which the data of others hangs must not be uninstalled by its install either', () => {
  expect(findingsOf(remediationUninstallsStateful, chart('rook-ceph-cluster', 'a: 1\n', retries))).toMatchObject([
    {
      at: 'apps/a.yaml:8:5',
      severity: 'warning',
      message: expect.stringContaining('the CephCluster and whatever pools, file systems and stores it made'),
    },
  ]);
});

test.each([
  ['a first install of others has nothing to lose', 'postgresql', 'a: 1\n', retries],
  ['definitions that come from elsewhere', 'external-secrets', 'installCRDs: false\n', retries],
  ['rollback', 'postgresql', 'a: 1\n', uninstall.replace('uninstall', 'rollback')],
  ['never remedied', 'postgresql', 'a: 1\n', uninstall.replace('retries: 3', 'retries: 0')],
  ['no state', 'grafana', 'persistence: { enabled: false }\n', uninstall],
  ['claims made elsewhere', 'app-template', 'persistence: { data: { existingClaim: data } }\n', uninstall],
  ['claims that stay', 'app-template', 'persistence: { data: { size: 1Gi, retain: true } }\n', uninstall],
  ['volumes that are none', 'app-template', 'persistence: { tmp: { type: emptyDir, size: 1Gi } }\n', uninstall],
])('silent: %s', (_, name, values, spec) => {
  expect(findingsOf(remediationUninstallsStateful, chart(name, values, spec))).toEqual([]);
});
