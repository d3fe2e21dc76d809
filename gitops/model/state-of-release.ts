/** Whether a HelmRelease holds state, and what of it goes when it is uninstalled. */
import type { HelmRelease } from '../flux/helm-release.js';
import { listed } from '../lint/wording.js';
import { fieldOf, fieldsOf, isMap, nonEmpty } from '../manifests/fields.js';
import { oncePerValue } from '../manifests/once-per.js';
import type { YamlPath } from '../yaml/yaml-file.js';

export interface ReleaseState {
  /** What an uninstall does: `the claims that it makes are deleted with their data (persistence.data)`. */
  readonly consequence: string;
  /** Other releases lose what they have, too. */
  readonly isSharedByOthers: boolean;
}

/** Undefined where nothing says that it holds any. */
export function stateOf({ chart, values }: Pick<HelmRelease, 'chart' | 'values'>): ReleaseState | undefined {
  const known = charts.get(chart?.name ?? '');
  // Definitions that come from elsewhere do not go with the release.
  if (known && fieldOf(values.value, 'installCRDs') !== false) return known;
  const { claims, templates } = storageIn(withDefaults(chart?.name, values.value));
  if (claims.length > 0)
    return {
      consequence: `the claims that it makes are deleted, with their data (values ${listed(claims)})`,
      isSharedByOthers: false,
    };
  if (templates.length > 0)
    return { consequence: `it holds data (values ${listed(templates)})`, isSharedByOthers: false };
  const isDatabase = chart?.name !== undefined && databases.test(chart.name);
  return isDatabase ? { consequence: `chart ${chart.name} holds data`, isSharedByOthers: false } : undefined;
}

/** Charts of which an uninstall takes more than their claims; cloudnative-pg has Helm keep its definitions. */
const charts: ReadonlyMap<string, ReleaseState> = new Map([
  [
    'rook-ceph-cluster',
    {
      consequence:
        'the CephCluster and whatever pools, file systems and stores it made are marked for deletion, which Rook cannot undo by itself and holds off only as long as there is data on them',
      isSharedByOthers: true,
    },
  ],
  [
    'external-secrets',
    {
      consequence:
        'its definitions are deleted, and with them every ExternalSecret and each Secret that one of them owns',
      isSharedByOthers: true,
    },
  ],
]);

/** A volume that the chart claims unless its values say otherwise. */
function withDefaults(chart: string | undefined, values: unknown): unknown {
  if (chart !== 'uptime-kuma') return values;
  return { ...fieldsOf(values), volume: { enabled: true, size: '4Gi', ...fieldsOf(fieldOf(values, 'volume')) } };
}

/** Charts of databases and stores, which hold data whatever their values say. */
const databases =
  /^(?:postgresql(?:-ha)?|mysql|mariadb(?:-galera)?|mongodb|redis(?:-cluster)?|valkey|minio|tenant|etcd|clickhouse|cassandra|kafka|rabbitmq|elasticsearch|opensearch|vault|gitea|forgejo|harbor|nextcloud|influxdb2?|loki|victoria-metrics-single)$/;

/** Keys under which charts ask for volumes: of their own, or by templates of a StatefulSet, which survive it. */
const storageIn = oncePerValue((values) => {
  const claims: string[] = [];
  const templates: string[] = [];
  const visit = (value: unknown, path: YamlPath): void => {
    const key = String(path.at(-1) ?? '');
    const parent = String(path.at(-2) ?? '');
    if (/^volumeClaimTemplates?$/.test(key) && isFilled(value)) templates.push(path.join('.'));
    if (!isMap(value) || path.length > deepest) return;
    const isOne = persistence.test(parent) || key === 'volume';
    if (persistence.test(key) ? value['enabled'] === true : isOne && isClaimOfItsOwn(value))
      if (isClaim(value)) claims.push(path.join('.'));
    for (const [name, item] of Object.entries(value))
      if (typeof item === 'object' && item !== null) visit(item, [...path, name]);
  };
  visit(values, []);
  return { claims, templates };
});

function isFilled(value: unknown): boolean {
  return Array.isArray(value) ? value.length > 0 : isMap(value) && Object.keys(value).length > 0;
}

const persistence = /^(?:persistence|persistentVolume|dataStorage)$/;
const deepest = 12;

/** An entry of app-template's `persistence`, or a `volume`: without a type a claim is what is meant. */
function isClaimOfItsOwn(value: Readonly<Record<string, unknown>>): boolean {
  return (
    value['enabled'] !== false && (nonEmpty(value['size']) !== undefined || value['type'] === 'persistentVolumeClaim')
  );
}

/** A claim that the chart makes, and that goes with it. */
function isClaim(value: Readonly<Record<string, unknown>>): boolean {
  const type = nonEmpty(value['type']) ?? 'persistentVolumeClaim';
  const isOther = nonEmpty(value['existingClaim']) !== undefined || value['retain'] === true;
  return !isOther && ['persistentVolumeClaim', 'pvc'].includes(type);
}
