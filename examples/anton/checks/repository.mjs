/** Checks of the whole tree: static checks, gates, and what join points ask of it. */
import { posix } from 'node:path';
import { cycles, dangling } from './lib/graph.mjs';
import { lineOf } from './lib/repository.mjs';
import { all, runCheck } from './lib/verdict.mjs';
import { readYaml, toValue } from './lib/yaml.mjs';

const control = process.argv.includes('--control');

function parses(repository) {
  const files = repository.yamlFiles().filter((path) => !path.endsWith('.j2'));
  const missing = files.flatMap((path) =>
    repository.yaml(path).problems.map(({ line, message }) => `${path}:${line + 1}: ${message}`),
  );
  return { passed: `${files.length} YAML files parse, no key stands twice`, missing };
}

/** Every file that a kustomization.yaml names is there, and every Kustomization of Flux has a folder. */
function references(repository) {
  const files = repository.yamlFiles('kubernetes').filter((path) => path.endsWith('/kustomization.yaml'));
  const missing = files.flatMap((path) => {
    const object = toValue(repository.yaml(path).documents[0]?.root) ?? {};
    const generated = (object.configMapGenerator ?? []).flatMap(({ files: list = [] }) =>
      list.map((file) => file.replace(/^[^=]*=/, '')),
    );
    return [...(object.resources ?? []), ...(object.components ?? []), ...(object.configurations ?? []), ...generated]
      .filter((resource) => !/^https?:/.test(resource))
      .filter((resource) => !repository.has(posix.join(posix.dirname(path), resource)))
      .map((resource) => `${path}: ${resource} does not exist`);
  });
  const folders = repository
    .kustomizations()
    .filter(
      ({ folder, object }) => object.spec.sourceRef.name === 'flux-system' && repository.files(folder).length === 0,
    )
    .map((found) => `${lineOf(found, 'spec', 'path')}: ${found.folder} does not exist`);
  return {
    passed: `${files.length} kustomization.yaml files name only what exists`,
    missing: [...missing, ...folders],
  };
}

function graph(repository) {
  const kustomizations = repository.kustomizations();
  const missing = [
    ...dangling(kustomizations).map(
      ({ kustomization, dependency }) =>
        `${lineOf(kustomization, 'spec', 'dependsOn')}: ${dependency.namespace}/${dependency.name} does not exist`,
    ),
    ...cycles(kustomizations).map((cycle) => `kubernetes/apps: ${cycle.join(' -> ')} is a cycle`),
  ];
  return { passed: `${kustomizations.length} Kustomizations, every dependency exists, none waits for itself`, missing };
}

/** Objects of one kind, namespace and name that two files of one Kustomization own. */
function owners(repository) {
  const firstFiles = new Map();
  const missing = [];
  for (const found of repository.objects('kubernetes/apps')) {
    if (/kustomize\.config\.k8s\.io/.test(found.object.apiVersion)) continue;
    const namespace = repository.ownerOf(found.path)?.target ?? found.path.split('/')[2];
    const id = [
      found.object.apiVersion.split('/')[0],
      found.kind,
      found.object.metadata?.namespace ?? namespace,
      found.name,
    ].join(' ');
    if (firstFiles.has(id))
      missing.push(`${lineOf(found, 'metadata')}: ${found.kind} ${found.name} stands in ${firstFiles.get(id)} too`);
    else firstFiles.set(id, found.path);
  }
  return { passed: `${firstFiles.size} objects, each in one file`, missing };
}

/** Secrets whose values anybody can read. The control plants one and has to be told about it. */
function plaintext(repository) {
  const planted = 'apiVersion: v1\nkind: Secret\nmetadata: {name: planted}\nstringData: {password: swordfish}\n';
  const found = control
    ? readYaml(planted).documents.map(({ root }) => ({
        path: 'planted',
        node: root,
        name: 'planted',
        kind: 'Secret',
        object: toValue(root),
      }))
    : repository.objects().filter(({ kind, object }) => kind === 'Secret' && object.apiVersion === 'v1');
  const missing = found
    .filter(({ object }) =>
      Object.values({ ...object.data, ...object.stringData }).some((value) => !/^(ENC\[|\$\{)/.test(String(value))),
    )
    .map((one) => `${lineOf(one, 'metadata')}: Secret ${one.name} is in plain text`);
  return seen('no Secret in plain text', missing);
}

/** Kustomizations that hold data and would delete it with a commit. The control takes the protection away. */
function stateful(repository) {
  const kinds = [
    'CephCluster',
    'CephObjectStoreUser',
    'ObjectBucketClaim',
    'PersistentVolumeClaim',
    'BackupStorageLocation',
  ];
  const charts = ['rook-ceph', 'rook-ceph-cluster', 'loki', 'velero'];
  const paths = [
    ...kinds.flatMap((kind) => repository.ofKind(kind)),
    ...repository.helmReleases().filter(({ chart }) => charts.includes(chart)),
  ].map(({ path }) => path);
  const holders = [...new Set(paths.map((path) => repository.ownerOf(path)).filter(Boolean))];
  if (control) holders.push({ path: 'planted', node: { line: 0 }, name: 'planted', object: { spec: { prune: true } } });
  const missing = holders
    .filter(({ object: { spec } }) => spec.prune !== false || spec.deletionPolicy !== 'Orphan')
    .map(
      (found) =>
        `${lineOf(found, 'spec', 'prune')}: ${found.name} holds data and needs prune: false and deletionPolicy: Orphan`,
    );
  return seen(`${holders.length} Kustomizations with data keep it when they go`, missing);
}

/** With --control a check of an absence passes if, and only if, it sees what was planted. */
function seen(passed, missing) {
  if (!control) return { passed, missing };
  return missing.some((line) => line.startsWith('planted'))
    ? { passed: 'sees what was planted', missing: [] }
    : { passed, missing: ['does not see what was planted'] };
}

/** What each task leaves behind: a join point sees by it that a task's work is in the merged tree. */
const marks = {
  1.1: ['docs/flux/standards.md'],
  1.2: ['docs/resources/analysis.md', 'docs/resources/strategy.md'],
  1.3: ['docs/secrets/onepassword.md', 'kubernetes/apps/external-secrets/secret-stores/ks.yaml'],
  1.4: ['docs/monitoring/slo.md', 'kubernetes/apps/monitoring/kube-prometheus-stack/config/kustomization.yaml'],
};

function merged(repository, ...tasks) {
  const missing = tasks.flatMap((task) =>
    marks[task]
      .filter((path) => !repository.has(path))
      .map((path) => `${path}: is missing, so task ${task} is not merged`),
  );
  return { passed: `the work of ${tasks.join(', ')} is in the tree`, missing };
}

function documentation(repository) {
  const wanted = [
    'flux/standards',
    'resources/strategy',
    'secrets/onepassword',
    'monitoring/slo',
    'storage/ceph',
    'storage/migration',
    'storage/object-storage',
    'observability/loki',
    'observability/troubleshooting',
    'runbooks/restore',
    'runbooks/disaster-recovery',
    'runbooks/rollback',
    'operations/capacity',
    'security/traffic-flows',
    'security/pod-security',
    'applications/backlog',
  ];
  const missing = wanted
    .map((name) => `docs/${name}.md`)
    .filter((path) => !repository.has(path))
    .map((path) => `${path}: is missing`);
  return { passed: `${wanted.length} documents are there`, missing };
}

runCheck({
  parses,
  references,
  graph,
  owners,
  plaintext,
  stateful,
  merged,
  documentation,
  validate: all(parses, references, graph, owners),
});
