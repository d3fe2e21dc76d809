import { expect, test } from 'vitest';
import { apiVersionBeforeUpgrade } from './api-version-before-upgrade.js';
import { changeFindingsOf } from './testing.js';
import { cluster } from './testing-cluster.js';

const tree = (flux: string, version: string) =>
  cluster({
    'apps/flux.yaml': `apiVersion: fluxcd.controlplane.io/v1\nkind: FluxInstance\nmetadata: { name: flux, namespace: flux-system }\nspec: { distribution: { version: ${flux} } }\n`,
    'apps/a.yaml': `apiVersion: source.toolkit.fluxcd.io/${version}\nkind: OCIRepository\nmetadata: { name: a, namespace: default }\n`,
  });

test('the declared Flux says yes and the one that runs says no', () => {
  expect(changeFindingsOf(apiVersionBeforeUpgrade, tree('2.5.1', 'v1beta2'), tree('2.6.1', 'v1'))).toEqual([
    {
      at: 'apps/a.yaml:1:1',
      subject: 'OCIRepository default/a',
      message:
        'source.toolkit.fluxcd.io/v1 OCIRepository needs Flux 2.6; the tree before this change declares Flux 2.5.1 and this one 2.6.1, so the object is applied before the version that serves it is installed; raise Flux first, and use v1 once the upgrade is Ready: v1beta2 is served by both',
      related: ['apps/flux.yaml:4:25 declares Flux 2.6.1'],
    },
  ]);
});

test.each([
  ['Flux alone', '2.5.1', 'v1beta2', '2.6.1', 'v1beta2'],
  ['the object alone, later', '2.6.1', 'v1beta2', '2.6.1', 'v1'],
  ['the object alone, too early: api-version-not-served says it', '2.5.1', 'v1beta2', '2.5.1', 'v1'],
  ['a patch release', '2.6.0', 'v1beta2', '2.6.1', 'v1'],
  ['no Flux declared before', '2.x', 'v1beta2', '2.6.1', 'v1'],
])('silent: %s', (_, fluxBefore, before, fluxAfter, after) => {
  expect(changeFindingsOf(apiVersionBeforeUpgrade, tree(fluxBefore, before), tree(fluxAfter, after))).toEqual([]);
});
