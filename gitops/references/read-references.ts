/** Gathers who produces and who consumes what, and says of each consumer whether it gets what it names. */
import type { FluxState } from '../flux/flux-state.js';
import { consume } from './consume.js';
import { groupNames } from './definitions.js';
import { ofRemote, produce } from './produce.js';
import type { Consumer, Producer, References, Target } from './reference.js';
import { mentionedRemotes } from './remote-outputs.js';
import { Resolver } from './resolve.js';

/** `others` are texts that the model does not read: templates, machine configurations, task files. */
export function readReferences(flux: FluxState, others: Iterable<string>): References {
  const producers = [...produce(flux), ...installedBefore(others)];
  const consumers = [...consume(flux)];
  const byTarget = groupedBy(producers);
  const byNeed = groupedBy(consumers);
  const producersOf = (target: Target): readonly Producer[] => {
    const names =
      target.kind === 'CustomResourceDefinition' ? [target.name, ...groupNames(target.name)] : [target.name];
    return names.flatMap((name) => byTarget.get(keyOf({ ...target, name })) ?? []);
  };
  const resolver = new Resolver(flux, producersOf);
  return {
    producers,
    consumers,
    producersOf,
    consumersOf: (target) => byNeed.get(keyOf(target)) ?? [],
    resolve: (consumer) => resolver.resolve(consumer),
  };
}

/** Remote bases that machine configurations and task files install, before Flux runs or beside it. */
function installedBefore(texts: Iterable<string>): readonly Producer[] {
  const urls = new Set([...texts].flatMap(mentionedRemotes));
  return [...urls].flatMap((url) => [...ofRemote(url, undefined, undefined)]);
}

function groupedBy<Item extends Producer | Consumer>(items: readonly Item[]): ReadonlyMap<string, Item[]> {
  const groups = new Map<string, Item[]>();
  for (const item of items) {
    const key = keyOf(item.target);
    const group = groups.get(key);
    if (group) group.push(item);
    else groups.set(key, [item]);
  }
  return groups;
}

function keyOf({ kind, namespace, name }: Target): string {
  return `${kind}\n${namespace}\n${name}`;
}
