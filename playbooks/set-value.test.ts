import { expect, test } from 'vitest';
import { cluster, kustomization } from '../gitops/rules/testing-cluster.js';
import { readRepository } from '../gitops/model/read-repository.js';
import { treeOfTexts } from '../gitops/source/file-tree.js';
import { fieldSetting, joinWork, type Setting, settingSteps } from './set-value.js';

type Files = Readonly<Record<string, string>>;

/** `apps/web` is a Kustomization that flux-system/apps applies. */
const apps = (more: Files = {}): Files =>
  cluster({ 'apps/web.yaml': kustomization('web', './web', '  force: true\n', 'media'), 'web/a.yaml': '', ...more });

function settingOf(files: Files, path: readonly string[], value: string, after?: string): Setting {
  const { flux } = readRepository(treeOfTexts(files));
  const { id, object } = flux.kustomization('media', 'web')!;
  return fieldSetting(id, object.composed, path, value, after === undefined ? {} : { after });
}

test('a value is set in the document of the object, behind the key that it belongs to', () => {
  const { steps, notes } = settingSteps([settingOf(apps(), ['spec', 'timeout'], '5m', 'interval')]);
  expect(notes).toEqual([]);
  expect(steps).toEqual([
    {
      what: 'Kustomization media/web: timeout "5m"',
      file: 'apps/web.yaml',
      change: {
        kind: 'edit',
        edits: [{ op: 'set', document: 0, path: ['spec', 'timeout'], value: '5m', at: { after: 'interval' } }],
      },
      isOptional: true,
    },
  ]);
});

test('where the keys are sorted the value goes to its place in their order', () => {
  const sorted =
    'spec: { interval: 1h, path: ./web, prune: true, sourceRef: { kind: GitRepository, name: flux-system, namespace: flux-system } }\n';
  const web = kustomization('web', './web', '', 'media').replace(/spec:[^]*/, sorted);
  expect(settingOf(apps({ 'apps/web.yaml': web }), ['spec', 'timeout'], '5m', 'interval').after).toBeUndefined();
  const unsorted = web.replace('interval: 1h, path: ./web', 'path: ./web, interval: 1h');
  expect(settingOf(apps({ 'apps/web.yaml': unsorted }), ['spec', 'timeout'], '5m', 'interval').after).toBe('interval');
});

test('one place is set once, however many appliers ask for it; another path of it is another place', () => {
  const setting = settingOf(apps(), ['spec', 'timeout'], '5m');
  const other = settingOf(apps(), ['spec', 'retryInterval'], '1m');
  expect(settingSteps([setting, setting, other]).steps.map(({ what }) => what)).toEqual([
    'Kustomization media/web: timeout "5m"',
    'Kustomization media/web: retryInterval "1m"',
  ]);
});

test('what a patch sets is left to a person, who is told where it stands', () => {
  const patch =
    'patches:\n  - target: { kind: Kustomization }\n    patch: |\n      - op: add\n        path: /spec/timeout\n        value: 1s\n';
  const files = apps({ 'apps/kustomization.yaml': `resources: [web.yaml]\n${patch}` });
  const setting = settingOf(files, ['spec', 'timeout'], '5m');
  expect(settingSteps([setting, setting])).toEqual({
    steps: [],
    notes: ['Kustomization media/web: timeout "5m": is set by a patch in apps/kustomization.yaml:7; change it there'],
  });
});

test('works are joined in order', () => {
  const [a, b] = ['a', 'b'].map((file) => ({ what: file, file, change: { kind: 'remove' } as const }));
  const joined = joinWork([
    { steps: [a!], notes: ['first'] },
    { steps: [b!], notes: ['second'] },
  ]);
  expect(joined).toEqual({ steps: [a, b], notes: ['first', 'second'] });
});
