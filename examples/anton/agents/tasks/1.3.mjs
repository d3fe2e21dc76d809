/** Secrets Migration Completion: every Secret in git becomes an ExternalSecret that reads 1Password. */
import { basename, dirname, join } from 'node:path';
import { rmSync } from 'node:fs';
import { Repository } from '../../checks/lib/repository.mjs';
import { place, register, template, write } from '../lib/apps.mjs';
import { render, YamlFile } from '../lib/yaml-file.mjs';

/** Secrets that every namespace gets from the common component, and the key that decrypted all the others. */
const shared = 'cluster-secrets';
const ageKey = 'sops-age';

export default function migrateSecrets() {
  const repository = new Repository();
  const secrets = secretsOf(repository);
  for (const secret of secrets) {
    if (secret.path.startsWith('kubernetes/components/')) unlist(secret.path);
    else migrate(secret, repository);
    rmSync(secret.path);
  }
  if (secrets.length) {
    place('1.3', { SHARED_KEYS: sharedKeys(secrets) });
    writeDocuments(repository, secrets);
  }
  register('external-secrets', 'secret-stores');
  removeDecryption();
  return {
    summary: `${secrets.length} Secrets now come from 1Password; git holds none below kubernetes/.`,
    notes: [
      'The 1Password Connect credentials are created by hand: see docs/secrets/onepassword.md, Bootstrap.',
      'talos/talsecret.sops.yaml stays: Talos reads it before there is a cluster.',
    ],
  };
}

/** Secrets in git, encrypted or in plain text. */
function secretsOf(repository) {
  return repository
    .objects()
    .filter(({ kind, object }) => kind === 'Secret' && object.apiVersion === 'v1')
    .map(({ path, name, object }) => ({
      path,
      name,
      keys: Object.keys({ ...object.data, ...object.stringData }),
      home: homeOf(path, name),
    }));
}

function homeOf(path, name) {
  if (name === ageKey) return 'removed, nothing is decrypted any more';
  if (name === shared) return 'kubernetes/apps/external-secrets/secret-stores/app/cluster-secrets.yaml';
  const base = basename(path).replace(/(\.sops)?\.ya?ml$/, '');
  return join(dirname(path), base === 'secret' ? 'externalsecret.yaml' : `${base}.externalsecret.yaml`);
}

function migrate({ path, name, keys, home }, repository) {
  write(
    home,
    template('external-secret.yaml', {
      NAME: name,
      DATA: render(keys.map((key) => ({ secretKey: key, remoteRef: { key: name, property: key } }))).join('\n'),
    }),
  );
  YamlFile.edit(join(dirname(path), 'kustomization.yaml'), (file) => {
    const index = file.value(0, ['resources']).findIndex((resource) => basename(resource) === basename(path));
    const { line } = file.node(0, ['resources', index]);
    file.replace(line, line + 1, [file.lines[line].replace(basename(path), basename(home))]);
  });
  waitForStores(repository.ownerOf(path));
}

/** The application must not start before its secret can be synced. The place keeps clear of other edits of the same file. */
function waitForStores({ path, doc, object }) {
  if (object.spec.dependsOn?.some(({ name }) => name === 'secret-stores')) return;
  YamlFile.edit(path, (file) => {
    const dependency = { name: 'secret-stores', namespace: 'external-secrets' };
    if (file.node(doc, ['spec', 'dependsOn'])) file.addItem(doc, ['spec', 'dependsOn'], render(dependency), 0);
    else file.ensure(doc, ['spec', 'dependsOn'], [dependency], { after: ['path'] });
  });
}

function unlist(path) {
  YamlFile.edit(join(dirname(path), 'kustomization.yaml'), (file) => {
    const index = file.value(0, ['resources']).findIndex((resource) => basename(resource) === basename(path));
    if (index >= 0) file.removeItem(0, ['resources'], index);
  });
}

function sharedKeys(secrets) {
  const keys = secrets.find(({ name }) => name === shared)?.keys ?? ['SECRET_DOMAIN'];
  return render(keys.map((key) => ({ secretKey: key, remoteRef: { key: shared, property: key } }))).join('\n');
}

/** SOPS leaves the roots of Flux, the patch that they put on their children, and the rules for new files. */
function removeDecryption() {
  const repository = new Repository();
  for (const { path, doc } of repository.kustomizations().filter(({ isRoot }) => isRoot)) {
    YamlFile.edit(path, (file) => {
      file.removeEntry(doc, ['spec', 'decryption']);
      const index = file.value(doc, ['spec', 'patches'])?.findIndex(({ patch }) => patch.includes('decryption:')) ?? -1;
      if (index >= 0) file.removeItem(doc, ['spec', 'patches'], index);
    });
  }
  if (!repository.has('.sops.yaml')) return;
  YamlFile.edit('.sops.yaml', (file) => {
    const rules = file.value(0, ['creation_rules']) ?? [];
    const index = rules.findIndex((rule) => rule.path_regex.includes('kubernetes'));
    if (index >= 0) file.removeItem(0, ['creation_rules'], index);
  });
}

function writeDocuments(repository, secrets) {
  const exempt = repository.files('talos').filter((path) => path.endsWith('.sops.yaml'));
  const rows = [
    ...secrets.map(({ path, name, home }) => [path, name, home]),
    ...exempt.map((path) => [path, '-', 'exempt: Talos needs it before there is a cluster']),
  ];
  write('docs/secrets/sops-inventory.md', template('sops-inventory.md', { TABLE: table(rows) }));
  const items = secrets
    .filter(({ name }) => name !== ageKey)
    .map(({ name, keys, home }) => [name, keys.join(', '), home]);
  write('docs/secrets/onepassword.md', template('onepassword.md', { TABLE: table(items) }));
}

const table = (rows) => rows.map((cells) => `| ${cells.join(' | ')} |`).join('\n');
