/** The table of charts' resources beside the charts' own values.yaml, in both of their versions. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { resourceTable } from '../../gitops/charts/resource-table.js';
import { readResources } from '../../gitops/charts/resource-keys.js';
import { isInRange } from '../../gitops/charts/version-range.js';
import { valueAt } from '../../gitops/manifests/fields.js';

const charts = fileURLToPath(new URL('../../../shared/charts', import.meta.url));
const missingCharts = existsSync(charts) ? '' : ' (not run: ../shared/charts is not there)';

interface Chart {
  readonly folder: string;
  readonly name: string;
  readonly version: string;
  readonly values: unknown;
}

function chartIn(folder: string): Chart {
  const read = (file: string): unknown => parse(readFileSync(join(charts, folder, file), 'utf8'));
  const { name, version } = read('Chart.yaml') as { name: string; version: string };
  const subcharts = existsSync(join(charts, folder, 'charts')) ? readdirSync(join(charts, folder, 'charts')) : [];
  const own = (read('values.yaml') ?? {}) as Record<string, unknown>;
  const defaults = Object.fromEntries(
    subcharts
      .filter((subchart) => existsSync(join(charts, folder, 'charts', subchart, 'values.yaml')))
      .map((subchart) => [subchart, merged(read(`charts/${subchart}/values.yaml`), own[subchart])]),
  );
  return { folder, name, version, values: { ...own, ...defaults } };
}

function merged(defaults: unknown, over: unknown): unknown {
  if (typeof over !== 'object' || over === null || Array.isArray(over)) return over ?? defaults;
  const base = (typeof defaults === 'object' && defaults !== null ? defaults : {}) as Record<string, unknown>;
  return {
    ...base,
    ...Object.fromEntries(Object.entries(over).map(([key, value]) => [key, merged(base[key], value)])),
  };
}

const known =
  missingCharts === ''
    ? [...readdirSync(charts), ...readdirSync(join(charts, 'plan')).map((folder) => `plan/${folder}`)]
        .filter((folder) => existsSync(join(charts, folder, 'Chart.yaml')))
        .map(chartIn)
    : [];

describe.skipIf(missingCharts !== '')(`charts and their table${missingCharts}`, () => {
  test.each(known)('$folder', ({ name, version, values }) => {
    for (const { keys, unused = [] } of resourceTable.filter(
      (entry) => entry.chart === name && isInRange(entry.versions ?? {}, version),
    )) {
      for (const { path, defaults, isOptional, when = [] } of keys) {
        if (isOptional || path.includes('*')) continue;
        const own = readResources(valueAt(values, path));
        // A limit that other versions have otherwise is no matter: whether it is there is.
        expect({ path, missing: shape(own) }).toEqual({ path, missing: shape(readResources(defaults)) });
        for (const one of when) {
          const value = valueAt(values, one.path);
          const isOn = one.is === undefined ? value !== undefined && value !== false && value !== 0 : value === one.is;
          if (value !== undefined) expect({ path: one.path, isOn }).toEqual({ path: one.path, isOn: one.byDefault });
        }
      }
      for (const { path } of unused.filter(({ readsText }) => !readsText))
        expect({ path, value: valueAt(values, path) }).toEqual({ path, value: undefined });
    }
  });
});

function shape({ requests = {}, limits = {} }: ReturnType<typeof readResources>): readonly string[] {
  return [
    ...Object.keys(requests).map((key) => `requests.${key}`),
    ...Object.keys(limits).map((key) => `limits.${key}`),
  ].sort();
}
