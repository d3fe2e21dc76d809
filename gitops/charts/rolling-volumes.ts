/**
 * Deployments of charts that mount a claim of their own, and how they are told to roll: what decides between a rolling
 * update that waits for its own volume and one that works.
 * Source: values.yaml of the charts (kube-prometheus-stack 72.9.1 and 88.5.3 with its grafana, uptime-kuma 4.1.0), and
 * templates of goharbor/harbor-helm 1.16.0 to 1.18.3; what the API server refuses is from one cluster's history.
 */
import { fieldOf, isMap, itemsOf, textOf, valueAt } from '../manifests/fields.js';
import { isInRange, type VersionRange } from './version-range.js';

export interface ChartDeployment {
  readonly chart: string;
  readonly versions?: VersionRange;
  /** Of the Deployment, given that of the release. */
  readonly name: (release: string) => string;
  readonly replicas: readonly string[];
  /** Where `type: RollingUpdate` or `Recreate` is said; the default is RollingUpdate with a surge of 25 %. */
  readonly strategy: readonly string[];
  /** Whether, with these values, it mounts a ReadWriteOnce claim. */
  readonly hasOwnVolume: (values: unknown) => boolean;
  /** What the values must say for a rolling update without surge, or for none. */
  readonly remedy: string;
  /** Versions in which `type: Recreate` alone was refused, and what works instead. */
  readonly recreate?: {
    readonly versions: VersionRange;
    readonly why: string;
    readonly remedy: string;
    readonly hasRemedy: (strategy: unknown) => boolean;
  };
}

const grafana = (prefix: readonly string[]): Omit<ChartDeployment, 'chart' | 'name'> => ({
  replicas: [...prefix, 'replicas'],
  strategy: [...prefix, 'deploymentStrategy'],
  hasOwnVolume: (values) => {
    const chart = valueAt(values, prefix);
    const persistence = fieldOf(chart, 'persistence');
    return (
      fieldOf(chart, 'enabled') !== false &&
      fieldOf(chart, 'useStatefulSet') !== true &&
      fieldOf(persistence, 'enabled') === true &&
      (textOf(fieldOf(persistence, 'type')) ?? 'pvc') === 'pvc' &&
      fieldOf(persistence, 'existingClaim') === undefined &&
      isOnce(fieldOf(persistence, 'accessModes'))
    );
  },
  remedy: `set values.${[...prefix, 'deploymentStrategy'].join('.')} to {type: Recreate, rollingUpdate: null}`,
});

/** One node at a time, or one pod; the default of charts where nothing is said. */
function isOnce(accessModes: unknown): boolean {
  const modes = typeof accessModes === 'string' ? [accessModes] : itemsOf(accessModes);
  return modes.every((mode) => mode === 'ReadWriteOnce' || mode === 'ReadWriteOncePod');
}

export const chartDeployments: readonly ChartDeployment[] = [
  {
    ...grafana(['grafana']),
    chart: 'kube-prometheus-stack',
    name: (release) => `${release}-grafana`,
    recreate: {
      versions: { from: '83', before: '84' },
      why: 'leaves the rollingUpdate of the chart beside it',
      remedy: 'add rollingUpdate: null beside type: Recreate, which takes it away',
      hasRemedy: (strategy) => isMap(strategy) && strategy['rollingUpdate'] === null,
    },
  },
  {
    ...grafana([]),
    chart: 'grafana',
    name: (release) => (release.includes('grafana') ? release : `${release}-grafana`),
  },
  {
    chart: 'harbor',
    name: (release) => `${release.includes('harbor') ? release : `${release}-harbor`}-jobservice`,
    replicas: ['jobservice', 'replicas'],
    strategy: ['updateStrategy'],
    hasOwnVolume: (values) => {
      const claim = valueAt(values, ['persistence', 'persistentVolumeClaim', 'jobservice', 'jobLog']);
      return (
        valueAt(values, ['persistence', 'enabled']) !== false &&
        logsToFile(values) &&
        isOnce(fieldOf(claim, 'accessMode')) &&
        !textOf(fieldOf(claim, 'existingClaim'))
      );
    },
    remedy: 'patch the Deployment by postRenderers to maxSurge: 0 and maxUnavailable: 1',
    recreate: {
      versions: { from: '1.18', before: '1.19' },
      why: 'renders a rollingUpdate beside it, in jobservice and registry',
      remedy:
        'stay with RollingUpdate, and patch the Deployment of jobservice by postRenderers to maxSurge: 0 and maxUnavailable: 1',
      hasRemedy: () => false,
    },
  },
  {
    chart: 'uptime-kuma',
    versions: { from: '4' },
    name: (release) => (release.includes('uptime-kuma') ? release : `${release}-uptime-kuma`),
    replicas: ['replicaCount'],
    strategy: ['strategy'],
    hasOwnVolume: (values) =>
      valueAt(values, ['useDeploy']) !== false &&
      valueAt(values, ['volume', 'enabled']) !== false &&
      !textOf(valueAt(values, ['volume', 'existingClaim'])) &&
      isOnce(valueAt(values, ['volume', 'accessMode'])),
    remedy: 'set values.strategy.type to Recreate',
  },
];

/** Harbor's default. */
function logsToFile(values: unknown): boolean {
  const loggers = valueAt(values, ['jobservice', 'jobLoggers']);
  return loggers === undefined || itemsOf(loggers).includes('file');
}

/** Of the chart in that version. */
export function deploymentsOf(chart: string | undefined, version: string | undefined): readonly ChartDeployment[] {
  return chartDeployments.filter((one) => one.chart === chart && isInRange(one.versions ?? {}, version));
}
