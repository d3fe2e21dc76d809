/** What a team decides of its workloads' sizes. */
import { z } from 'zod';
import { Folder } from '../place-in-tree.js';
import { PlainUrl } from '../plain-url.js';

const Quantity = z.string().regex(/^\d+(\.\d+)?(m|[KMGT]i?)?$/, 'is no quantity of Kubernetes, such as 100m or 256Mi');

export const Parameters = z.strictObject({
  /** Sizes by chart and values key, over those of this version; the keys of a chart that is not known to it. */
  charts: z.record(z.string(), z.record(z.string(), z.tuple([Quantity, Quantity, Quantity]))).default({}),
  /** Of Prometheus: the usage of the last week is asked once, and what was measured goes before any table. */
  prometheus: PlainUrl.optional(),
  /** Where the analysis and the strategy are written down. */
  documents: Folder.default('docs/resources'),
});
export type Parameters = z.infer<typeof Parameters>;
