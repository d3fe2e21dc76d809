/** Built objects by kind, namespace and name, for what Flux looks up in the cluster. */
import type { BuiltObject } from '../kustomize/built-object.js';

export class ObjectIndex<Built extends BuiltObject = BuiltObject> {
  private readonly objects = new Map<string, Built[]>();

  constructor(objects: Iterable<Built> = []) {
    for (const object of objects) this.add(object);
  }

  add(object: Built): void {
    const { kind, namespace, name } = object.id;
    const key = keyOf(kind, namespace, name);
    const known = this.objects.get(key);
    if (known) known.push(object);
    else this.objects.set(key, [object]);
  }

  /** All applications of it; two owners are two. */
  all(kind: string, namespace: string, name: string): readonly Built[] {
    return this.objects.get(keyOf(kind, namespace, name)) ?? [];
  }

  first(kind: string, namespace: string, name: string): Built | undefined {
    return this.objects.get(keyOf(kind, namespace, name))?.[0];
  }
}

function keyOf(kind: string, namespace: string, name: string): string {
  return `${kind}\n${namespace}\n${name}`;
}
