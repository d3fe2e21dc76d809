/** Workloads that no chart brings: plain manifests, Deployments of remote manifests, and Flux's own controllers. */
import { missingOf, readResources } from '../../gitops/charts/resource-keys.js';
import type { AppliedObject } from '../../gitops/flux/flux-kustomization.js';
import type { HelmRelease } from '../../gitops/flux/helm-release.js';
import { isRemote } from '../../gitops/kustomize/remote.js';
import { podSpecPaths } from '../../gitops/kustomize/workloads.js';
import { fieldOf, isMap, itemsOf, textOf, valueAt } from '../../gitops/manifests/fields.js';
import { objectText } from '../../gitops/manifests/object-id.js';
import type { Origin } from '../../gitops/manifests/origin.js';
import type { Repository } from '../../gitops/model/repository.js';
import type { YamlPath } from '../../gitops/yaml/yaml-file.js';
import { insertStep } from '../insert-step.js';
import type { PlaybookStep } from '../playbook.js';
import { valuesPlace } from '../values-place.js';
import { recreates } from '../../gitops/model/recreates.js';
import type { Container } from './container.js';
import type { AnalysedContainer } from './documents.js';
import { defaultSize, type Size, sizes } from './sizes.js';

/** Init containers that go on running beside the others are sized too; resources of a whole Pod go before its containers'. */
export function workloadContainers(objects: readonly AppliedObject[]): readonly Container[] {
  return objects.flatMap((object) =>
    podSpecPaths(object.id.kind).flatMap((spec) => {
      const pod = object.composed.at(spec);
      const hasWhole = isMap(fieldOf(pod.value, 'resources'));
      return (['containers', 'initContainers'] as const).flatMap((list) =>
        itemsOf(fieldOf(pod.value, list)).map((container, index): Container => {
          const ends = list === 'initContainers' && fieldOf(container, 'restartPolicy') !== 'Always';
          const left = hasWhole
            ? 'has resources of its whole Pod'
            : ends
              ? 'has it as a container that ends'
              : cannotChange(object)
                ? 'cannot change in the cluster'
                : undefined;
          return {
            ...containerAt(object, [...spec, list, index]),
            ...(left !== undefined && { left }),
            isAside: hasWhole || ends,
          };
        }),
      );
    }),
  );
}

function containerAt(object: AppliedObject, path: YamlPath): Container {
  const container = object.composed.at(path);
  const key = `container ${textOf(fieldOf(container.value, 'name')) ?? String(path.at(-1))}`;
  const originOf = (more: YamlPath): Origin => container.origin(['resources', ...more]);
  return {
    object,
    key,
    own: fieldOf(container.value, 'resources'),
    size: defaultSize,
    source: 'default',
    label: (more) => `${['resources', ...more].join('.')} of ${key}`,
    originOf,
    // A patch may be laid over any part of it.
    readFrom: (more) => [
      container.root.at(['resources', ...more]),
      ...[...more.keys(), more.length].map((depth) => originOf(more.slice(0, depth)).at(more.slice(depth))),
    ],
  };
}

/** Kubernetes refuses a change of their containers; with force Flux deletes them and makes them anew. */
function cannotChange(object: AppliedObject): boolean {
  return (object.id.kind === 'Job' || object.id.kind === 'Pod') && !recreates(object);
}

/** Of those that lack something all the same. */
export function unchangeableNotes(containers: readonly Container[]): readonly string[] {
  return containers.flatMap(({ object, own, label, isAside }) => {
    if (isAside || !cannotChange(object) || missingOf(readResources(own)).length === 0) return [];
    const { id, owner } = object;
    const rest =
      owner.kind === 'kustomization'
        ? `Flux would apply nothing more of ${objectText(owner.id)}`
        : 'the apply would be refused';
    return [
      `${objectText(id)}: ${label([])} is left: they cannot change in the cluster, and ${rest}; give it another name with them, or let its Kustomization force it`,
    ];
  });
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
  const [cpu, memory, limit] = controllersSize;
  const isOurs = patch === undefined || patch === resourcesPatch(controllersSize);
  return {
    subject: `${id.namespace}/${id.name}`,
    key: controllersKey.join('.'),
    has: isOurs ? { requests: { cpu, memory }, limits: { memory: limit } } : { requests: seePatch, limits: seePatch },
    size: controllersSize,
    source: 'table',
  };
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
