import { describe, expect, test } from 'vitest';
import { kustomization, release } from '../../gitops/rules/testing-cluster.js';
import { repositoryOf } from '../../gitops/model/testing.js';
import { carriedOut } from '../testing.js';
import { monitoring } from './playbook.js';

type Files = Readonly<Record<string, string>>;

/** Clusters a and b, each with a root of the same name over its own folder; both list these folders of others, too. */
const clustersOf = (shared: readonly string[], a: Files, b: Files = {}): Files => ({
  ...clusterOf('a', shared, a),
  ...clusterOf('b', shared, b),
});
const clusterOf = (name: string, shared: readonly string[], own: Files): Files => ({
  [`clusters/${name}/root.yaml`]: kustomization('flux-system', `./clusters/${name}`),
  [`clusters/${name}/kustomization.yaml`]: `resources: [${['root.yaml', ...Object.keys(own), ...shared].join(', ')}]\n`,
  ...Object.fromEntries(Object.entries(own).map(([file, text]) => [`clusters/${name}/${file}`, text])),
});

const stack = kustomization('stack', './stack/app', '  wait: true\n');
const operator = { 'operator.yaml': kustomization('operator', './operator/app') };
const charts = (values = 'a: 1\n'): Files => ({
  'stack/app/release.yaml': release('kube-prometheus-stack', '72.9.1', values, 'kps', 'monitoring'),
  'operator/app/release.yaml': release('flux-operator', '0.20.0', 'serviceMonitor: { create: true }\n'),
});
/** What keeps the playbook from editing the releases: it is done. */
const done = `prometheus:
  prometheusSpec:
${['rule', 'serviceMonitor', 'podMonitor', 'probe', 'scrapeConfig'].map((kind) => `    ${kind}SelectorNilUsesHelmValues: false\n`).join('')}`;
const advice =
  'nothing is written: only the first cluster is looked at, and what is right for it would reach another; do what is named here by hand, where the first cluster alone reads it or where it suits each, and run this again';

describe('what another cluster reads is not edited, and nothing is half done', () => {
  test('the Kustomization and the release', () => {
    const files = {
      ...clustersOf(['../../apps'], operator),
      'apps/kustomization.yaml': 'resources: [kps.yaml]\n',
      'apps/kps.yaml': stack,
      ...charts(),
      'talos/talconfig.yaml': 'clusterName: home\n',
    };
    expect(repositoryOf(files).clusters).toHaveLength(2);
    const { changes, notes } = carriedOut(monitoring, files);
    expect(changes).toEqual({});
    expect(notes).toEqual(
      expect.arrayContaining([
        'HelmRelease monitoring/kps: values.kubeProxy.enabled false: not every cluster that reads stack/app/release.yaml needs it, so it is left',
        'Kustomization flux-system/kps-config: applies stack/config once Kustomization flux-system/stack has brought the definitions of kube-prometheus-stack: not every cluster that reads apps/kps.yaml needs it, so it is left',
        advice,
      ]),
    );
    expect(notes.join()).not.toContain('operator/app');
  });

  test('the release alone, which each applies by a Kustomization of its own', () => {
    const files = { ...clustersOf([], { 'kps.yaml': stack, ...operator }, { 'kps.yaml': stack }), ...charts() };
    const { changes, notes } = carriedOut(monitoring, files);
    expect(changes).toEqual({});
    expect(notes.at(-1)).toBe(advice);
  });

  test('the operator alone', () => {
    const files = { ...clustersOf([], { 'kps.yaml': stack, ...operator }, operator), ...charts() };
    const { changes, notes } = carriedOut(monitoring, files);
    expect(changes).toEqual({});
    expect(notes).toEqual([
      'HelmRelease default/flux-operator: values.reporting.interval "30s": not every cluster that reads operator/app/release.yaml needs it, so it is left',
      advice,
    ]);
  });
});

test('a folder that another cluster takes whole is no place for it', () => {
  const whole = { 'all.yaml': kustomization('all', './stack') };
  const files = { ...clustersOf([], { 'kps.yaml': stack, ...operator }, whole), ...charts(done) };
  const { changes, notes } = carriedOut(monitoring, files);
  expect(changes).toEqual({});
  expect(notes).toEqual([
    'stack/config: everything in it is applied by Kustomization flux-system/all already; name another parameter folder',
  ]);
});

test('where the first cluster alone reads what is edited it is set up, and the other stays as it is', () => {
  const own = { 'kps.yaml': stack, ...operator };
  const other = { 'kps.yaml': kustomization('stack', './other') };
  const files = {
    ...clustersOf([], own, other),
    ...charts(),
    'other/release.yaml': charts()['stack/app/release.yaml']!,
  };
  const { changes, notes, files: after } = carriedOut(monitoring, files);
  expect(Object.keys(changes)).toEqual(
    expect.arrayContaining(['clusters/a/kps.yaml', 'stack/app/release.yaml', 'stack/config/alerts.yaml']),
  );
  expect(Object.keys(changes).join()).not.toMatch(/clusters\/b|other/);
  expect(notes).toEqual([]);
  expect(carriedOut(monitoring, after).changes).toEqual({});
});

test('what is done already, wherever, stops nothing', () => {
  const files = {
    ...clustersOf([], { 'kps.yaml': stack, ...operator }, { 'kps.yaml': stack }),
    ...charts(done),
    'operator/app/release.yaml': release(
      'flux-operator',
      '0.20.0',
      'serviceMonitor: { create: true }\nreporting: { interval: 30s }\n',
    ),
  };
  const { changes, notes, files: after } = carriedOut(monitoring, files);
  expect(Object.keys(changes)).toContain('clusters/a/kps.yaml');
  expect(Object.keys(changes)).not.toContain('stack/app/release.yaml');
  expect(notes).toEqual([]);
  expect(carriedOut(monitoring, after).changes).toEqual({});
});
