/** Workloads that no chart brings: plain manifests, Deployments of remote manifests, and Flux's own controllers. */
import { missingOf, readResources } from '../../gitops/charts/resource-keys.js';
import type { AppliedObject } from '../../gitops/flux/flux-kustomization.js';
import type { HelmRelease } from '../../gitops/flux/helm-release.js';
import { isRemote } from '../../gitops/kustomize/remote.js';
import { podSpecPaths } from '../../gitops/kustomize/workloads.js';
import { fieldOf, isMap, itemsOf, textOf, valueAt } from '../../gitops/manifests/fields.js';
import { objectText } from '../../gitops/manifests/object-id.js';
import type { Repository } from '../../gitops/model/repository.js';
import type { YamlPath } from '../../gitops/yaml/yaml-file.js';
import { insertStep } from '../insert-step.js';
import type { PlaybookStep } from '../playbook.js';
import type { Setting } from '../set-value.js';
import { valuesPlace } from '../values-place.js';
import type { AnalysedContainer } from './documents.js';
import { missingSizes } from './missing-sizes.js';
import { defaultSize, type Size, sizes } from './sizes.js';

/** A container of a workload that stands in a file. */
export interface ManifestContainer extends AnalysedContainer {
  readonly object: AppliedObject;
  readonly path: YamlPath;
}

/** Init containers that go on running beside the others are among them; resources of a whole Pod go before its containers'. */
export function manifestContainers(objects: readonly AppliedObject[]): readonly ManifestContainer[] {
  return objects.flatMap((object) =>
    podSpecPaths(object.id.kind).flatMap((spec) => {
      const pod = valueAt(object.composed.value, spec);
      if (isMap(fieldOf(pod, 'resources'))) return [];
      return (['containers', 'initContainers'] as const).flatMap((list) =>
        itemsOf(fieldOf(pod, list)).flatMap((container, index): readonly ManifestContainer[] => {
          if (list === 'initContainers' && fieldOf(container, 'restartPolicy') !== 'Always') return [];
          const name = textOf(fieldOf(container, 'name')) ?? String(index);
          return [
            {
              subject: `${object.id.namespace}/${object.id.name}`,
              key: `container ${name}`,
              own: fieldOf(container, 'resources'),
              size: defaultSize,
              source: 'default',
              object,
              path: [...spec, list, index, 'resources'],
            },
          ];
        }),
      );
    }),
  );
}

export function manifestSettings(containers: readonly ManifestContainer[]): readonly Setting[] {
  return containers.flatMap(({ object: { id, composed }, own, key, size, path }) =>
    missingOf(readResources(own)).length === 0
      ? []
      : missingSizes(own, size).map(({ path: more, value }) => ({
          id,
          label: `${['resources', ...more].join('.')} of ${key}`,
          origin: composed.origin([...path, ...more]),
          value,
        })),
  );
}

const controllersKey = ['instance', 'kustomize', 'patches'];
const controllersSize = sizes['flux-instance']!['instance.kustomize.patches']!;

/** Flux's own controllers, of which a chart makes an instance. */
export interface FluxControllers {
  readonly release: HelmRelease;
  /** Undefined without a patch that says anything of resources. */
  readonly patch: string | undefined;
}

export function fluxControllers(releases: readonly HelmRelease[]): readonly FluxControllers[] {
  return releases
    .filter(({ chart }) => chart?.name === 'flux-instance')
    .map((release) => ({
      release,
      patch: itemsOf(valueAt(release.values.value, controllersKey))
        .map((patch) => textOf(fieldOf(patch, 'patch')))
        .find((patch) => patch?.includes('resources')),
    }));
}

/** The chart has no key for them: its instance patches their Deployments, each of one container, `manager`. */
export function controllerSteps(controllers: readonly FluxControllers[]): readonly PlaybookStep[] {
  const seen = new Set<string>();
  return controllers.flatMap(({ release, patch }) => {
    const origin = valuesPlace(release, controllersKey);
    const place = JSON.stringify([origin.document.file.path, origin.document.index, origin.pathInFile]);
    // Several clusters may read one.
    if (patch !== undefined || seen.has(place)) return [];
    seen.add(place);
    const what = `${objectText(release.id)}: a patch that gives Flux's controllers resources`;
    const value = { target: { kind: 'Deployment' }, patch: resourcesPatch(controllersSize) };
    return [insertStep(what, origin, [], value)];
  });
}

/** One row for all of them; of somebody else's patch the page says that it is there. */
export function analysedControllers({ release: { id }, patch }: FluxControllers): AnalysedContainer {
  const key = controllersKey.join('.');
  const subject = `${id.namespace}/${id.name}`;
  const isOurs = patch === undefined || patch === resourcesPatch(controllersSize);
  const own = isOurs ? undefined : { requests: seePatch, limits: seePatch };
  return { subject, key, own, size: controllersSize, source: 'table' };
}

const seePatch = { cpu: 'see the patch', memory: 'see the patch' };

/** What a remote manifest gives its Deployments is not in the files, and a patch that sets it would replace whatever that is. */
export function remoteNotes({ kustomize }: Repository): readonly string[] {
  return [...kustomize.kustomizations.values()].flatMap(({ file, value }) => {
    if (!itemsOf(fieldOf(value, 'resources')).some((entry) => isRemote(textOf(entry) ?? ''))) return [];
    return itemsOf(fieldOf(value, 'patches')).flatMap((entry) => {
      const target = fieldOf(entry, 'target');
      if (fieldOf(target, 'kind') !== 'Deployment' || textOf(fieldOf(entry, 'patch'))?.includes('resources')) return [];
      const name = textOf(fieldOf(target, 'name'));
      return [
        `${file.path}: patches ${name === undefined ? 'Deployments' : `Deployment ${name}`} of a remote manifest, which is not read, so what it has cannot be told; where it has no resources, add them to the patch`,
      ];
    });
  });
}

/** JSON 6902, as YAML. */
function resourcesPatch([cpu, memory, limit]: Size): string {
  return `- op: replace
  path: /spec/template/spec/containers/0/resources
  value:
    requests:
      cpu: ${cpu}
      memory: ${memory}
    limits:
      memory: ${limit}
`;
}
