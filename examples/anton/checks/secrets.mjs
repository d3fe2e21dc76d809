/** Task 1.3: no secret is kept in git any more, encrypted or not. */
import { documented, runCheck } from './lib/verdict.mjs';

/** Talos reads its own secrets before there is a cluster, so no store inside the cluster can hold them. */
const exempt = /^talos\//;

const sopsFiles = (repository) => repository.files().filter((path) => /[^/]\.sops\.ya?ml$/.test(path));
const externalSecrets = (repository) =>
  ['ExternalSecret', 'ClusterExternalSecret'].flatMap((kind) => repository.ofKind(kind));

/** Every SOPS file is listed, and where the list says that a secret has moved, there is one. */
function inventory(repository) {
  const path = 'docs/secrets/sops-inventory.md';
  const rows = [...repository.text(path).matchAll(/^\| (\S+\.ya?ml) \| (\S+) \| (.+) \|$/gm)].map(
    ([, file, name, home]) => ({ file, name, home }),
  );
  const missing = [
    ...(rows.length ? [] : [`${path}: lists no file`]),
    ...sopsFiles(repository)
      .filter((file) => !rows.some((row) => row.file === file))
      .map((file) => `${path}: does not list ${file}`),
    ...rows
      .filter(({ home }) => home.startsWith('kubernetes/') && !repository.has(home))
      .map(({ name, home }) => `${path}: ${home}, which is to give ${name}, does not exist`),
  ];
  return { passed: `${rows.length} files that were encrypted are listed, with what became of them`, missing };
}

function migrated(repository) {
  const stores = new Set(repository.ofKind('ClusterSecretStore').map(({ name }) => name));
  const found = externalSecrets(repository);
  const left = sopsFiles(repository).filter((path) => !exempt.test(path));
  const missing = [
    ...left.map((path) => `${path}: is still encrypted with SOPS`),
    ...(found.length ? [] : ['kubernetes: has no ExternalSecret']),
    ...found.flatMap(({ path, name, object }) => {
      const { secretStoreRef } = object.spec.externalSecretSpec ?? object.spec;
      return stores.has(secretStoreRef?.name)
        ? []
        : [`${path}: ${name} refers to the store ${secretStoreRef?.name}, which does not exist`];
    }),
  ];
  return {
    passed: `${found.length} external secrets in ${stores.size} store; exempt: ${sopsFiles(repository).join(', ') || 'none'}`,
    missing,
  };
}

function configuration(repository) {
  const decrypting = repository
    .yamlFiles('kubernetes')
    .filter((path) => /^\s*decryption:/m.test(repository.text(path)))
    .map((path) => `${path}: still decrypts with SOPS`);
  const rules = /path_regex:.*kubernetes/.test(repository.text('.sops.yaml'))
    ? ['.sops.yaml: still has a rule for kubernetes/']
    : [];
  const references = repository
    .yamlFiles('kubernetes')
    .filter((path) => path.endsWith('/kustomization.yaml') && /\.sops\.ya?ml/.test(repository.text(path)))
    .map((path) => `${path}: still lists a SOPS file`);
  return {
    passed: 'nothing decrypts and nothing refers to SOPS files below kubernetes/',
    missing: [...decrypting, ...rules, ...references],
  };
}

const names = (repository) => externalSecrets(repository).map(({ name }) => name);

runCheck({
  inventory,
  migrated,
  documentation: documented('docs/secrets/onepassword.md', '## Bootstrap', '## Rotation', '## Items', names),
  configuration,
});
