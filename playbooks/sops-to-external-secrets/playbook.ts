/** Task 1.3 of the Anton plan: secrets leave git for 1Password, without one of them ever missing. */
import { playbook } from '../playbook.js';
import { contractStage } from './contract.js';
import { expandStage } from './expand.js';
import { Parameters } from './parameters.js';
import { stillEncrypted } from './still-encrypted.js';
import { storeStage } from './store-stage.js';

export const sopsToExternalSecrets = playbook<Parameters>({
  id: 'sops-to-external-secrets',
  title: 'SOPS to External Secrets',
  summary: 'Every Secret that SOPS encrypted comes from 1Password through External Secrets, but for what is exempt.',
  parameters: Parameters,
  files: ['**/*.yaml', '**/*.yml', '.sops.yaml', 'docs/secrets/**'],
  // An ExternalSecret owns no Secret (`creationPolicy: Orphan`): none goes when a stage is reverted.
  risk: 'stateless',
  undo: 'revert',
  rules: [],
  lacks: stillEncrypted,
  stages: [
    { name: 'store', work: storeStage },
    { name: 'expand', work: expandStage },
    { name: 'contract', work: contractStage },
  ],
});
