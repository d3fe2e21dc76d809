/** Last stage: the encrypted files go, and when none is left that Flux reads, so does decryption itself. */
import type { Repository } from '../../gitops/model/repository.js';
import type { StageWork } from '../playbook.js';
import { Cut } from './cut.js';
import { withoutDecryption } from './decryption.js';
import type { EncryptedFile } from './encrypted-file.js';
import type { Parameters } from './parameters.js';
import { isKept } from './retirement.js';
import { mentions, ruleSteps } from './sops-rules.js';
import { findStore } from './store.js';
import { isExpanded, surveyOf } from './survey.js';
import { unseen } from './unseen.js';

export function contractStage(repository: Repository, parameters: Parameters): StageWork {
  const { moves, keys, kept } = surveyOf(repository, parameters, findStore(repository, parameters));
  const ready = moves.filter((move) => isExpanded(move, repository) && isRetained(move));
  const waiting = moves.filter((move) => !ready.includes(move)).map(({ path }) => path);
  const reasons = [
    ...kept.filter(({ isApplied }) => isApplied).map(({ path }) => path),
    ...waiting,
    ...unseen(repository, parameters),
  ];
  const isLast = reasons.length === 0 && keys.every(isRetained);
  const going = [...ready, ...(isLast ? keys : [])];
  const cut = new Cut(repository, going);
  const steps = [
    ...cut.steps(),
    ...(isLast && going.length > 0 ? withoutDecryption(repository) : []),
    ...ruleSteps(repository, cut.files),
  ];
  const notes = [
    ...waiting.map((path) => `${path}: stays until an ExternalSecret makes its Secret and Flux keeps it; run expand`),
    ...(reasons.length > 0 ? [`decryption stays, for ${reasons.join(', ')}`] : []),
    ...(isLast && going.length > 0 ? mentions(repository, parameters, new Set(steps.map(({ file }) => file))) : []),
  ];
  return { steps, notes };
}

function isRetained({ secrets }: EncryptedFile): boolean {
  return secrets.every(({ applied }) => applied.every(isKept));
}
