import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { fieldOf, itemsOf, valueAt } from '../manifests/fields.js';
import { YamlFile } from '../yaml/yaml-file.js';
import {
  compareMinors,
  type FluxMinor,
  isServed,
  minorOf,
  removedIn,
  servedVersions,
  versionsOf,
} from './flux-api-versions.js';

const crds = new URL('../../../shared/crds/', import.meta.url);
const where = existsSync(crds) ? '' : ' (not run: ../shared/crds is not there)';

/** `HelmRelease v2beta2*` of each version that a file of definitions serves; `*` for deprecated. */
function servedBy(file: string): readonly string[] {
  const { documents } = YamlFile.read(file, readFileSync(new URL(file, crds), 'utf8'));
  return documents
    .flatMap(({ value }) =>
      itemsOf(valueAt(value, ['spec', 'versions'])).map(
        (version) =>
          `${String(valueAt(value, ['spec', 'names', 'kind']))} ${String(fieldOf(version, 'name'))}${fieldOf(version, 'deprecated') === true ? '*' : ''}`,
      ),
    )
    .sort();
}

function servedAt(minor: FluxMinor): readonly string[] {
  return servedVersions
    .filter((one) => isServed(one, minor))
    .map(({ kind, version, deprecatedSince }) => {
      const isDeprecated = deprecatedSince !== undefined && compareMinors(deprecatedSince, minor) <= 0;
      return `${kind} ${version}${isDeprecated ? '*' : ''}`;
    })
    .sort();
}

describe.skipIf(where !== '')(`the table beside the definitions themselves${where}`, () => {
  test.each([
    ['older/flux-2.5.1.yaml', '2.5'],
    ['flux.yaml', '2.9'],
  ] as const)('%s', (file, minor) => {
    expect(servedAt(minor)).toEqual(servedBy(file));
  });
});

test.each([
  ['v2.6.1', '2.6'],
  ['2.6.x', '2.6'],
  ['2.6', '2.6'],
  ['v0.31.4', '0.31'],
  ['2.10.0-rc.1', '2.10'],
  ['2.x', undefined],
  ['latest', undefined],
  ['>=2.6.0', undefined],
])('the minor of %s is %s', (version, minor) => {
  expect(minorOf(version)).toBe(minor);
});

test('minors are numbers, not decimals', () => {
  expect(compareMinors('2.10', '2.9')).toBeGreaterThan(0);
  expect(compareMinors('0.41', '2.0')).toBeLessThan(0);
});

test('a version is gone in the minor after the last that serves it', () => {
  const [v1, v1beta2] = versionsOf('source.toolkit.fluxcd.io', 'OCIRepository');
  expect(removedIn(v1!)).toBeUndefined();
  expect(removedIn(v1beta2!)).toBe('2.8');
});
