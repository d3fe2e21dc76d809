/** Dependencies: those that lead nowhere are led to what was meant, and those that the reference graph shows are declared. */
import type { FluxKustomization } from '../../gitops/flux/flux-kustomization.js';
import { parentsOf } from '../../gitops/model/applier-text.js';
import type { Repository } from '../../gitops/model/repository.js';
import { objectText } from '../../gitops/manifests/object-id.js';
import type { Consumer } from '../../gitops/references/reference.js';
import { danglingDependencies } from '../../gitops/rules/dangling-depends-on.js';
import { insertStep } from '../insert-step.js';
import type { PlaybookStep, StageWork } from '../playbook.js';
import type { Waits } from '../waits.js';
import { whyStopped } from '../why-stopped.js';
import { targetOf } from './kustomizations.js';
import { classOf, type Parameters } from './parameters.js';

/** What has to be there before something that names it can work; a Secret or ConfigMap is retried until it is. */
const needed = new Set(['CustomResourceDefinition', 'StorageClass', 'ClusterSecretStore', 'VolumeSnapshotClass']);

export function repairedDependencies(repository: Repository, waits: Waits): StageWork {
  const steps: PlaybookStep[] = [];
  const notes: string[] = [];
  for (const { finding, dependent, meant } of danglingDependencies(repository)) {
    const { subject, message, fix } = finding;
    if (!fix || !meant) notes.push(`${subject} ${message}`);
    else if (!waits.depend(dependent, meant))
      notes.push(`${subject} ${message}; left, since that one waits for it already`);
    else
      for (const [file, edits] of Object.entries(fix.edits))
        steps.push({
          what: `${subject}: ${fix.summary} in a dependsOn that led nowhere`,
          file,
          change: { kind: 'edit', edits },
        });
  }
  return { steps, notes };
}

export function declaredDependencies(repository: Repository, waits: Waits, parameters: Parameters): StageWork {
  const steps: PlaybookStep[] = [];
  const notes = new Set<string>();
  for (const consumer of repository.references.consumers) {
    const { owner, target, isOptional } = consumer;
    if (!needed.has(target.kind) || isOptional || owner.kind !== 'kustomization') continue;
    const provider = providerOf(repository, consumer);
    if (!provider || waits.waitsFor(owner.id, provider.id)) continue;
    // What applies it has started, and with that its definitions are there.
    if (provider === owner || parentsOf(owner).includes(provider)) continue;
    const { root } = owner.object.composed;
    const [dependent, needs] = [objectText(owner.id), `the ${target.kind} ${target.name} that it uses`];
    if (root.isEmbedded) continue;
    if (target.name.endsWith(`.${monitoringGroup}`) && rank(owner, parameters) < rank(provider, parameters)) {
      notes.add(
        `${dependent}: ${objectText(provider.id)} brings ${needs}, and is less critical than what it watches, which would wait for it: no dependsOn; give these definitions a Kustomization of their own`,
      );
      continue;
    }
    const stopped = whyStopped(repository.flux, waits, provider);
    if (stopped !== undefined) {
      notes.add(
        `${dependent}: ${objectText(provider.id)} brings ${needs}, and ${stopped}: what depends on it would stop at the next commit; no dependsOn before it is resumed`,
      );
      continue;
    }
    if (!waits.depend(owner.id, provider.id)) {
      notes.add(`${dependent}: ${objectText(provider.id)} brings ${needs}, and waits for it: no dependsOn`);
      continue;
    }
    const { name, namespace } = provider.id;
    const what = `${dependent}: dependsOn ${namespace}/${name}, which brings ${needs}`;
    steps.push(insertStep(what, root, ['spec', 'dependsOn'], { name, namespace }));
  }
  return { steps, notes: [...notes] };
}

const monitoringGroup = 'monitoring.coreos.com';

/** How critical it is: 0 for the first class. */
function rank(one: FluxKustomization, parameters: Parameters): number {
  return parameters.classes.indexOf(classOf(parameters, targetOf(one)));
}

/** The one Kustomization that brings what is consumed; undefined where the files leave a choice. */
function providerOf({ references }: Repository, consumer: Consumer): FluxKustomization | undefined {
  const resolution = references.resolve(consumer);
  if (resolution.status !== 'produced') return undefined;
  const owners = new Set(resolution.producers.map(({ owner }) => owner));
  const [owner] = owners;
  return owners.size === 1 && owner?.kind === 'kustomization' ? owner : undefined;
}
