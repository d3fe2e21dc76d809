/** Every rule, in the order of their layers: what is not in these lists does not run. */
import type { ChangeRule, Rule } from '../lint/rule.js';
import { customResourceBeforeDefinition } from './custom-resource-before-definition.js';
import { dependencyRemoved } from './dependency-removed.js';
import { duplicateKey } from './duplicate-key.js';
import { immutableFieldChanged } from './immutable-field-changed.js';
import { invalidStrategy } from './invalid-strategy.js';
import { labelLost } from './label-lost.js';
import { objectWithoutProducer } from './object-without-producer.js';
import { plaintextSecret } from './plaintext-secret.js';
import { provisionerMismatch } from './provisioner-mismatch.js';
import { referenceBroken } from './reference-broken.js';
import { resourcesMisplaced } from './resources-misplaced.js';
import { resourcesMissing } from './resources-missing.js';
import { rwoRollingUpdate } from './rwo-rolling-update.js';
import { secretCycle } from './secret-cycle.js';
import { secretWithoutProducer } from './secret-without-producer.js';
import { settingRemoved } from './setting-removed.js';
import { substitutionEatsVariable } from './substitution-eats-variable.js';
import { twoOwners } from './two-owners.js';
import { unreadableFile } from './unreadable-file.js';
import { unrelatedLinesRewritten } from './unrelated-lines-rewritten.js';
import { valueType } from './value-type.js';
import { yamlParse } from './yaml-parse.js';

export const rules: readonly Rule[] = [
  unreadableFile,
  yamlParse,
  duplicateKey,
  twoOwners,
  customResourceBeforeDefinition,
  secretWithoutProducer,
  secretCycle,
  objectWithoutProducer,
  provisionerMismatch,
  substitutionEatsVariable,
  valueType,
  plaintextSecret,
  resourcesMissing,
  resourcesMisplaced,
  rwoRollingUpdate,
  invalidStrategy,
];

/** What they see only between two revisions. */
export const changeRules: readonly ChangeRule[] = [
  referenceBroken,
  immutableFieldChanged,
  dependencyRemoved,
  settingRemoved,
  labelLost,
  unrelatedLinesRewritten,
];
