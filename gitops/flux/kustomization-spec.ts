/** The spec of a Flux Kustomization, of any of its API versions; fields of a wrong type are as good as not there. */
import { booleanOf, fieldOf, fieldsOf, itemsOf, nonEmpty, textsOf } from '../manifests/fields.js';
import { oncePerValue } from '../manifests/once-per.js';

export const kustomizeGroup = 'kustomize.toolkit.fluxcd.io';

export function isKustomization({ group, kind }: { readonly group: string; readonly kind: string }): boolean {
  return group === kustomizeGroup && kind === 'Kustomization';
}

/** A reference to an object; without a namespace it is in the namespace of who refers. */
export interface ObjectReference {
  readonly kind: string;
  readonly name: string;
  readonly namespace: string | undefined;
}

export interface DependencyReference {
  readonly name: string;
  readonly namespace: string | undefined;
  readonly readyExpr: string | undefined;
  /** In the list as it is written, whatever else stands there: for the place. */
  readonly index: number;
}

export interface HealthCheck extends ObjectReference {
  readonly apiVersion: string | undefined;
  readonly index: number;
}

export interface SubstituteReference {
  readonly kind: 'ConfigMap' | 'Secret';
  readonly name: string;
  readonly optional: boolean;
  readonly index: number;
}

export interface KustomizationSpec {
  /** As written; `./` where it is left out. */
  readonly path: string;
  readonly interval: string | undefined;
  readonly retryInterval: string | undefined;
  readonly timeout: string | undefined;
  readonly wait: boolean | undefined;
  readonly prune: boolean | undefined;
  readonly suspend: boolean | undefined;
  readonly force: boolean | undefined;
  readonly deletionPolicy: string | undefined;
  readonly targetNamespace: string | undefined;
  readonly sourceRef: ObjectReference | undefined;
  readonly dependsOn: readonly DependencyReference[];
  readonly healthChecks: readonly HealthCheck[];
  readonly healthCheckExprs: readonly unknown[];
  readonly decryption: { readonly provider: string | undefined; readonly secret: string | undefined } | undefined;
  /** Without it, variables stay as they are. */
  readonly hasPostBuild: boolean;
  readonly substitute: ReadonlyMap<string, string>;
  readonly substituteFrom: readonly SubstituteReference[];
  readonly components: readonly string[];
  readonly serviceAccountName: string | undefined;
  /** Applied elsewhere: the objects are not this cluster's. */
  readonly kubeConfigSecret: string | undefined;
}

/** Of the whole object or document: reads its `spec`. */
export const readKustomizationSpec = oncePerValue((object): KustomizationSpec => {
  const spec = fieldsOf(fieldOf(object, 'spec'));
  const postBuild = spec['postBuild'];
  const decryption = spec['decryption'];
  return {
    path: nonEmpty(spec['path']) ?? './',
    interval: nonEmpty(spec['interval']),
    retryInterval: nonEmpty(spec['retryInterval']),
    timeout: nonEmpty(spec['timeout']),
    wait: booleanOf(spec['wait']),
    prune: booleanOf(spec['prune']),
    suspend: booleanOf(spec['suspend']),
    force: booleanOf(spec['force']),
    deletionPolicy: nonEmpty(spec['deletionPolicy']),
    targetNamespace: nonEmpty(spec['targetNamespace']),
    sourceRef: referenceOf(spec['sourceRef']),
    dependsOn: readDependsOn(spec['dependsOn']),
    healthChecks: itemsOf(spec['healthChecks']).flatMap((item, index) => {
      const reference = referenceOf(item);
      return reference ? [{ ...reference, apiVersion: nonEmpty(fieldOf(item, 'apiVersion')), index }] : [];
    }),
    healthCheckExprs: itemsOf(spec['healthCheckExprs']),
    decryption:
      decryption === undefined || decryption === null
        ? undefined
        : {
            provider: nonEmpty(fieldOf(decryption, 'provider')),
            secret: nonEmpty(fieldOf(fieldOf(decryption, 'secretRef'), 'name')),
          },
    hasPostBuild: postBuild !== undefined && postBuild !== null,
    substitute: textsOf(fieldOf(postBuild, 'substitute')),
    substituteFrom: readSubstituteFrom(fieldOf(postBuild, 'substituteFrom')),
    components: itemsOf(spec['components']).filter((item) => typeof item === 'string'),
    serviceAccountName: nonEmpty(spec['serviceAccountName']),
    kubeConfigSecret: nonEmpty(fieldOf(fieldOf(spec['kubeConfig'], 'secretRef'), 'name')),
  };
});

/** Also of a HelmRelease, whose list has the same shape. */
export function readDependsOn(value: unknown): readonly DependencyReference[] {
  return itemsOf(value).flatMap((item, index) => {
    const name = nonEmpty(fieldOf(item, 'name'));
    if (name === undefined) return [];
    const namespace = nonEmpty(fieldOf(item, 'namespace'));
    return [{ name, namespace, readyExpr: nonEmpty(fieldOf(item, 'readyExpr')), index }];
  });
}

export function referenceOf(value: unknown): ObjectReference | undefined {
  const kind = nonEmpty(fieldOf(value, 'kind'));
  const name = nonEmpty(fieldOf(value, 'name'));
  if (kind === undefined || name === undefined) return undefined;
  return { kind, name, namespace: nonEmpty(fieldOf(value, 'namespace')) };
}

function readSubstituteFrom(value: unknown): readonly SubstituteReference[] {
  return itemsOf(value).flatMap((item, index) => {
    const kind = fieldOf(item, 'kind');
    const name = nonEmpty(fieldOf(item, 'name'));
    if ((kind !== 'ConfigMap' && kind !== 'Secret') || name === undefined) return [];
    return [{ kind, name, optional: fieldOf(item, 'optional') === true, index } as const];
  });
}
