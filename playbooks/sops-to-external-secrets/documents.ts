/** Two pages of the repository: the inventory and the guide. */
import { textAt } from '../../gitops/source/file-tree.js';
import type { Repository } from '../../gitops/model/repository.js';
import type { PlaybookStep } from '../playbook.js';
import { guidePage } from './guide.js';
import { inventoryPage } from './inventory.js';
import type { Parameters } from './parameters.js';
import type { Store } from './store.js';
import type { Survey } from './survey.js';

export function documentSteps(
  repository: Repository,
  parameters: Parameters,
  survey: Survey,
  store: Store | undefined,
): readonly PlaybookStep[] {
  const inventory = `${parameters.documents}/sops-inventory.md`;
  const guide = `${parameters.documents}/onepassword.md`;
  const page = (what: string, file: string, text: string): PlaybookStep => ({
    what,
    file,
    change: { kind: 'write', text },
  });
  const known = textAt(repository.tree, inventory) ?? '';
  // Where nothing moves there is nothing to say that a note does not.
  if (!store && known === '') return [];
  const listed = page('what becomes of each encrypted file', inventory, inventoryPage(survey, known));
  if (!store) return [listed];
  return [
    listed,
    page(
      'what a person does in 1Password, in which order',
      guide,
      guidePage(survey, store, parameters, textAt(repository.tree, guide) ?? ''),
    ),
  ];
}
