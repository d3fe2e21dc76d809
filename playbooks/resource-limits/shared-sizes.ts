/** Several objects that have their resources from one place have one size: the largest of theirs. */
import type { Container } from './container.js';
import { placeKey } from './container.js';
import { sizeFields } from './missing-sizes.js';
import { amountOf, largerOf } from './quantity.js';
import type { Sized } from './size-of.js';

/** Before and after the sizes are written alike, so that what is measured again is compared with what it wrote. */
export function withSharedSizes(containers: readonly Container[]): readonly Container[] {
  const byPlace = new Map<string, Set<Container>>();
  for (const container of containers.filter(({ left }) => left === undefined))
    for (const key of placesOf(container)) byPlace.set(key, (byPlace.get(key) ?? new Set()).add(container));
  return containers.map((container) => {
    const together = placesOf(container).flatMap((key) => [...(byPlace.get(key) ?? [])]);
    return container.left === undefined ? { ...container, ...together.reduce<Sized>(larger, container) } : container;
  });
}

function placesOf({ originOf }: Container): readonly string[] {
  return sizeFields.map((field) => placeKey(originOf(field.split('.'))));
}

/** Each number is the larger one; they are said to come from where the limit does, and of two alike where it was measured. */
function larger(one: Sized, other: Sized): Sized {
  const [limit, otherLimit] = [one.size[2], other.size[2]].map(amountOf);
  const isOther = otherLimit! > limit! || (otherLimit === limit && other.source === 'measured');
  const [cpu, memory, memoryLimit] = one.size;
  return {
    size: [largerOf(cpu, other.size[0]), largerOf(memory, other.size[1]), largerOf(memoryLimit, other.size[2])],
    source: isOther ? other.source : one.source,
  };
}
