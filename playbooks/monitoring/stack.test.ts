import { expect, test } from 'vitest';
import { kustomization, release } from '../../gitops/rules/testing-cluster.js';
import { carriedOut } from '../testing.js';
import { monitoring } from './playbook.js';
import { monitored } from './testing.js';

const again = release('kube-prometheus-stack', '72.9.1', 'a: 1\n', 'other', 'edge');

test.each([
  [
    'no chart',
    { 'cluster.yaml': kustomization('cluster', './apps'), 'apps/a.yaml': release('loki', '6.0.0', 'a: 1\n') },
    'no release of kube-prometheus-stack: nothing would load alerts, so none are written; bring the chart first',
  ],
  [
    'two of it',
    monitored(undefined, { 'apps/operator/app/other.yaml': again }),
    'kube-prometheus-stack is released 2 times, as monitoring/kps, edge/other; name one in parameter release',
  ],
  [
    'no Prometheus',
    monitored('prometheus: { enabled: false }\n'),
    'HelmRelease monitoring/kps: has its Prometheus off, so nothing would load alerts, and none are written',
  ],
  [
    'the root itself',
    {
      'cluster.yaml': kustomization('cluster', '.'),
      'stack.yaml': release('kube-prometheus-stack', '72.9.1', 'a: 1\n', 'kps', 'monitoring'),
    },
    'HelmRelease monitoring/kps: is applied by the root itself, on which nothing can wait; give it a Kustomization of its own',
  ],
  [
    'a Kustomization that is suspended',
    monitored(undefined, { 'apps/stack/ks.yaml': kustomization('stack', './apps/stack/app', '  suspend: true\n') }),
    'Kustomization flux-system/stack: is suspended, and kps-config, which has to depend on it, would never start; resume it and run this again',
  ],
  [
    'one that waits for such a one',
    monitored(undefined, {
      'apps/stack/ks.yaml': kustomization('stack', './apps/stack/app', '  dependsOn: [{ name: operator }]\n'),
      'apps/operator/ks.yaml': kustomization('operator', './apps/operator/app', '  suspend: true\n'),
    }),
    'Kustomization flux-system/operator: is suspended, and kps-config, which has to depend on what waits for it, would never start; resume it and run this again',
  ],
  [
    'a folder that is taken',
    monitored(undefined, { 'apps/stack/config/x.yaml': 'a: 1\n' }),
    'apps/stack/config: is there already, and not of kps-config; name another parameter folder',
  ],
])('%s: a note, and no edit', (_, files, note) => {
  const { changes, notes } = carriedOut(monitoring, files);
  expect(changes).toEqual({});
  expect(notes).toEqual([note]);
});

test('of several the one that is named, in a folder that is named', () => {
  const files = monitored(undefined, { 'apps/operator/app/other.yaml': again });
  const { changes } = carriedOut(monitoring, files, { release: 'monitoring/kps', folder: 'monitoring' });
  expect(Object.keys(changes)).toContain('monitoring/alerts.yaml');
  expect(carriedOut(monitoring, files, { release: 'a/b' }).notes[0]).toBe(
    'HelmRelease a/b: is no release of kube-prometheus-stack; name one in parameter release',
  );
});

test('beside others in one Kustomization its folder has its name', () => {
  const files = monitored(undefined, { 'apps/stack/app/loki.yaml': release('loki', '6.0.0', 'a: 1\n') });
  expect(Object.keys(carriedOut(monitoring, files).changes)).toContain('apps/stack/kps-config/alerts.yaml');
});

test('labels are those that its selectors ask for, and the chart’s', () => {
  const values = 'prometheus: { prometheusSpec: { ruleSelector: { matchLabels: { role: alerts } } } }\n';
  const { files, steps } = carriedOut(monitoring, monitored(values));
  expect(files['apps/stack/config/alerts.yaml']).toContain('  labels:\n    release: kps\n    role: alerts\n');
  expect(files['apps/stack/config/podmonitor-flux.yaml']).not.toContain('role');
  expect(steps.join('\n')).not.toContain('ruleSelectorNil');
});

test('a folder that Flux takes whole is no place for it', () => {
  const { 'apps/kustomization.yaml': _, 'apps/stack/app/release.yaml': text, ...rest } = monitored();
  const files = {
    ...rest,
    'stack/app/release.yaml': text!,
    'apps/stack/ks.yaml': kustomization('stack', './stack/app', '  wait: true\n'),
  };
  expect(Object.keys(carriedOut(monitoring, files).changes)).toContain('stack/config/alerts.yaml');
  const { changes, notes } = carriedOut(monitoring, files, { folder: 'apps/stack/config' });
  expect(changes).toEqual({});
  expect(notes).toEqual([
    'apps/stack/config: everything in it is applied by Kustomization flux-system/cluster already; name another parameter folder',
  ]);
  const own = { ...files, 'apps/stack/kustomization.yaml': 'resources: [ks.yaml]\n' };
  expect(Object.keys(carriedOut(monitoring, own, { folder: 'apps/stack/config' }).changes)).toContain(
    'apps/stack/config/alerts.yaml',
  );
});

test('a pause after its first run stops no second one', () => {
  const { files } = carriedOut(monitoring, monitored());
  const paused = {
    ...files,
    'apps/stack/ks.yaml': files['apps/stack/ks.yaml']!.replace('  wait', '  suspend: true\n  wait'),
  };
  expect(carriedOut(monitoring, paused, { suspendedFor: '6h' }).changes).toHaveProperty(
    'apps/stack/config/alerts.yaml',
  );
});
