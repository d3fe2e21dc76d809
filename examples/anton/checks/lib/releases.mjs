/** Checks on what a release's values say; shared by everything that is installed by a chart. */
import { at, lineOf } from './repository.mjs';

/** The release of a chart that the cluster really gets; undefined if a Kustomization does not reach it. */
export function releaseOf(repository, chart) {
  return repository.helmReleases().find((release) => release.chart === chart && repository.ownerOf(release.path));
}

/** A chart is deployed, with a pinned version and values for which `wanted` finds nothing missing: `{path: test}`. */
export function deployed(chart, wanted = {}) {
  return (repository) => {
    const release = releaseOf(repository, chart);
    if (!release) return { passed: '', missing: [`kubernetes/apps: no Kustomization deploys the chart ${chart}`] };
    const missing = Object.entries(wanted)
      .filter(([path, test]) => !accepts(test, at(release.values, path.split('.'))))
      .map(
        ([path, test]) =>
          `${release.valuesAt.path}: ${[...release.valuesAt.keys, path].join('.')} should be ${typeof test === 'function' ? test.name : JSON.stringify(test)}`,
      );
    return { passed: `${release.namespace}/${release.name} (${lineOf(release, 'spec')})`, missing };
  };
}

const accepts = (test, value) =>
  typeof test === 'function' ? test(value) : JSON.stringify(value) === JSON.stringify(test);

/** At least one object of a kind for which `test` finds nothing missing, applied by a Kustomization. */
export function objects(kind, group, test = () => []) {
  return (repository) => {
    const found = repository.ofKind(kind, group, 'kubernetes/apps').filter(({ path }) => repository.ownerOf(path));
    const missing = found.length
      ? found.flatMap((one) => test(one).map((line) => `${lineOf(one, 'spec')}: ${line}`))
      : [`kubernetes/apps: no Kustomization applies a ${kind}`];
    return { passed: `${found.length} ${kind}: ${found.map(({ name }) => name).join(', ')}`, missing };
  };
}

export const there = (value) => value !== undefined && value !== null && value !== '';
