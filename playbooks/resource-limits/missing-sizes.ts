/** What a container's resources lack, and the value of each: whatever else stands there stays, such as a GPU. */
import { missingOf, readResources } from '../../gitops/charts/resource-keys.js';
import { amountOf, roundUp } from './quantity.js';
import type { Size } from './sizes.js';

export const sizeFields = ['requests.cpu', 'requests.memory', 'limits.memory'] as const;
export type SizeField = (typeof sizeFields)[number];

/** Of `resources` as they are in effect; a limit is no less than the request that stands there. */
export function missingSizes(own: unknown, [cpu, memory, limit]: Size): ReadonlyMap<SizeField, string> {
  const set = readResources(own);
  const missing = missingOf(set);
  const asked = set.requests?.['memory'];
  const room = asked !== undefined && amountOf(asked) > amountOf(limit) ? halfMoreThan(asked) : limit;
  const values = { 'requests.cpu': cpu, 'requests.memory': memory, 'limits.memory': room };
  return new Map(sizeFields.filter((field) => missing.includes(field)).map((field) => [field, values[field]]));
}

function halfMoreThan(quantity: string): string {
  return `${roundUp((amountOf(quantity) / 2 ** 20) * 1.5, 64)}Mi`;
}
