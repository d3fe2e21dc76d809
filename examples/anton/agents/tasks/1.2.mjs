/** Resource Limits Implementation: requests and memory limits where each chart takes them, and why these. */
import { at, Repository } from '../../checks/lib/repository.mjs';
import { lacking, workloadsOf } from '../../checks/lib/workloads.mjs';
import { render, YamlFile } from '../lib/yaml-file.mjs';
import { template, write } from '../lib/apps.mjs';

export default function limitResources({ hasFeedback }) {
  const repository = new Repository();
  const releases = repository.helmReleases();
  // Until somebody says so, this agent overlooks that some releases keep their values in app/helm/values.yaml.
  const seen = hasFeedback ? releases : releases.filter(({ valuesAt }) => valuesAt.keys.length > 0);
  for (const release of seen) limitRelease(release);
  limitPatchedDeployments(repository);
  limitPlainWorkloads(repository);
  write('docs/resources/analysis.md', template('1.2/analysis.md', { TABLE: analysis(new Repository()) }));
  write('docs/resources/strategy.md', template('1.2/strategy.md'));
  return {
    summary: `${seen.length} of ${releases.length} releases have requests and limits.`,
    notes: ['No CPU limits: they throttle operators without protecting a node.'],
  };
}

function limitRelease(release) {
  const { path, doc, keys } = release.valuesAt;
  YamlFile.edit(path, (file) => {
    for (const { path: key, sizes, isPatch } of workloadsOf(release)) {
      const current = at(release.values, key);
      if (isPatch) {
        if (current === undefined) file.ensure(doc, [...keys, ...key], [controllerPatch(sizes)]);
      } else if (lacking(current).length || !current.requests?.memory)
        file.ensure(doc, [...keys, ...key], resources(sizes, current));
    }
  });
}

/** Flux's own controllers have no values for resources: the instance patches their Deployments. */
function controllerPatch(sizes) {
  const patch = { op: 'replace', path: '/spec/template/spec/containers/0/resources', value: resources(sizes) };
  return { target: { kind: 'Deployment' }, patch: `${render([patch]).join('\n')}\n` };
}

/** The sizes as resources; an existing limit is kept, and a request never exceeds it. */
function resources([cpu, memory, limit], current) {
  const kept = current?.limits?.memory;
  return {
    requests: { cpu, memory: kept && bytes(kept) < bytes(memory) ? kept : memory },
    limits: { memory: kept ?? limit },
  };
}

function bytes(quantity) {
  const [, number, unit] = /^(\d+)(\D*)$/.exec(String(quantity)) ?? [0, 0, ''];
  return number * 1024 ** ['', 'Ki', 'Mi', 'Gi'].indexOf(unit);
}

const remoteSizes = ['10m', '64Mi', '256Mi'];

/** Deployments of remote manifests get their resources from the patch that moves them to their namespace. */
function limitPatchedDeployments(repository) {
  for (const path of repository.yamlFiles('kubernetes/apps').filter((name) => name.endsWith('/kustomization.yaml'))) {
    YamlFile.edit(path, (file) => {
      const { resources: sources = [], patches = [] } = file.value(0) ?? {};
      if (!sources?.some((source) => /^https?:/.test(source))) return;
      patches.forEach(({ target, patch }, index) => {
        if (target?.kind !== 'Deployment' || patch.includes('/resources')) return;
        const { end } = file.node(0, ['patches', index, 'patch']);
        const indent = file.lines[end - 1].search(/\S/) - 2;
        const operation = {
          op: 'add',
          path: '/spec/template/spec/containers/0/resources',
          value: resources(remoteSizes),
        };
        file.insert(end, render([operation], indent));
      });
    });
  }
}

function limitPlainWorkloads(repository) {
  for (const kind of ['Deployment', 'DaemonSet', 'StatefulSet']) {
    for (const { path, doc, object } of repository.ofKind(kind, 'apps/', 'kubernetes/apps')) {
      YamlFile.edit(path, (file) => {
        object.spec.template.spec.containers.forEach(({ resources: current }, index) => {
          if (lacking(current).length)
            file.ensure(
              doc,
              ['spec', 'template', 'spec', 'containers', index, 'resources'],
              resources(remoteSizes, current),
            );
        });
      });
    }
  }
}

function analysis(repository) {
  return repository
    .helmReleases()
    .flatMap((release) =>
      workloadsOf(release).map(({ path, sizes, isPatch }) => {
        const { requests = {}, limits = {} } = (!isPatch && at(release.values, path)) || resources(sizes);
        const cells = [
          `${release.namespace}/${release.name}`,
          path.join('.'),
          requests.cpu ?? limits.cpu,
          requests.memory ?? limits.memory,
          limits.memory,
        ];
        return `| ${cells.join(' | ')} |`;
      }),
    )
    .join('\n');
}
