/** What each container has, and where its numbers come from. Pure. */
import { readResources } from '../../gitops/charts/resource-keys.js';
import type { Container } from './container.js';
import type { AnalysedContainer } from './documents.js';
import { withSharedSizes } from './shared-sizes.js';

export function analyse(containers: readonly Container[]): readonly AnalysedContainer[] {
  return withSharedSizes(containers)
    .filter(({ isAside }) => !isAside)
    .map(({ object: { id }, key, own, size, source }) => ({
      subject: `${id.namespace}/${id.name}`,
      key,
      has: readResources(own),
      size,
      source,
    }));
}
