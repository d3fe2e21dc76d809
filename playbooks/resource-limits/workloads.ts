/** Workloads that no chart brings: plain manifests, Deployments of remote manifests, and Flux's own controllers. */
import { missingOf, readResources } from '../../gitops/charts/resource-keys.js';
import type { AppliedObject } from '../../gitops/flux/flux-kustomization.js';
import type { HelmRelease } from '../../gitops/flux/helm-release.js';
import { podSpecPaths } from '../../gitops/kustomize/workloads.js';
import { fieldOf, itemsOf, textOf, valueAt } from '../../gitops/manifests/fields.js';
import { objectText } from '../../gitops/manifests/object-id.js';
import type { Repository } from '../../gitops/model/repository.js';
import type { PlaybookStep } from '../playbook.js';
import type { Setting } from '../set-value.js';
import { valuesPlace } from '../values-place.js';
import { withSizes } from './size-of.js';
import { defaultSize, type Size, sizes } from './sizes.js';

export function manifestSettings(objects: readonly AppliedObject[]): readonly Setting[] {
  return objects.flatMap(({ id, composed }) =>
    podSpecPaths(id.kind).flatMap((spec) =>
      itemsOf(valueAt(composed.value, [...spec, 'containers'])).flatMap((container, index): readonly Setting[] => {
        const set = readResources(fieldOf(container, 'resources'));
        if (missingOf(set).length === 0) return [];
        const path = [...spec, 'containers', index, 'resources'];
        const label = `resources of container ${textOf(fieldOf(container, 'name')) ?? index}`;
        return [{ id, label, origin: composed.origin(path), value: withSizes(defaultSize, set.limits?.memory) }];
      }),
    ),
  );
}

/** The chart has no key for them: its instance patches their Deployments, each of one container, `manager`. */
export function controllerSteps(releases: readonly HelmRelease[]): readonly PlaybookStep[] {
  return releases.flatMap((release) => {
    const { id, chart, values } = release;
    if (chart?.name !== 'flux-instance') return [];
    const path = ['instance', 'kustomize', 'patches'];
    if (itemsOf(valueAt(values.value, path)).some((patch) => textOf(fieldOf(patch, 'patch'))?.includes('resources')))
      return [];
    const origin = valuesPlace(release, path);
    const size = sizes['flux-instance']!['instance.kustomize.patches']!;
    return [
      {
        what: `${objectText(id)}: a patch that gives Flux's controllers resources`,
        file: origin.document.file.path,
        isOptional: true,
        change: {
          kind: 'edit',
          edits: [
            {
              op: 'insert',
              document: origin.document.index,
              path: origin.pathInFile,
              value: { target: { kind: 'Deployment' }, patch: resourcesPatch('replace', size) },
            },
          ],
        },
      },
    ];
  });
}

/** A remote manifest is not in the files; what a kustomization patches of it already gets resources by the same patch. */
export function remoteSteps({ kustomize }: Repository): readonly PlaybookStep[] {
  return [...kustomize.kustomizations.values()].flatMap(({ file, origin, value }) => {
    const isRemote = itemsOf(fieldOf(value, 'resources')).some((entry) => /^https?:/.test(textOf(entry) ?? ''));
    if (!isRemote) return [];
    return itemsOf(fieldOf(value, 'patches')).flatMap((entry, index): readonly PlaybookStep[] => {
      const target = fieldOf(entry, 'target');
      const patch = textOf(fieldOf(entry, 'patch'));
      if (
        fieldOf(target, 'kind') !== 'Deployment' ||
        !patch ||
        patch.includes('/resources') ||
        !/^\s*- op:/m.test(patch)
      )
        return [];
      return [
        {
          what: `Deployment ${textOf(fieldOf(target, 'name')) ?? 'of a remote manifest'}: resources by the patch that it has`,
          file: file.path,
          isOptional: true,
          change: {
            kind: 'edit',
            edits: [
              {
                op: 'set',
                document: origin.document.index,
                path: ['patches', index, 'patch'],
                value: `${patch.trimEnd()}\n${resourcesPatch('add', defaultSize)}`,
              },
            ],
          },
        },
      ];
    });
  });
}

/** JSON 6902, as YAML. */
function resourcesPatch(op: 'add' | 'replace', [cpu, memory, limit]: Size): string {
  return `- op: ${op}
  path: /spec/template/spec/containers/0/resources
  value:
    requests:
      cpu: ${cpu}
      memory: ${memory}
    limits:
      memory: ${limit}
`;
}
