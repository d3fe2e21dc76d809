import { expect, test } from 'vitest';
import { fluxKustomization } from '../../gitops/model/testing.js';
import { readRepository } from '../../gitops/model/read-repository.js';
import { kustomization, runAll, treeOf } from './testing.js';

const app = 'apps/web/app';
const listed = kustomization('./web.yaml', './secret.sops.yaml');
const patch = (name: string, indent = '      '): string =>
  ['apiVersion: v1', 'kind: Secret', `metadata: { name: ${name}, labels: { a: b } }`]
    .map((line) => `${indent}${line}\n`)
    .join('');

test.each<readonly [string, Readonly<Record<string, string>>, string]>([
  [
    'a patch without a target',
    { [`${app}/kustomization.yaml`]: `${listed}patches:\n  - patch: |\n${patch('web-secret')}` },
    `${app}/kustomization.yaml:6`,
  ],
  [
    'in a file',
    {
      [`${app}/kustomization.yaml`]: `${listed}patches:\n  - path: labels.yaml\n`,
      [`${app}/labels.yaml`]: patch('web-secret', ''),
    },
    `${app}/kustomization.yaml:6`,
  ],
  [
    'of the Flux Kustomization',
    {
      'apps/web/ks.yaml': fluxKustomization(
        'web',
        app,
        `  targetNamespace: web\n  patches:\n    - patch: |\n${patch('web-secret', '        ')}`,
      ),
    },
    'apps/web/ks.yaml:15',
  ],
  [
    'a generator that merges into it',
    {
      [`${app}/kustomization.yaml`]: `${listed}secretGenerator:\n  - name: web-secret\n    behavior: merge\n    literals: [a=b]\n`,
    },
    `${app}/kustomization.yaml:6`,
  ],
])('a Secret stays that is changed by its name: %s', (_, more, place) => {
  const { runs, after } = runAll(treeOf(more));
  expect(runs[0]!.notes).toContain(
    `${app}/secret.sops.yaml: is changed by its name in ${place}, which would fail the build without it; write what that changes into the file, and take it out there`,
  );
  expect(after.paths).toContain(`${app}/secret.sops.yaml`);
  expect(readRepository(after).flux.kustomizations.flatMap(({ build }) => build?.problems ?? [])).toEqual([]);
});

test('a patch with a target, and one of another Secret, stand in no way', () => {
  const { after } = runAll(
    treeOf({
      [`${app}/kustomization.yaml`]: `${listed}patches:\n  - target: { kind: Secret }\n    patch: |\n${patch('any')}`,
      'common/kustomization.yaml': `kind: Component\nresources:\n  - ./namespace.yaml\n  - ./cluster-secrets.sops.yaml\n  - ./sops-age.sops.yaml\n`,
    }),
  );
  expect(after.paths).not.toContain(`${app}/secret.sops.yaml`);
  expect(readRepository(after).flux.kustomizations.flatMap(({ build }) => build?.problems ?? [])).toEqual([]);
});

test.each([
  [
    'replacements',
    `replacements:
  - source: { kind: Secret, name: web-secret, fieldPath: metadata.name }
    targets: [{ select: { kind: ConfigMap }, fieldPaths: [data.host] }]
`,
  ],
  ['transformers', 'transformers:\n  - labels.yaml\n'],
  ['vars', 'vars:\n  - name: SECRET\n    objref: { apiVersion: v1, kind: Secret, name: web-secret }\n'],
])('a Secret stays whose build may name it: %s', (field, text) => {
  const { runs, after } = runAll(treeOf({ [`${app}/kustomization.yaml`]: `${listed}${text}` }));
  expect(runs[0]!.notes).toContain(
    `${app}/secret.sops.yaml: is built with ${field} (${app}/kustomization.yaml:5), which may name it and would then fail the build without it; do without them, or move it by hand`,
  );
  expect(after.paths).toContain(`${app}/secret.sops.yaml`);
});
