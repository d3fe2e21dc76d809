/** Task 1.2: every workload says what it needs, and the numbers have a reason. */
import { at, lineOf } from './lib/repository.mjs';
import { toValue } from './lib/yaml.mjs';
import { all, documented, runCheck } from './lib/verdict.mjs';
import { lacking, workloadsOf } from './lib/workloads.mjs';

function limits(repository) {
  const releases = repository.helmReleases();
  let count = 0;
  const missing = releases.flatMap((release) =>
    workloadsOf(release).flatMap(({ path, isPatch }) => {
      count++;
      const value = at(release.values, path);
      const lacks = isPatch
        ? JSON.stringify(value ?? '').includes('limits')
          ? []
          : ['a patch with limits']
        : lacking(value);
      return lacks.length
        ? [
            `${release.valuesAt.path}: ${release.name} has no ${lacks.join(', ')} at ${[...release.valuesAt.keys, ...path].join('.')}`,
          ]
        : [];
    }),
  );
  return { passed: `${count} workloads of ${releases.length} releases have requests and a memory limit`, missing };
}

/** What a remote manifest gives its Deployments is in no file: their patch sets resources, or the analysis leaves them to a person by name. */
function plainWorkloads(repository) {
  const patched = remoteDeployments(repository);
  const analysis = repository.text('docs/resources/analysis.md');
  const plain = ['Deployment', 'DaemonSet', 'StatefulSet'].flatMap((kind) =>
    repository.ofKind(kind, 'apps/', 'kubernetes/apps'),
  );
  const missing = [
    ...patched
      .filter(
        ({ path, name, patch }) =>
          !patch.includes('/resources') && !analysis.includes(`${path}: patches Deployment ${name} `),
      )
      .map(({ path, name }) => `${path}: the patch of Deployment ${name} sets no resources, and no analysis names it`),
    ...plain.flatMap((found) =>
      found.object.spec.template.spec.containers.flatMap(({ name, resources }) => {
        const lacks = lacking(resources);
        return lacks.length
          ? [`${lineOf(found, 'spec', 'template', 'spec', 'containers')}: container ${name} has no ${lacks.join(', ')}`]
          : [];
      }),
    ),
  ];
  return {
    passed: `${patched.length} patched and ${plain.length} plain workloads have resources, or are left to a person by name`,
    missing,
  };
}

function remoteDeployments(repository) {
  return repository
    .yamlFiles('kubernetes/apps')
    .filter((path) => path.endsWith('/kustomization.yaml'))
    .map((path) => ({ path, object: toValue(repository.yaml(path).documents[0]?.root) ?? {} }))
    .filter(({ object }) => object.resources?.some((resource) => /^https?:/.test(resource)))
    .flatMap(({ path, object }) =>
      (object.patches ?? [])
        .filter(({ target }) => target?.kind === 'Deployment')
        .map(({ target, patch }) => ({ path, name: target.name, patch })),
    );
}

const releaseNames = (repository) => repository.helmReleases().map(({ namespace, name }) => `${namespace}/${name}`);

runCheck({
  analysis: documented('docs/resources/analysis.md', 'container_memory_working_set_bytes', releaseNames),
  limits: all(limits, plainWorkloads),
  strategy: documented('docs/resources/strategy.md', '## Requests', '## Limits', '## Exceptions', '## Review'),
});
