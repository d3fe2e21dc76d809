/** What is applied on clusters other than the first. A stage sees the first alone: its store, and who waits for what there. */
import type { Applier, FluxKustomization } from '../../gitops/flux/flux-kustomization.js';
import { valueAt } from '../../gitops/manifests/fields.js';
import { objectText } from '../../gitops/manifests/object-id.js';
import { parentsOf } from '../../gitops/model/applier-text.js';
import type { Repository } from '../../gitops/model/repository.js';
import { type EncryptedFile, ownersOf } from './encrypted-file.js';
import { inputsOfCluster } from './inputs.js';

export class OtherClusters {
  private readonly inputs: ReadonlySet<string>;
  /** Documents of Kustomizations: an edit of one is an edit on that cluster too. */
  private readonly kustomizations: ReadonlySet<unknown>;

  constructor(repository: Repository) {
    const others = repository.clusters.filter((one) => one !== repository).map(({ flux }) => flux);
    this.inputs = new Set(others.flatMap((flux) => [...inputsOfCluster(flux)]));
    this.kustomizations = new Set(
      others.flatMap(({ kustomizations }) => kustomizations.flatMap(({ object }) => object.manifest ?? [])),
    );
  }

  /** Whether the same document is applied there too. */
  has({ object: { manifest } }: FluxKustomization): boolean {
    return manifest !== undefined && this.kustomizations.has(manifest);
  }

  /** Why the file is not touched; undefined where the first cluster alone has it. */
  keeps(encrypted: EncryptedFile): string | undefined {
    const owners = ownersOf(encrypted);
    if (this.inputs.has(encrypted.path) || owners.some((owner) => this.has(owner)))
      return 'is applied by another cluster of the repository, and only the first is looked at; move it by hand, once each of them has the store';
    const remote = owners.map(sentAwayBy).find((one) => one !== undefined);
    return remote
      ? `is applied to another cluster (kubeConfig of ${objectText(remote.id)}), where nothing says that the store is there; move it by hand`
      : undefined;
  }
}

/** What has its objects applied to another cluster, itself or a parent; undefined where they stay in this one. */
export function sentAwayBy(owner: Applier): Applier | undefined {
  return [owner, ...parentsOf(owner)].find(
    (one) => one.kind === 'kustomization' && valueAt(one.object.composed.value, ['spec', 'kubeConfig']) !== undefined,
  );
}
