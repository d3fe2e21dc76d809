import { describe, expect, test } from 'vitest';
import { repositoryOf } from '../../gitops/model/testing.js';
import { cluster, kustomization, release } from '../../gitops/rules/testing-cluster.js';
import { carriedOut } from '../testing.js';
import { resourceLimits } from './playbook.js';

const workload = (kind: string, containers: string, more = '') =>
  `apiVersion: apps/v1\nkind: ${kind}\nmetadata: { name: web, namespace: default }\nspec:\n  template:\n    spec:\n${more}      containers:\n${containers}`;

const changed = (file: string, text: string, others: Readonly<Record<string, string>> = {}) => {
  const { changes, notes, steps } = carriedOut(resourceLimits, cluster({ [file]: text, ...others }));
  return { lines: changes[file] ?? [], notes, steps };
};

const added = (indent: string, lines: readonly string[]) => lines.map((line) => `+${indent}${line}`);
const whole = ['resources:', '  requests:', '    cpu: 10m', '    memory: 64Mi', '  limits:', '    memory: 256Mi'];

describe('a workload that stands in a file', () => {
  test.each(['Deployment', 'DaemonSet', 'StatefulSet'])('%s: each container that lacks some of it', (kind) => {
    const containers =
      '        - name: bare\n          image: a\n        - { name: part, resources: { requests: { cpu: 1, memory: 1Gi } } }\n        - { name: full, resources: { limits: { cpu: 1, memory: 1Gi } } }\n';
    const { lines, steps } = changed('apps/web.yaml', workload(kind, containers));
    expect(lines).toEqual([
      '-        - { name: part, resources: { requests: { cpu: 1, memory: 1Gi } } }',
      ...added('          ', whole),
      '+        - { name: part, resources: { requests: { cpu: 1, memory: 1Gi }, limits: { memory: 1536Mi } } }',
    ]);
    expect(steps[0]).toMatch(new RegExp(`^${kind} default/web: resources of container bare \\{`));
    expect(steps[1]).toBe(`${kind} default/web: resources.limits.memory of container part "1536Mi"`);
  });

  test('an init container that goes on running, and none that ends', () => {
    const init =
      '      initContainers:\n        - { name: once }\n        - name: vpn\n          restartPolicy: Always\n';
    const { lines } = changed(
      'apps/web.yaml',
      workload('Deployment', '        - { name: a, resources: { limits: { cpu: 1, memory: 1Gi } } }\n', init),
    );
    expect(lines).toEqual(added('          ', whole));
  });

  test('resources of the whole Pod are enough', () => {
    const { lines } = changed(
      'apps/web.yaml',
      workload('Deployment', '        - { name: a }\n', '      resources: { limits: { memory: 1Gi } }\n'),
    );
    expect(lines).toEqual([]);
  });

  test('what has no containers of its own is left', () => {
    expect(
      changed('apps/web.yaml', 'apiVersion: v1\nkind: ConfigMap\nmetadata: { name: a, namespace: default }\n').lines,
    ).toEqual([]);
  });
});

describe("Flux's own controllers", () => {
  const instance = (values: string) => release('flux-instance', '0.30.0', values);

  test('have a patch of their instance', () => {
    const { lines, steps } = changed('apps/flux.yaml', instance('instance: { sync: {} }\n'));
    expect(lines.join('\n')).toContain('instance');
    expect(lines.join('\n')).toMatch(/target.*kind: Deployment/s);
    expect(lines.join('\n')).toContain('path: /spec/template/spec/containers/0/resources');
    expect(steps[0]).toBe("HelmRelease default/flux-instance: a patch that gives Flux's controllers resources");
  });

  test('keep the patch that they have, and the page says that it is there', () => {
    const patch =
      'instance: { kustomize: { patches: [{ target: { kind: Deployment }, patch: "- {op: add, path: /spec/x/resources}" }] } }\n';
    const { changes, files } = carriedOut(resourceLimits, cluster({ 'apps/flux.yaml': instance(patch) }));
    expect(changes['apps/flux.yaml']).toBeUndefined();
    expect(files['docs/resources/analysis.md']).toContain('see the patch | kept |');
  });

  test('get one beside a patch of something else', () => {
    const patch =
      'instance:\n  kustomize:\n    patches:\n      - target: { kind: Deployment }\n        patch: "- {op: add, path: /spec/x/args/-}"\n';
    const { lines } = changed('apps/flux.yaml', instance(patch));
    expect(lines.filter((line) => line.startsWith('-'))).toEqual([]);
    expect(lines[0]).toBe('+          - target:');
  });
});

describe('a Deployment of a remote manifest', () => {
  const remote = (patch: string, target = 'kind: Deployment, name: controller') =>
    `resources:\n  - https://example.com/install.yaml\npatches:\n  - target: { ${target} }\n    patch: |\n${patch.replaceAll(/^(?=.)/gm, '      ')}`;
  const operation = '- op: add\n  path: /spec/template/spec/hostNetwork\n  value: true\n';

  test.each([
    ['a name', 'kind: Deployment, name: controller', 'Deployment controller'],
    ['none', 'kind: Deployment', 'Deployments'],
  ])('is not read, so its patch, of %s, stays as it is and a note says so', (_, target, what) => {
    const { files, ...run } = carriedOut(
      resourceLimits,
      cluster({ 'apps/kustomization.yaml': remote(operation, target) }),
    );
    expect(run.changes['apps/kustomization.yaml']).toBeUndefined();
    const note = `apps/kustomization.yaml: patches ${what} of a remote manifest, which is not read, so what it has cannot be told; where it has no resources, add them to the patch`;
    expect(run.notes).toEqual([note]);
    expect(files['docs/resources/analysis.md']).toContain(`- ${note}`);
  });

  test.each([
    [
      'a patch that has some',
      remote(`${operation}- op: add\n  path: /spec/template/spec/containers/0/resources\n  value: {}\n`),
    ],
    ['a patch of another kind', remote(operation, 'kind: Service, name: controller')],
    ['a patch of files of this repository', remote(operation).replace('https://example.com/install.yaml', 'web.yaml')],
  ])('%s is left without a note', (_, text) => {
    const web = { 'apps/web.yaml': 'apiVersion: v1\nkind: ConfigMap\nmetadata: { name: a, namespace: default }\n' };
    expect(changed('apps/kustomization.yaml', text, web)).toMatchObject({ lines: [], notes: [] });
  });
});

test('every cluster has its sizes, what they share once', () => {
  const root = (name: string) => ({
    [`${name}/root.yaml`]: kustomization('flux-system', `./${name}`),
    [`${name}/kustomization.yaml`]: 'resources: [root.yaml, own.yaml, ../shared]\n',
    [`${name}/own.yaml`]: workload('Deployment', '        - name: own\n'),
  });
  const files = {
    ...root('a'),
    ...root('b'),
    'shared/kustomization.yaml': 'resources: [web.yaml, flux.yaml]\n',
    'shared/web.yaml': workload('DaemonSet', '        - name: bare\n'),
    'shared/flux.yaml': release('flux-instance', '0.30.0', 'instance: { sync: {} }\n'),
  };
  const { changes, steps, files: after } = carriedOut(resourceLimits, files);
  for (const file of ['a/own.yaml', 'b/own.yaml', 'shared/web.yaml'])
    expect(changes[file]).toEqual(added('          ', whole));
  expect(steps.filter((step) => step.includes('flux-instance'))).toHaveLength(1);
  expect(carriedOut(resourceLimits, after).changes).toEqual({});
  expect(resourceLimits.lacks(repositoryOf(after), resourceLimits.parameters.parse({}), 0)).toEqual([]);
});
