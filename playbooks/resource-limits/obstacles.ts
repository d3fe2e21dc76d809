/**
 * Which containers are left because of another object. A document that several are built from gets only what each of
 * them asks for or has from elsewhere: otherwise a request could stand beside a limit that is below it. Pure.
 */
import { readResources } from '../../gitops/charts/resource-keys.js';
import { valueAt } from '../../gitops/manifests/fields.js';
import { objectText } from '../../gitops/manifests/object-id.js';
import { type Container, placeKey } from './container.js';
import { type SizeField, sizeFields } from './missing-sizes.js';

/** A container with what it lacks, which it asks for. */
export interface Asking extends Container {
  readonly asks: ReadonlyMap<SizeField, string>;
}

/** What keeps a container from what it asks for: another that is built from the same place, or a patch of its own. */
export interface Obstacle {
  readonly by: Asking;
  readonly field: SizeField;
}

/** Those whose place another container stands in the way of, or one that is left itself: they have it together or not. */
export function leftOf(containers: readonly Asking[]): ReadonlyMap<Asking, Obstacle> {
  const readers = readersByPlace(containers);
  const left = new Map<Asking, Obstacle>();
  for (let before = -1; before < left.size;) {
    before = left.size;
    for (const one of containers.filter((candidate) => !left.has(candidate))) {
      const obstacle = obstacleOf(one, readers, left);
      if (obstacle) left.set(one, obstacle);
    }
  }
  return left;
}

function readersByPlace(containers: readonly Asking[]): ReadonlyMap<string, readonly Asking[]> {
  const readers = new Map<string, Asking[]>();
  for (const one of containers)
    for (const field of sizeFields)
      for (const key of new Set(one.readFrom(field.split('.')).map(placeKey)))
        readers.set(key, [...(readers.get(key) ?? []), one]);
  return readers;
}

function obstacleOf(
  one: Asking,
  readers: ReadonlyMap<string, readonly Asking[]>,
  left: ReadonlyMap<Asking, Obstacle>,
): Obstacle | undefined {
  for (const field of one.asks.keys()) {
    const place = placeKey(one.originOf(field.split('.')));
    const by = [one, ...(readers.get(place) ?? [])].find((reader) => left.has(reader) || !takes(reader, field, place));
    if (by) return { by, field };
  }
  return undefined;
}

/** Whether it may be there: it asks for it, and what asks in a patch is completed by a person; or it has another. */
function takes({ own, asks, originOf }: Asking, field: SizeField, place: string): boolean {
  const path = field.split('.');
  const origin = originOf(path);
  if (asks.has(field)) return !origin.isEmbedded;
  return valueAt(readResources(own), path) !== undefined && placeKey(origin) !== place;
}

export function noteOf(one: Asking, { by, field }: Obstacle): string {
  const { file } = one.originOf(field.split('.')).place;
  return `${objectOf(one)}: ${one.label([])} is left: ${objectOf(by)} is built from ${file} too, and ${reasonOf(by, field)}`;
}

/** The same name may be applied by several. */
function objectOf({ object: { id, owner } }: Container): string {
  return objectText(id) + (owner.kind === 'kustomization' ? ` of ${objectText(owner.id)}` : '');
}

function reasonOf({ own, left, asks, originOf }: Asking, field: SizeField): string {
  if (left !== undefined) return left;
  const origin = originOf(field.split('.'));
  if (asks.has(field))
    return origin.isEmbedded
      ? `has a part of its own in a patch, ${origin.place.file}:${origin.place.line}`
      : 'is left itself';
  const set = readResources(own);
  if (valueAt(set, field.split('.')) !== undefined) return `has another ${field} there`;
  const limit = field.replace('requests', 'limits');
  return `has ${limit} ${String(valueAt(set, limit.split('.')))} of its own and no ${field}`;
}
