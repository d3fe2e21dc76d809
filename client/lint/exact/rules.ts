/** The exact layers as rules: what the real tools say. */
import type { RuleDescription } from '../../../gitops/lint/rule.js';

export const kustomizeBuild: RuleDescription = {
  id: 'kustomize-build',
  severity: 'error',
  summary: 'kustomize cannot build the folder of a Flux Kustomization.',
  layer: 'build',
};

export const helmTemplate: RuleDescription = {
  id: 'helm-template',
  severity: 'error',
  summary: 'Helm cannot render a HelmRelease with its values.',
  layer: 'render',
};

export const kubeconform: RuleDescription = {
  id: 'kubeconform',
  severity: 'error',
  summary: 'An object is not as the schema of its kind asks.',
  layer: 'schema',
};

export const exactRules: readonly RuleDescription[] = [kustomizeBuild, helmTemplate, kubeconform];
