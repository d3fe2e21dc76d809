import { expect, test } from 'vitest';
import { repositoryOf } from '../../gitops/model/testing.js';
import { kustomization, release } from '../../gitops/rules/testing-cluster.js';
import { carriedOut } from '../testing.js';
import { fluxStandardization } from './playbook.js';

type Files = Readonly<Record<string, string>>;

/** As `flux bootstrap` leaves it: a root of one name that applies its own folder, and what is below `shared`. */
const clusterFiles = (name: string, more: Files = {}): Files => ({
  [`clusters/${name}/root.yaml`]: kustomization('flux-system', `./clusters/${name}`, complete),
  [`clusters/${name}/kustomization.yaml`]: `resources: [root.yaml, ../../shared${Object.keys(more)
    .map((file) => `, ${file}`)
    .join('')}]\n`,
  ...Object.fromEntries(Object.entries(more).map(([file, text]) => [`clusters/${name}/${file}`, text])),
});
const complete = '  retryInterval: 2m\n  timeout: 10m\n';
const shared: Files = {
  'shared/kustomization.yaml': 'resources: [web.yaml]\n',
  'shared/web.yaml': kustomization('web', './web', '', 'media'),
  'web/a.yaml': release('web', '1.0.0', 'a: 1\n', 'web', 'media'),
};
const own = (name: string): Files => ({ 'own.yaml': kustomization('own', `./own/${name}`, '', 'media') });
const pod = 'apiVersion: v1\nkind: Pod\nmetadata: { name: a, namespace: media }\n';
const both = (a: Files, b: Files, more: Files = {}): Files => ({
  ...clusterFiles('a', a),
  ...clusterFiles('b', b),
  ...shared,
  'own/a/a.yaml': pod,
  'own/b/a.yaml': pod,
  ...more,
});
const lacks = (files: Files) =>
  fluxStandardization.lacks(repositoryOf(files), fluxStandardization.parameters.parse({}), 0);

test('every cluster is edited, what they share once, and then nothing is lacking', () => {
  const before = both(own('a'), own('b'));
  expect(repositoryOf(before).clusters).toHaveLength(2);
  const { changes, files, notes } = carriedOut(fluxStandardization, before);
  const lines = ['+  retryInterval: 2m', '+  timeout: 10m', '+  wait: true'];
  expect(changes).toMatchObject({
    'clusters/a/own.yaml': lines,
    'clusters/b/own.yaml': lines,
    'shared/web.yaml': lines,
    'web/a.yaml': [
      '+  timeout: 10m',
      '+  upgrade:',
      '+    remediation:',
      '+      retries: 3',
      '+      strategy: rollback',
    ],
  });
  expect(new Set(notes).size).toBe(notes.length);
  expect(lacks(before)).not.toEqual([]);
  expect(lacks(files)).toEqual([]);
  expect(carriedOut(fluxStandardization, files).changes).toEqual({});
});

test('a file of several is not changed for one of them alone: another may lack what it would depend on', () => {
  const storageClass = 'apiVersion: storage.k8s.io/v1\nkind: StorageClass\nmetadata: { name: fast }\nprovisioner: x\n';
  const claim =
    'apiVersion: v1\nkind: PersistentVolumeClaim\nmetadata: { name: data, namespace: media }\nspec: { storageClassName: fast }\n';
  const disk = { 'disk.yaml': kustomization('disk', './disk', '  wait: true\n', 'media') };
  const files = { 'disk/a.yaml': storageClass, 'web/a.yaml': claim };
  const { changes, notes } = carriedOut(fluxStandardization, both(disk, {}, files));
  expect(changes['shared/web.yaml']?.join()).not.toContain('dependsOn');
  expect(notes).toContain(
    'Kustomization media/web: dependsOn media/disk, which brings the StorageClass fast that it uses: not every cluster that reads shared/web.yaml needs it, so it is left',
  );
  expect(carriedOut(fluxStandardization, both(disk, disk, files)).changes['shared/web.yaml']?.join()).toContain(
    'dependsOn',
  );
});
