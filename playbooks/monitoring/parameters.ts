/** What a team decides of its monitoring: objectives, patience, and what the files leave open. */
import { z } from 'zod';
import { Folder, Page } from '../place-in-tree.js';

/** Percent of 30 days. Below 95 an hour without any success would not spend the budget fast enough to call somebody. */
const Objective = z.number().min(95).lt(100);

/** As Prometheus reads it. */
const Duration = z.string().regex(/^(\d+(ms|[smhdwy]))+$/, 'is no duration of Prometheus, such as 15m or 1d');

const Objectives = z.strictObject({
  /** Kustomizations and HelmReleases that are not failing. */
  gitops: Objective.default(99),
  /** Deployments, StatefulSets and DaemonSets that have all their Pods. */
  workloads: Objective.default(99),
  nodes: Objective.default(99),
  /** Requests that the API server answers. */
  api: Objective.default(99.9),
  /** Requests that ingress-nginx answers, where its metrics are on. */
  ingress: Objective.default(99.5),
});
export type Objectives = z.infer<typeof Objectives>;

export const Parameters = z.strictObject({
  release: z
    .string()
    .optional()
    .describe('namespace/name of the kube-prometheus-stack release, where there are several'),
  folder: Folder.optional().describe(
    'Where alerts, objectives and dashboards are written; left out, beside the folder that brings the release',
  ),
  talos: z.boolean().optional().describe('Whether the nodes run Talos; left out, as the files tell'),
  objectives: Objectives.prefault({}).describe(
    'Percent of 30 days: gitops 99, workloads 99, nodes 99, api 99.9, ingress 99.5 where it is left out',
  ),
  failingFor: Duration.default('15m').describe('How long something of Flux may fail before it calls somebody'),
  suspendedFor: Duration.default('1d').describe('How long something of Flux may be suspended before somebody is told'),
  document: Page.default('docs/monitoring/slo.md').describe('Where the objectives are written down'),
});
export type Parameters = z.infer<typeof Parameters>;
