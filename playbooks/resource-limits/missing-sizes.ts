/** What a container's resources lack, as values to set: whatever else stands there stays, such as a GPU. */
import { missingOf, readResources } from '../../gitops/charts/resource-keys.js';
import { isMap } from '../../gitops/manifests/fields.js';
import type { YamlValue } from '../../gitops/yaml/yaml-edit.js';
import { withSizes } from './size-of.js';
import type { Size } from './sizes.js';

export interface MissingSize {
  /** Below the container's `resources`. */
  readonly path: readonly string[];
  readonly value: YamlValue;
}

/** Of `resources` as they are written; all of it at once where there are none. */
export function missingSizes(own: unknown, size: Size): readonly MissingSize[] {
  const set = readResources(own);
  const { requests, limits } = withSizes(size, set);
  if (!isMap(own) || Object.keys(own).length === 0) return [{ path: [], value: { requests, limits } }];
  const values: Readonly<Record<string, string>> = {
    'requests.cpu': requests.cpu,
    'requests.memory': requests.memory,
    'limits.memory': limits.memory,
  };
  return missingOf(set).map((key) => ({ path: key.split('.'), value: values[key]! }));
}
