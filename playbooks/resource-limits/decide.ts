/** What is written for which container. Pure. */
import { isMap } from '../../gitops/manifests/fields.js';
import type { YamlValue } from '../../gitops/yaml/yaml-edit.js';
import type { Setting } from '../set-value.js';
import { type Container, placeKey } from './container.js';
import { missingSizes, type SizeField } from './missing-sizes.js';
import { type Asking, leftOf, noteOf } from './obstacles.js';
import { largerOf } from './quantity.js';
import { withSharedSizes } from './shared-sizes.js';

export interface Decision {
  readonly settings: readonly Setting[];
  /** Of each container that is left because of another object. */
  readonly notes: readonly string[];
}

export function decide(given: readonly Container[]): Decision {
  const containers = withSharedSizes(given).map((one): Asking => ({
    ...one,
    asks: one.left === undefined ? missingSizes(one.own, one.size) : new Map(),
  }));
  const left = leftOf(containers);
  const written = writtenBy(containers.filter((one) => !left.has(one)));
  const settings = containers.flatMap((one) =>
    // Of one that is left, the patch that a person is to change.
    left.has(one) ? settingsOf(one, one.asks).filter(({ origin }) => origin.isEmbedded) : settingsIn(written, one),
  );
  return {
    settings,
    notes: [...left].flatMap(([one, obstacle]) => (obstacle.by === one ? [] : [noteOf(one, obstacle)])),
  };
}

interface Written {
  readonly values: ReadonlyMap<string, string>;
  /** Where nothing stands yet, so that all of it is written at once. */
  readonly whole: ReadonlySet<string>;
}

/** By place; of several that ask for a field of one place, the largest, since a kept request may ask for more room. */
function writtenBy(containers: readonly Asking[]): Written {
  const values = new Map<string, string>();
  for (const { asks, originOf } of containers)
    for (const [field, value] of asks) {
      const key = placeKey(originOf(field.split('.')));
      values.set(key, largerOf(values.get(key) ?? value, value));
    }
  const bare = containers.filter(({ own, asks }) => asks.size > 0 && isEmpty(own));
  return { values, whole: new Set(bare.map(({ originOf }) => placeKey(originOf([])))) };
}

function valuesIn({ values }: Written, { asks, originOf }: Asking): ReadonlyMap<SizeField, string> {
  return new Map([...asks.keys()].map((field) => [field, values.get(placeKey(originOf(field.split('.'))))!]));
}

function settingsIn(written: Written, one: Asking): readonly Setting[] {
  const isCovered = !isEmpty(one.own) && written.whole.has(placeKey(one.originOf([])));
  return isCovered ? [] : settingsOf(one, valuesIn(written, one));
}

function settingsOf(one: Asking, values: ReadonlyMap<SizeField, string>): readonly Setting[] {
  const setting = (path: readonly string[], value: YamlValue): Setting => ({
    id: one.object.id,
    label: one.label(path),
    origin: one.originOf(path),
    value,
  });
  if (isEmpty(one.own) && values.size > 0) return [setting([], asResources(values))];
  return [...values].map(([field, value]) => setting(field.split('.'), value));
}

function isEmpty(own: unknown): boolean {
  return !isMap(own) || Object.keys(own).length === 0;
}

function asResources(values: ReadonlyMap<SizeField, string>) {
  const part = (name: string): Readonly<Record<string, string>> =>
    Object.fromEntries(
      [...values].flatMap(([field, value]) => {
        const [at, resource = ''] = field.split('.');
        return at === name ? [[resource, value]] : [];
      }),
    );
  return { requests: part('requests'), limits: part('limits') };
}
