/** Takes encrypted files out of the repository and of every kustomization that lists them; one that is left empty goes too. */
import type { Entry, KustomizationFile } from '../../gitops/kustomize/kustomization-file.js';
import { joinPath } from '../../gitops/kustomize/repository-files.js';
import { itemsOf } from '../../gitops/manifests/fields.js';
import type { Repository } from '../../gitops/model/repository.js';
import type { YamlEdit, YamlValue } from '../../gitops/yaml/yaml-edit.js';
import type { PlaybookStep } from '../playbook.js';
import { keepingPatchIn } from './retirement.js';
import type { EncryptedFile } from './encrypted-file.js';

interface Taken {
  readonly entries: Set<Entry>;
  /** Indices of patches. */
  readonly patches: Set<number>;
}

export class Cut {
  /** All that go. */
  readonly files = new Set<string>();
  private readonly taken = new Map<KustomizationFile, Taken>();

  constructor(
    private readonly repository: Repository,
    encrypted: readonly EncryptedFile[],
  ) {
    for (const { path, secrets } of encrypted) {
      this.files.add(path);
      for (const kustomization of this.unlist(path))
        for (const { name } of secrets) {
          const index = keepingPatchIn(kustomization, name);
          if (index >= 0) this.takenOf(kustomization).patches.add(index);
        }
    }
    this.removeEmpty();
  }

  steps(): readonly PlaybookStep[] {
    const edits = [...this.taken]
      .filter(([{ file }]) => !this.files.has(file.path))
      .map(([kustomization, taken]): PlaybookStep => {
        const listed = `no longer lists ${[...taken.entries].map(({ text }) => text).join(', ')}`;
        return {
          what: taken.patches.size > 0 ? `${listed}, nor keeps what it held` : listed,
          file: kustomization.file.path,
          change: { kind: 'edit', edits: editsOf(kustomization, taken) },
        };
      });
    const removals = [...this.files].map((file): PlaybookStep => ({ what: 'goes', file, change: { kind: 'remove' } }));
    return [...edits, ...removals];
  }

  private removeEmpty(): void {
    const open = [...this.taken.keys()];
    for (const kustomization of open) {
      const { directory, file } = kustomization;
      if (this.files.has(file.path) || !this.isEmpty(kustomization) || this.isBuilt(directory)) continue;
      this.files.add(file.path);
      // The list grows while it is gone through.
      open.push(...this.unlist(directory));
    }
  }

  /** Out of whatever lists the file or folder. */
  private unlist(path: string): readonly KustomizationFile[] {
    return [...this.repository.kustomize.kustomizations.values()].filter((kustomization) => {
      const { directory, resources, components } = kustomization;
      const entries = [...resources, ...components].filter(({ text }) => joinPath(directory, text) === path);
      for (const entry of entries) this.takenOf(kustomization).entries.add(entry);
      return entries.length > 0;
    });
  }

  private takenOf(kustomization: KustomizationFile): Taken {
    const known = this.taken.get(kustomization) ?? { entries: new Set(), patches: new Set() };
    this.taken.set(kustomization, known);
    return known;
  }

  private isEmpty(kustomization: KustomizationFile): boolean {
    const { value, resources, components } = kustomization;
    const { entries, patches } = this.takenOf(kustomization);
    return (
      Object.keys(value).every((field) => bringsNothing.has(field)) &&
      [...resources, ...components].every((entry) => entries.has(entry)) &&
      itemsOf(value['patches']).length === patches.size
    );
  }

  /** Whether a Kustomization names the folder itself, and would no longer find it. */
  private isBuilt(directory: string): boolean {
    return this.repository.flux.kustomizations.some(
      ({ directory: built, spec }) =>
        (built.status === 'here' && built.path === directory) ||
        spec.components.some((text) => joinPath(built.path, text) === directory),
    );
  }
}

/** By themselves, that is; lists are looked into. */
const bringsNothing = new Set(
  'apiVersion kind metadata resources bases components patches namespace labels commonLabels generatorOptions'.split(
    ' ',
  ),
);

/** From the last to the first, so that each index is still right when its turn comes. */
function editsOf({ origin, value }: KustomizationFile, { entries, patches }: Taken): readonly YamlEdit[] {
  const listed = [...entries].map(({ text, origin: { path } }) => ({ path, value: text as YamlValue }));
  const patched = [...patches].map((index) => ({
    path: ['patches', index],
    value: itemsOf(value['patches'])[index] as YamlValue,
  }));
  return [...listed, ...patched]
    .toSorted((a, b) => Number(b.path[1]) - Number(a.path[1]))
    .map((entry) => ({
      op: 'remove',
      document: origin.document.index,
      ...entry,
      // An empty list is content to kustomize, no list at all is none.
      pruneEmpty: entry.path[0] !== 'resources',
    }));
}
