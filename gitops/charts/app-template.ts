/** What app-template and its library `common` make of values, from version 2: controllers, their containers and volumes. */
import { fieldOf, fieldsOf, isMap, itemsOf, numberOf, textOf } from '../manifests/fields.js';
import type { YamlPath } from '../yaml/yaml-file.js';

export interface Controller {
  readonly name: string;
  readonly path: YamlPath;
  readonly type: string;
  /** Of a Deployment `Recreate` by default. */
  readonly strategy: string;
  readonly replicas: number;
  readonly surge: unknown;
  readonly containers: readonly Container[];
}

export interface Container {
  readonly path: YamlPath;
  /** Its own, or the controller's default for all. */
  readonly resources: unknown;
}

/** Those that are enabled. */
export function controllersOf(values: unknown): readonly Controller[] {
  return enabled(fieldOf(values, 'controllers')).map(([name, controller]) => {
    const path = ['controllers', name];
    const type = textOf(controller['type']) ?? 'deployment';
    return {
      name,
      path,
      type,
      strategy: textOf(controller['strategy']) ?? (type === 'deployment' ? 'Recreate' : 'RollingUpdate'),
      replicas: numberOf(controller['replicas']) ?? 1,
      surge: fieldOf(controller['rollingUpdate'], 'surge'),
      containers: enabled(controller['containers']).map(([container, fields]) => ({
        path: [...path, 'containers', container],
        resources: isMap(fields['resources'])
          ? fields['resources']
          : fieldOf(controller['defaultContainerOptions'], 'resources'),
      })),
    };
  });
}

export interface Volume {
  readonly path: YamlPath;
  readonly claim: string | undefined;
  /** Of a claim that the chart makes. */
  readonly accessMode: string | undefined;
}

/** Claims that the controller's pods mount: all of them, unless their mounts name others. */
export function claimsOf(values: unknown, controller: string): readonly Volume[] {
  return enabled(fieldOf(values, 'persistence'))
    .filter(([, volume]) => (textOf(volume['type']) ?? 'persistentVolumeClaim') === 'persistentVolumeClaim')
    .filter(([, volume]) => isMounted(volume, controller))
    .map(([name, volume]) => ({
      path: ['persistence', name],
      claim: textOf(volume['existingClaim']),
      accessMode: textOf(volume['accessMode']),
    }));
}

function isMounted(volume: Readonly<Record<string, unknown>>, controller: string): boolean {
  if (itemsOf(volume['globalMounts']).length > 0) return true;
  const mounts = fieldsOf(volume['advancedMounts']);
  return Object.keys(mounts).length === 0 || Object.hasOwn(mounts, controller);
}

/** Entries are on unless they say `enabled: false`. */
function enabled(value: unknown): readonly (readonly [string, Readonly<Record<string, unknown>>])[] {
  return Object.entries(fieldsOf(value)).flatMap(([name, entry]) =>
    isMap(entry) && entry['enabled'] !== false ? [[name, entry] as const] : [],
  );
}
