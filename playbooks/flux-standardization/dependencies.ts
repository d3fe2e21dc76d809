/** Dependencies: those that lead nowhere are led to what was meant, and those that the reference graph shows are declared. */
import type { FluxKustomization } from '../../gitops/flux/flux-kustomization.js';
import type { Repository } from '../../gitops/model/repository.js';
import { objectText } from '../../gitops/manifests/object-id.js';
import type { Consumer } from '../../gitops/references/reference.js';
import { danglingDependsOn } from '../../gitops/rules/dangling-depends-on.js';
import type { PlaybookStep, StageWork } from '../playbook.js';

/** What has to be there before something that names it can work; a Secret or ConfigMap is retried until it is. */
const needed = new Set(['CustomResourceDefinition', 'StorageClass', 'ClusterSecretStore', 'VolumeSnapshotClass']);

export function repairedDependencies(repository: Repository): StageWork {
  const steps: PlaybookStep[] = [];
  const notes: string[] = [];
  for (const { subject, message, fix } of danglingDependsOn.check(repository)) {
    if (!fix) {
      notes.push(`${subject} ${message}`);
      continue;
    }
    for (const [file, edits] of Object.entries(fix.edits))
      steps.push({
        what: `${subject}: ${fix.summary} in a dependsOn that led nowhere`,
        file,
        change: { kind: 'edit', edits },
      });
  }
  return { steps, notes };
}

export function declaredDependencies(repository: Repository): StageWork {
  const graph = new WaitGraph(repository);
  const steps: PlaybookStep[] = [];
  for (const consumer of repository.references.consumers) {
    if (!needed.has(consumer.target.kind) || consumer.isOptional) continue;
    const provider = providerOf(repository, consumer);
    const { owner } = consumer;
    if (!provider || owner.kind !== 'kustomization' || !graph.mayWait(owner, provider)) continue;
    const { root } = owner.object.composed;
    if (root.isEmbedded) continue;
    graph.add(owner, provider);
    const { name, namespace } = provider.id;
    steps.push({
      what: `${objectText(owner.id)}: dependsOn ${namespace}/${name}, which brings the ${consumer.target.kind} ${consumer.target.name} that it uses`,
      file: root.document.file.path,
      isOptional: true,
      change: {
        kind: 'edit',
        edits: [
          {
            op: 'insert',
            document: root.document.index,
            path: [...root.pathInFile, 'spec', 'dependsOn'],
            value: { name, namespace },
          },
        ],
      },
    });
  }
  return { steps, notes: [] };
}

/** The one Kustomization that brings what is consumed; undefined where the files leave a choice. */
function providerOf({ references }: Repository, consumer: Consumer): FluxKustomization | undefined {
  const resolution = references.resolve(consumer);
  if (resolution.status !== 'produced') return undefined;
  const owners = new Set(resolution.producers.map(({ owner }) => owner));
  const [owner] = owners;
  return owners.size === 1 && owner?.kind === 'kustomization' ? owner : undefined;
}

/** Who waits for whom, directly and by being applied: what may be added without a circle. */
class WaitGraph {
  private readonly waits = new Map<FluxKustomization, Set<FluxKustomization>>();

  constructor(repository: Repository) {
    const { kustomizations } = repository.flux;
    for (const one of kustomizations) {
      const found = one.spec.dependsOn.flatMap(
        ({ name, namespace = one.id.namespace }) => repository.flux.kustomization(namespace, name) ?? [],
      );
      const { owner } = one.object;
      this.waits.set(one, new Set([...found, ...(owner.kind === 'kustomization' ? [owner] : [])]));
    }
  }

  mayWait(one: FluxKustomization, other: FluxKustomization): boolean {
    return one !== other && !this.reaches(one, other) && !this.reaches(other, one);
  }

  add(one: FluxKustomization, other: FluxKustomization): void {
    this.waits.get(one)?.add(other);
  }

  private reaches(from: FluxKustomization, to: FluxKustomization): boolean {
    const seen = new Set<FluxKustomization>();
    const open = [from];
    for (let next = open.pop(); next; next = open.pop()) {
      if (next === to) return true;
      if (seen.has(next)) continue;
      seen.add(next);
      open.push(...(this.waits.get(next) ?? []));
    }
    return false;
  }
}
