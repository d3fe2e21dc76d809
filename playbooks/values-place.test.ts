import { expect, test } from 'vitest';
import { cluster, release } from '../gitops/rules/testing-cluster.js';
import { readRepository } from '../gitops/model/read-repository.js';
import { treeOfTexts } from '../gitops/source/file-tree.js';
import { valuesPlace } from './values-place.js';

const path = ['controller', 'resources', 'requests'];

/** Where `controller.resources.requests` goes, of a release with values of its own and of a generated ConfigMap. */
function placeOf(own: string, file: string | undefined, valuesFrom = 'kind: ConfigMap, name: values') {
  const spec = file === undefined ? '' : `  valuesFrom: [{ ${valuesFrom} }]\n  interval`;
  const text = release('ingress-nginx', '4.12.0', own || 'x\n')
    .replace('  interval', spec || '  interval')
    .replace(own === '' ? /  values:\n[^]*/ : /$^/, '');
  const files = cluster({
    'apps/release.yaml': text,
    'apps/kustomization.yaml':
      'namespace: default\nresources: [release.yaml]\nconfigMapGenerator: [{ name: values, files: [values.yaml=helm/values.yaml], options: { disableNameSuffixHash: true } }]\n',
    'apps/helm/values.yaml': file ?? '',
  });
  const { flux } = readRepository(treeOfTexts(files));
  const origin = valuesPlace(flux.helmReleases[0]!, path);
  return [origin.document.file.path, origin.pathInFile.join('.')];
}

const inRelease = ['apps/release.yaml', `spec.values.${path.join('.')}`];
const inFile = ['apps/helm/values.yaml', path.join('.')];

test('in the release, where it has all of its values', () => {
  expect(placeOf('controller: { replicas: 2 }\n', undefined)).toEqual(inRelease);
});

test('in the values file, where the release has none of its own', () => {
  expect(placeOf('', 'service: {}\n')).toEqual(inFile);
});

test('where most of the way is there already', () => {
  expect(placeOf('controller: { resources: {} }\n', 'controller: {}\n')).toEqual(inRelease);
  expect(placeOf('controller: {}\n', 'controller: { resources: {} }\n')).toEqual(inFile);
});

test('in the file, where it is as good as the release', () => {
  expect(placeOf('controller: {}\n', 'controller: {}\n')).toEqual(inFile);
  expect(placeOf('a: 1\n', 'b: 1\n')).toEqual(inFile);
});

test('never in a file that stands for one value only, or that the release is not given', () => {
  const full = 'controller: { resources: { requests: {} } }\n';
  expect(placeOf('a: 1\n', full, 'kind: ConfigMap, name: values, targetPath: other')).toEqual(inRelease);
  expect(placeOf('a: 1\n', full, 'kind: ConfigMap, name: others')).toEqual(inRelease);
});
