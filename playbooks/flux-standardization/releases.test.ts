import { describe, expect, test } from 'vitest';
import { cluster, kustomization, release } from '../../gitops/rules/testing-cluster.js';
import { carriedOut } from '../testing.js';
import { fluxStandardization } from './playbook.js';

/** The lines of a release of the chart that change; `spec` are more lines of its spec. */
function changed(chart: string, spec = '', given: unknown = {}): readonly string[] {
  const text = release(chart, '1.0.0', 'a: 1\n').replace('  interval: 1h\n', `  interval: 1h\n${spec}`);
  const { changes } = carriedOut(fluxStandardization, cluster({ 'apps/release.yaml': text }), given);
  return changes['apps/release.yaml'] ?? [];
}

const timed = '  timeout: 1m\n';
const upgrade = '  upgrade: { remediation: { retries: 5 } }\n';
const install = (retries: number) => `  install: { remediation: { retries: ${retries} } }\n`;

test('a time limit, and upgrades that are tried again and rolled back', () => {
  expect(changed('web')).toEqual([
    '+  timeout: 10m',
    '+  upgrade:',
    '+    remediation:',
    '+      retries: 3',
    '+      strategy: rollback',
  ]);
});

test('what is set and ends stays as it is', () => {
  expect(changed('web', `${timed}${upgrade}${install(5)}`)).toEqual([]);
});

test('a chart that is slow has more time, as the plan says', () => {
  expect(changed('loki', upgrade)).toEqual(['+  timeout: 15m']);
  const given = { slow: { charts: ['web'], timeout: '1h' }, releaseTimeout: '2m' };
  expect(changed('web', upgrade, given)).toEqual(['+  timeout: 1h']);
  expect(changed('loki', upgrade, given)).toEqual(['+  timeout: 2m']);
});

describe('an upgrade whose strategy is to uninstall', () => {
  const uninstall = '  upgrade:\n    remediation:\n      strategy: uninstall\n';

  test.each([
    ['without retries', uninstall, []],
    ['with endless ones', `${uninstall}      retries: -1\n`, ['-      retries: -1']],
  ])(
    '%s is rolled back, whether or not the release is known to hold state: with retries one failure would uninstall it',
    (_, spec, gone) => {
      for (const chart of ['postgresql', 'web'])
        expect(changed(chart, `${timed}${spec}`).toSorted()).toEqual(
          ['-      strategy: uninstall', '+      strategy: rollback', '+      retries: 3', ...gone].toSorted(),
        );
    },
  );

  test('with retries that end stays what somebody chose', () => {
    expect(changed('web', `${timed}${uninstall}      retries: 1\n`)).toEqual([]);
  });

  test('by a patch is left to a person, retries and all', () => {
    const patch =
      'resources: [release.yaml]\npatches:\n  - target: { kind: HelmRelease }\n    patch: |\n      - { op: add, path: /spec/upgrade, value: { remediation: { strategy: uninstall } } }\n';
    const text = release('postgresql', '1.0.0', 'a: 1\n').replace('  interval: 1h\n', `  interval: 1h\n${timed}`);
    const files = cluster({ 'apps/release.yaml': text, 'apps/kustomization.yaml': patch });
    const { changes, notes } = carriedOut(fluxStandardization, files);
    expect(changes['apps/release.yaml']).toBeUndefined();
    expect(notes).toContain(
      'HelmRelease default/postgresql: upgrades that are tried again would uninstall it: chart postgresql holds data; the retries of its document are left',
    );
  });

  test('by the patch of one of two that apply the document keeps the other from arming it', () => {
    const text = release('web', '1.0.0', 'a: 1\n').replace('  interval: 1h\n', `  interval: 1h\n${timed}`);
    const overlay = (namespace: string, more = '') => `namespace: ${namespace}\nresources: [../../base]\n${more}`;
    const patch =
      'patches:\n  - target: { kind: HelmRelease }\n    patch: |\n      - { op: add, path: /spec/upgrade, value: { remediation: { strategy: uninstall } } }\n';
    const { changes, notes } = carriedOut(fluxStandardization, {
      'cluster.yaml': `${kustomization('one', './apps/one')}---\n${kustomization('two', './apps/two')}`,
      'base/kustomization.yaml': 'resources: [release.yaml]\n',
      'base/release.yaml': text,
      'apps/one/kustomization.yaml': overlay('one'),
      'apps/two/kustomization.yaml': overlay('two', patch),
    });
    expect(changes['base/release.yaml']).toBeUndefined();
    expect(notes).toContain(
      'HelmRelease two/web: upgrades that are tried again would uninstall it; the retries of its document are left',
    );
  });

  test('by a patch that says nothing of retries is left to a person, too', () => {
    const patch =
      'resources: [release.yaml]\npatches:\n  - target: { kind: HelmRelease }\n    patch: |\n      - { op: replace, path: /spec/upgrade/remediation/strategy, value: uninstall }\n';
    const block = '  upgrade: { remediation: { strategy: rollback } }\n';
    const text = release('postgresql', '1.0.0', 'a: 1\n').replace(
      '  interval: 1h\n',
      `  interval: 1h\n${timed}${block}`,
    );
    const files = cluster({ 'apps/release.yaml': text, 'apps/kustomization.yaml': patch });
    const { changes, notes } = carriedOut(fluxStandardization, files);
    expect(changes['apps/release.yaml']).toBeUndefined();
    expect(notes.join()).toContain('the retries of its document are left');
  });
});

describe('retries', () => {
  test('that never end are as many as the plan says', () => {
    expect(changed('web', `${timed}${upgrade}${install(-1)}`, { retries: 4 })).toEqual([
      `-${install(-1).trimEnd()}`,
      `+${install(4).trimEnd()}`,
    ]);
    const endless = '  upgrade: { remediation: { retries: -1 } }\n';
    expect(changed('web', `${timed}${endless}`)).toEqual([
      `-${endless.trimEnd()}`,
      `+${endless.trimEnd().replace('-1', '3, strategy: rollback')}`,
    ]);
  });

  test('of an installation are none where Helm would uninstall CRDs between them, and the file says why', () => {
    const lines = changed('external-secrets', `${timed}${upgrade}${install(3)}`);
    expect(lines).toEqual([`-${install(3).trimEnd()}`, `+${install(0).trimEnd()}`]);
    expect(changed('external-secrets', `${timed}${upgrade}${install(0)}`)).toEqual([]);
    expect(changed('external-secrets', `${timed}${upgrade}`)).toEqual([]);
    const block = '  install:\n    remediation:\n      retries: -1\n';
    expect(changed('external-secrets', `${timed}${upgrade}${block}`)).toEqual([
      '-      retries: -1',
      '+      retries: 0',
    ]);
    expect(changed('web', `${timed}${upgrade}${install(3)}`, { keepInstalled: ['web'] })).toHaveLength(2);
  });

  test('are not read with RetryOnFailure', () => {
    const strategy = (key: string) =>
      `  ${key}: { strategy: { name: RetryOnFailure }, remediation: { retries: -1 } }\n`;
    expect(changed('web', `${timed}${strategy('install')}${strategy('upgrade')}`)).toEqual([]);
  });
});
