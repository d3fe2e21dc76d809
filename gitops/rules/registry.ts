/** Every rule, in the order of their layers: what is not in these lists does not run. */
import type { ChangeRule, Rule } from '../lint/rule.js';
import { duplicateKey } from './duplicate-key.js';
import { immutableFieldChanged } from './immutable-field-changed.js';
import { invalidStrategy } from './invalid-strategy.js';
import { labelLost } from './label-lost.js';
import { plaintextSecret } from './plaintext-secret.js';
import { provisionerMismatch } from './provisioner-mismatch.js';
import { resourcesMisplaced } from './resources-misplaced.js';
import { resourcesMissing } from './resources-missing.js';
import { rwoRollingUpdate } from './rwo-rolling-update.js';
import { settingRemoved } from './setting-removed.js';
import { substitutionEatsVariable } from './substitution-eats-variable.js';
import { unreadableFile } from './unreadable-file.js';
import { unrelatedLinesRewritten } from './unrelated-lines-rewritten.js';
import { valueType } from './value-type.js';
import { yamlParse } from './yaml-parse.js';

export const rules: readonly Rule[] = [
  unreadableFile,
  yamlParse,
  duplicateKey,
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
  immutableFieldChanged,
  settingRemoved,
  labelLost,
  unrelatedLinesRewritten,
];
