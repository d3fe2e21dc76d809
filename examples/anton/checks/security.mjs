/** Tasks 7.1 and 7.2: who may talk to whom, and what a Pod may do to its node. */
import { spawnSync } from 'node:child_process';
import { openNamespaces } from './lib/conventions.mjs';
import { lineOf } from './lib/repository.mjs';
import { all, documented, runCheck } from './lib/verdict.mjs';
import { toValue } from './lib/yaml.mjs';

const closed = (repository) => repository.namespaces().filter(({ name }) => !openNamespaces.includes(name));

/** Policies by the namespace that they take effect in. */
function policies(repository) {
  return repository
    .ofKind('CiliumNetworkPolicy', 'cilium.io', 'kubernetes/apps')
    .map((policy) => ({ ...policy, namespace: repository.ownerOf(policy.path)?.target }))
    .filter(({ namespace }) => namespace);
}

const deniesAll = ({ spec }) => {
  const isEmpty = (rules) => rules?.length === 1 && Object.keys(rules[0] ?? {}).length === 0;
  return Object.keys(spec.endpointSelector).length === 0 && isEmpty(spec.ingress) && isEmpty(spec.egress);
};

function defaultDeny(repository) {
  const denied = new Set(
    policies(repository)
      .filter(({ object }) => deniesAll(object))
      .map(({ namespace }) => namespace),
  );
  const wanted = closed(repository);
  const missing = wanted
    .filter(({ name }) => !denied.has(name))
    .map(({ file, name }) => `${file}: namespace ${name} has no policy that denies everything by default`);
  return { passed: `${wanted.length} namespaces deny by default; open: ${openNamespaces.join(', ')}`, missing };
}

/** Where everything is denied, DNS and probes have to be allowed, and each release that talks to others has a rule. */
function allowRules(repository) {
  const found = policies(repository);
  const missing = closed(repository).flatMap(({ name, file }) => {
    const mine = found.filter(({ namespace }) => namespace === name);
    const text = JSON.stringify(mine.map(({ object }) => object.spec));
    const releases = repository
      .helmReleases()
      .filter(({ namespace, values }) => namespace === name && JSON.stringify(values).includes('"ingress"'));
    return [
      !text.includes('kube-dns') && `${file}: nothing in ${name} may ask DNS`,
      !text.includes('"host"') && `${file}: nothing in ${name} can be probed`,
      ...releases.map(
        (release) =>
          !text.includes(`"app.kubernetes.io/instance":"${release.name}"`) &&
          `${file}: no rule lets anybody in to ${release.name}`,
      ),
    ].filter(Boolean);
  });
  const applications = found.filter(({ object }) =>
    JSON.stringify(object.spec.endpointSelector).includes('app.kubernetes.io/instance'),
  );
  if (applications.length === 0) missing.push('kubernetes/apps: no policy is for one application');
  return { passed: `${applications.length} policies are for one application each`, missing };
}

function tests(repository) {
  const script = repository.text('scripts/security/netpol-test.sh');
  const matrix = repository
    .text('scripts/security/netpol-matrix.tsv')
    .split('\n')
    .map((line) => line.split('\t'));
  const { status } = spawnSync('sh', ['-n'], { input: script });
  const missing = [
    !script && 'scripts/security/netpol-test.sh: is missing',
    status !== 0 && 'scripts/security/netpol-test.sh: the shell cannot read it',
    script &&
      !script.includes('control') &&
      'scripts/security/netpol-test.sh: a refusal proves nothing without a control',
    ...closed(repository).flatMap(({ name }) =>
      ['allow', 'deny'].map(
        (expect) =>
          !matrix.some((row) => row[0] === name && row[3] === expect) &&
          `scripts/security/netpol-matrix.tsv: no line expects "${expect}" from ${name}`,
      ),
    ),
  ].filter(Boolean);
  return { passed: `${matrix.length - 2} probes, each refusal with a control`, missing };
}

/** Labels stand on a Namespace, or in a patch of the kustomization.yaml that brings the Namespace along. */
function labels(repository) {
  const modes = ['enforce', 'audit', 'warn'].map((mode) => `pod-security.kubernetes.io/${mode}`);
  const missing = repository.namespaces().flatMap(({ name, file }) => {
    const texts = repository
      .yamlFiles(`kubernetes/apps/${name}`)
      .filter((path) => path.endsWith('kustomization.yaml'))
      .map((path) => JSON.stringify((toValue(repository.yaml(path).documents[0]?.root) ?? {}).patches ?? ''))
      .concat(
        repository
          .ofKind('Namespace', 'v1', `kubernetes/apps/${name}`)
          .map(({ object }) => JSON.stringify(object.metadata.labels ?? {})),
      );
    const written = texts.join().replaceAll('~1', '/');
    return modes
      .filter((mode) => !written.includes(mode))
      .map((mode) => `${file}: namespace ${name} has no label ${mode}`);
  });
  return { passed: `${repository.namespaces().length} namespaces have their levels`, missing };
}

function contexts(repository) {
  const releases = repository.helmReleases().filter(({ chart }) => chart === 'app-template');
  const missing = releases.flatMap((release) => [
    ...(release.values.defaultPodOptions?.securityContext?.runAsNonRoot
      ? []
      : [`${lineOf(release, 'spec', 'values')}: ${release.name} may run as root`]),
    ...Object.values(release.values.controllers ?? {}).flatMap(({ containers }) =>
      Object.entries(containers)
        .filter(([, { securityContext }]) => securityContext?.allowPrivilegeEscalation !== false)
        .map(
          ([container]) =>
            `${lineOf(release, 'spec', 'values', 'controllers')}: container ${container} of ${release.name} may gain privileges`,
        ),
    ),
  ]);
  const templates = ['restricted', 'volume-owner'].map((name) => `docs/security/templates/${name}.yaml`);
  return {
    passed: `${releases.length} releases follow ${templates.length} templates`,
    missing: [...missing, ...templates.filter((path) => !repository.has(path)).map((path) => `${path}: is missing`)],
  };
}

function admission(repository) {
  const folder = 'talos/patches/controller';
  const text = repository
    .yamlFiles(folder)
    .map((path) => repository.text(path))
    .join('\n');
  const missing = [
    !text.includes('PodSecurityConfiguration') && `${folder}: no patch configures the admission of Pods`,
    /op: remove\n\s+path: \/cluster\/apiServer\/admissionControl/.test(text) &&
      `${folder}: a patch still removes the admission control`,
  ].filter(Boolean);
  return { passed: `${folder} sets the defaults of Pod Security`, missing };
}

runCheck({
  'default-deny': defaultDeny,
  'allow-rules': allowRules,
  tests,
  flows: documented('docs/security/traffic-flows.md', (repository) =>
    closed(repository).map(({ name }) => `| ${name} |`),
  ),
  'pod-security': labels,
  contexts,
  admission,
  compliance: documented(
    'docs/security/pod-security.md',
    '## Levels',
    '## Exemptions',
    '| Until |',
    'scripts/security/pod-security-report.sh',
  ),
  policies: all(defaultDeny, allowRules),
});
