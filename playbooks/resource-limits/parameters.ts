/** What a team decides of its workloads' sizes. */
import { z } from 'zod';
import { Folder } from '../place-in-tree.js';
import { PlainUrl } from '../plain-url.js';

const Quantity = z.string().regex(/^\d+(\.\d+)?(m|[KMGT]i?)?$/, 'is no quantity of Kubernetes, such as 100m or 256Mi');

export const Parameters = z.strictObject({
  charts: z
    .record(z.string(), z.record(z.string(), z.tuple([Quantity, Quantity, Quantity])))
    .default({})
    .describe(
      'By chart and values key: CPU and memory to request and the limit of memory, over the sizes of this version, as in {"immich": {"server.resources": ["100m", "512Mi", "1Gi"]}}',
    ),
  prometheus: PlainUrl.optional().describe(
    'URL of Prometheus: the usage of the last week is asked once, and what was measured goes before any table',
  ),
  documents: Folder.default('docs/resources').describe('Where the analysis and the strategy are written down'),
});
export type Parameters = z.infer<typeof Parameters>;
