/** Every rule, in the order of their layers: what is not in these lists does not run. */
import type { ChangeRule, Rule } from '../lint/rule.js';
import { apiVersionBeforeUpgrade } from './api-version-before-upgrade.js';
import { apiVersionNotServed } from './api-version-not-served.js';
import { buildFails } from './build-fails.js';
import { chartNotGiven } from './chart-not-given.js';
import { customResourceBeforeDefinition } from './custom-resource-before-definition.js';
import { cyclicDependsOn } from './cyclic-depends-on.js';
import { danglingDependsOn } from './dangling-depends-on.js';
import { dependencyRemoved } from './dependency-removed.js';
import { duplicateKey } from './duplicate-key.js';
import { duplicateObject } from './duplicate-object.js';
import { immutableFieldChanged } from './immutable-field-changed.js';
import { invalidDuration } from './invalid-duration.js';
import { invalidStrategy } from './invalid-strategy.js';
import { kustomizeCycle } from './kustomize-cycle.js';
import { labelLost } from './label-lost.js';
import { missingPath } from './missing-path.js';
import { missingReadiness } from './missing-readiness.js';
import { missingResource } from './missing-resource.js';
import { missingRetryInterval } from './missing-retry-interval.js';
import { missingSource } from './missing-source.js';
import { missingSubstituteFrom } from './missing-substitute-from.js';
import { missingTimeout } from './missing-timeout.js';
import { missingValuesFile } from './missing-values-file.js';
import { namespaceUndeclared } from './namespace-undeclared.js';
import { objectPruned } from './object-pruned.js';
import { objectWithoutProducer } from './object-without-producer.js';
import { plaintextSecret } from './plaintext-secret.js';
import { promqlUnparsable } from './promql-unparsable.js';
import { provisionerMismatch } from './provisioner-mismatch.js';
import { referenceBroken } from './reference-broken.js';
import { remediationUninstallsStateful } from './remediation-uninstalls-stateful.js';
import { remoteBase } from './remote-base.js';
import { resourcesMisplaced } from './resources-misplaced.js';
import { resourcesMissing } from './resources-missing.js';
import { retriesUnlimited } from './retries-unlimited.js';
import { rwoRollingUpdate } from './rwo-rolling-update.js';
import { secretCycle } from './secret-cycle.js';
import { secretWithoutProducer } from './secret-without-producer.js';
import { settingRemoved } from './setting-removed.js';
import { substitutionEatsVariable } from './substitution-eats-variable.js';
import { twoOwners } from './two-owners.js';
import { unpinnedVersion } from './unpinned-version.js';
import { unreadableFile } from './unreadable-file.js';
import { unrelatedLinesRewritten } from './unrelated-lines-rewritten.js';
import { valueType } from './value-type.js';
import { waitIgnoresHealthChecks } from './wait-ignores-health-checks.js';
import { wrongSourceKind } from './wrong-source-kind.js';
import { yamlParse } from './yaml-parse.js';
export const rules: readonly Rule[] = [
  unreadableFile,
  yamlParse,
  duplicateKey,
  missingResource,
  duplicateObject,
  kustomizeCycle,
  buildFails,
  remoteBase,
  namespaceUndeclared,
  missingPath,
  missingSource,
  wrongSourceKind,
  danglingDependsOn,
  cyclicDependsOn,
  missingSubstituteFrom,
  missingValuesFile,
  twoOwners,
  customResourceBeforeDefinition,
  secretWithoutProducer,
  secretCycle,
  objectWithoutProducer,
  provisionerMismatch,
  substitutionEatsVariable,
  apiVersionNotServed,
  invalidDuration,
  chartNotGiven,
  valueType,
  promqlUnparsable,
  plaintextSecret,
  retriesUnlimited,
  missingTimeout,
  missingRetryInterval,
  missingReadiness,
  waitIgnoresHealthChecks,
  unpinnedVersion,
  remediationUninstallsStateful,
  resourcesMissing,
  resourcesMisplaced,
  rwoRollingUpdate,
  invalidStrategy,
];

/** What they see only between two revisions. */
export const changeRules: readonly ChangeRule[] = [
  referenceBroken,
  apiVersionBeforeUpgrade,
  immutableFieldChanged,
  dependencyRemoved,
  settingRemoved,
  labelLost,
  objectPruned,
  unrelatedLinesRewritten,
];
