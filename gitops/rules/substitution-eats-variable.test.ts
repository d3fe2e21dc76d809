import { expect, test } from 'vitest';
import { substitutionEatsVariable } from './substitution-eats-variable.js';
import { findingsOf } from './testing.js';
import { cluster, release } from './testing-cluster.js';

const substitute = '  postBuild: { substitute: { DOMAIN: example.org } }\n';
const configMap = (data: string, annotations = '{}'): string =>
  `apiVersion: v1\nkind: ConfigMap\nmetadata: { name: script, namespace: default, annotations: ${annotations} }\ndata:\n${data}`;
const found = (files: Readonly<Record<string, string>>, spec = substitute): readonly string[] =>
  findingsOf(substitutionEatsVariable, cluster(files, spec)).map(({ at, message }) => `${at} ${message}`);

test('a variable of a script points into the script', () => {
  const files = cluster({ 'apps/a.yaml': configMap('  run.sh: |\n    echo start\n    echo "${HOME}"\n') }, substitute);
  expect(findingsOf(substitutionEatsVariable, files)).toEqual([
    {
      at: 'apps/a.yaml:7:11',
      subject: 'ConfigMap default/script',
      message:
        '${HOME} in data.run.sh becomes nothing: the substitution of Kustomization flux-system/apps does not know HOME; write $${HOME} where the program is to see it, or set it in postBuild',
    },
  ]);
});

test('values of a release: programs read some, and others were to be set', () => {
  const values = 'args: ["-key=${AWS_KEY}"]\nhost: "grafana.${DOMAIM}"\n';
  expect(found({ 'apps/a.yaml': release('loki', '6.30.1', values) })).toEqual([
    'apps/a.yaml:17:18 ${AWS_KEY} in spec.values.args.0 becomes nothing: the substitution of Kustomization flux-system/apps does not know AWS_KEY; write $${AWS_KEY} where the program is to see it, or set it in postBuild',
    'apps/a.yaml:18:20 ${DOMAIM} in spec.values.host becomes nothing: the substitution of Kustomization flux-system/apps does not know DOMAIM; did you mean DOMAIN? Else set it in postBuild, or give it a default',
  ]);
});

test('the file of a generator', () => {
  const files = {
    'apps/kustomization.yaml': 'namespace: default\nconfigMapGenerator: [{ name: script, files: [run.sh] }]\n',
    'apps/run.sh': '#!/bin/sh\necho ${USER}\n',
  };
  expect(found(files)[0]).toContain('apps/run.sh:2:6 ${USER} in data.run.sh becomes nothing');
});

test.each([
  ['escaped', { 'apps/a.yaml': configMap('  run.sh: echo $${HOME} $HOME $(date)\n') }, substitute],
  ['known', { 'apps/a.yaml': configMap('  run.sh: echo ${DOMAIN}\n') }, substitute],
  ['with a default', { 'apps/a.yaml': configMap('  run.sh: echo ${HOME:-/root}\n') }, substitute],
  [
    'disabled',
    { 'apps/a.yaml': configMap('  a: ${HOME}\n', '{ kustomize.toolkit.fluxcd.io/substitute: disabled }') },
    substitute,
  ],
  ['no substitution', { 'apps/a.yaml': configMap('  a: ${HOME}\n') }, ''],
  [
    'a Secret that may have it',
    { 'apps/a.yaml': configMap('  a: ${HOME}\n') },
    '  postBuild: { substituteFrom: [{ kind: Secret, name: elsewhere, optional: true }] }\n',
  ],
])('silent: %s', (_, files, spec) => {
  expect(found(files, spec)).toEqual([]);
});
