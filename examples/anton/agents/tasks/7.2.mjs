/** Pod Security Standards: labels on every namespace, contexts in the manifests, defaults in the API server. */
import { chmodSync } from 'node:fs';
import { posix } from 'node:path';
import { podSecurityLevels } from '../../checks/lib/conventions.mjs';
import { Repository } from '../../checks/lib/repository.mjs';
import { addResource, place, securityPatch, template, write } from '../lib/apps.mjs';
import { YamlFile, render } from '../lib/yaml-file.mjs';

const admissionPatch = 'talos/patches/controller/admission-controller-patch.yaml';

export default function enforceStandards() {
  const repository = new Repository();
  const namespaces = repository.namespaces();
  for (const namespace of namespaces) labelNamespace(namespace, repository);
  const releases = repository.helmReleases().filter(({ chart }) => chart === 'app-template');
  for (const release of releases) hardenRelease(release);
  place('7.2/tree');
  chmodSync('scripts/security/pod-security-report.sh', 0o755);
  write(admissionPatch, template('7.2/admission.yaml'));
  write('docs/security/pod-security.md', template('7.2/pod-security.md', { TABLE: levels(namespaces) }));
  return {
    summary: `${namespaces.length} namespaces carry Pod Security levels; ${releases.length} app-template releases run as nobody.`,
    notes: [
      'PodSecurityPolicy was removed from Kubernetes 1.25: this is Pod Security Admission.',
      'Talos takes the admission configuration node by node: apply it with `talosctl apply-config`, one at a time.',
    ],
  };
}

/** The labels go where the Namespace object comes from: the common component, or a manifest that is patched already. */
function labelNamespace({ name, file, object }, repository) {
  if (JSON.stringify(object.patches ?? '').includes('pod-security')) return;
  if (object.components?.some((component) => component.endsWith('components/common'))) {
    return YamlFile.edit(file, (yaml) => {
      yaml.ensure(0, ['patches'], [{ target: { kind: 'Namespace' }, patch: `${securityPatch(name).join('\n')}\n` }], {
        after: ['namespace'],
      });
    });
  }
  const patched = repository
    .yamlFiles(`kubernetes/apps/${name}`)
    .filter((path) => path.endsWith('/app/kustomization.yaml'))
    .find((path) => /kind: Namespace\b/.test(repository.text(path)));
  if (patched) return extendNamespacePatch(patched, name);
  const namespace = {
    apiVersion: 'v1',
    kind: 'Namespace',
    metadata: { name, labels: labelsOf(name), annotations: { 'kustomize.toolkit.fluxcd.io/prune': 'disabled' } },
  };
  write(posix.join(posix.dirname(file), 'namespace.yaml'), `---\n${render(namespace).join('\n')}\n`);
  addResource(file, './namespace.yaml');
}

/** A remote Namespace has labels of its own, so each of ours is added by itself. */
function extendNamespacePatch(path, namespace) {
  YamlFile.edit(path, (yaml) => {
    const index = yaml.value(0, ['patches']).findIndex(({ target }) => target.kind === 'Namespace');
    if (yaml.value(0, ['patches', index, 'patch']).includes('pod-security')) return;
    const { end } = yaml.node(0, ['patches', index, 'patch']);
    const operations = Object.entries(labelsOf(namespace)).map(([label, value]) => ({
      op: 'add',
      path: `/metadata/labels/${label.replace('/', '~1')}`,
      value,
    }));
    yaml.insert(end, render(operations, yaml.lines[end - 1].search(/\S/) - 2));
  });
}

const labelsOf = (namespace) =>
  Object.fromEntries(
    Object.entries(podSecurityLevels(namespace)).map(([mode, level]) => [`pod-security.kubernetes.io/${mode}`, level]),
  );

/** What is written there already stays: some images need their own user. */
function hardenRelease({ path, doc, values }) {
  YamlFile.edit(path, (yaml) => {
    const context = {
      runAsNonRoot: true,
      runAsUser: 65534,
      runAsGroup: 65534,
      fsGroup: 65534,
      seccompProfile: { type: 'RuntimeDefault' },
    };
    if (!values.defaultPodOptions?.securityContext)
      yaml.ensure(doc, ['spec', 'values', 'defaultPodOptions', 'securityContext'], context, { after: ['controllers'] });
    for (const [controller, { containers }] of Object.entries(values.controllers)) {
      for (const [container, { securityContext }] of Object.entries(containers)) {
        const at = ['spec', 'values', 'controllers', controller, 'containers', container, 'securityContext'];
        if (!securityContext)
          yaml.ensure(doc, at, { allowPrivilegeEscalation: false, capabilities: { drop: ['ALL'] } });
      }
    }
  });
}

function levels(namespaces) {
  return namespaces
    .map(({ name }) => {
      const { enforce, warn } = podSecurityLevels(name);
      return `| ${name} | ${enforce} | ${warn} |`;
    })
    .join('\n');
}
