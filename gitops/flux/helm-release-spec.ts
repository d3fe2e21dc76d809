/** The spec of a HelmRelease, of any of its API versions; fields of a wrong type are as good as not there. */
import { booleanOf, fieldOf, fieldsOf, isMap, itemsOf, nonEmpty, numberOf } from '../manifests/fields.js';
import { oncePerValue } from '../manifests/once-per.js';
import { type DependencyReference, type ObjectReference, readDependsOn, referenceOf } from './kustomization-spec.js';

export const helmGroup = 'helm.toolkit.fluxcd.io';

export interface ActionSpec {
  /** Undefined where `remediation.retries` is not set; the default is 0. */
  readonly retries: number | undefined;
  readonly remediateLastFailure: boolean | undefined;
  /** `remediation.strategy` of an upgrade: `rollback` or `uninstall`. */
  readonly remediationStrategy: string | undefined;
  /** `strategy.name`, from Flux 2.7: `RemediateOnFailure` or `RetryOnFailure`. */
  readonly strategy: string | undefined;
  readonly timeout: string | undefined;
  readonly crds: string | undefined;
  readonly createNamespace: boolean | undefined;
  readonly cleanupOnFail: boolean | undefined;
  readonly disableWait: boolean | undefined;
}

export interface ValuesReference {
  readonly kind: 'ConfigMap' | 'Secret';
  readonly name: string;
  readonly valuesKey: string;
  readonly targetPath: string | undefined;
  readonly optional: boolean;
  readonly index: number;
}

export interface ChartSpec {
  /** `chart.spec.chart`; undefined for a `chartRef`, whose source says which chart it is. */
  readonly chart: string | undefined;
  readonly version: string | undefined;
  readonly sourceRef: ObjectReference;
  /** Where it is written in the object. */
  readonly path: readonly string[];
}

export interface HelmReleaseSpec {
  readonly chart: ChartSpec | undefined;
  readonly interval: string | undefined;
  readonly timeout: string | undefined;
  readonly suspend: boolean | undefined;
  readonly releaseName: string | undefined;
  readonly targetNamespace: string | undefined;
  readonly storageNamespace: string | undefined;
  readonly maxHistory: number | undefined;
  readonly driftDetection: string | undefined;
  readonly dependsOn: readonly DependencyReference[];
  readonly install: ActionSpec;
  readonly upgrade: ActionSpec;
  readonly valuesFrom: readonly ValuesReference[];
  readonly hasPostRenderers: boolean;
}

/** Of the whole object or document: reads its `spec`. */
export const readHelmReleaseSpec = oncePerValue((object): HelmReleaseSpec => {
  const spec = fieldsOf(fieldOf(object, 'spec'));
  return {
    chart: readChart(spec),
    interval: nonEmpty(spec['interval']),
    timeout: nonEmpty(spec['timeout']),
    suspend: booleanOf(spec['suspend']),
    releaseName: nonEmpty(spec['releaseName']),
    targetNamespace: nonEmpty(spec['targetNamespace']),
    storageNamespace: nonEmpty(spec['storageNamespace']),
    maxHistory: numberOf(spec['maxHistory']),
    driftDetection: nonEmpty(fieldOf(spec['driftDetection'], 'mode')),
    dependsOn: readDependsOn(spec['dependsOn']),
    install: readAction(spec['install']),
    upgrade: readAction(spec['upgrade']),
    valuesFrom: readValuesFrom(spec['valuesFrom']),
    hasPostRenderers: itemsOf(spec['postRenderers']).length > 0,
  };
});

/** A HelmRelease without a chart cannot be applied by itself: it is a patch of another. */
export function hasChart(object: unknown): boolean {
  const spec = fieldOf(object, 'spec');
  return isMap(fieldOf(spec, 'chart')) || isMap(fieldOf(spec, 'chartRef'));
}

function readChart(spec: unknown): ChartSpec | undefined {
  const chartRef = referenceOf(fieldOf(spec, 'chartRef'));
  if (chartRef) return { chart: undefined, version: undefined, sourceRef: chartRef, path: ['spec', 'chartRef'] };
  const chart = fieldOf(fieldOf(spec, 'chart'), 'spec');
  const sourceRef = referenceOf(fieldOf(chart, 'sourceRef'));
  if (!sourceRef) return undefined;
  const version = fieldOf(chart, 'version');
  return {
    chart: nonEmpty(fieldOf(chart, 'chart')),
    version: typeof version === 'number' ? String(version) : nonEmpty(version),
    sourceRef,
    path: ['spec', 'chart', 'spec'],
  };
}

function readAction(value: unknown): ActionSpec {
  const action = fieldsOf(value);
  const remediation = fieldsOf(action['remediation']);
  return {
    retries: numberOf(remediation['retries']),
    remediateLastFailure: booleanOf(remediation['remediateLastFailure']),
    remediationStrategy: nonEmpty(remediation['strategy']),
    strategy: nonEmpty(fieldOf(action['strategy'], 'name')),
    timeout: nonEmpty(action['timeout']),
    crds: nonEmpty(action['crds']),
    createNamespace: booleanOf(action['createNamespace']),
    cleanupOnFail: booleanOf(action['cleanupOnFail']),
    disableWait: booleanOf(action['disableWait']),
  };
}

function readValuesFrom(value: unknown): readonly ValuesReference[] {
  return itemsOf(value).flatMap((item, index) => {
    const kind = fieldOf(item, 'kind');
    const name = nonEmpty(fieldOf(item, 'name'));
    if ((kind !== 'ConfigMap' && kind !== 'Secret') || name === undefined) return [];
    return [
      {
        kind,
        name,
        valuesKey: nonEmpty(fieldOf(item, 'valuesKey')) ?? 'values.yaml',
        targetPath: nonEmpty(fieldOf(item, 'targetPath')),
        optional: fieldOf(item, 'optional') === true,
        index,
      } as const,
    ];
  });
}
