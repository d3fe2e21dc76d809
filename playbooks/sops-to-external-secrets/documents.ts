/** Two pages of the repository: what became of each encrypted file, and what a person does in 1Password and in the cluster. */
import type { Repository } from '../../gitops/model/repository.js';
import type { PlaybookStep } from '../playbook.js';
import type { Parameters } from './parameters.js';
import type { Store } from './store.js';
import type { Survey } from './survey.js';

type Row = readonly [string, ...string[]];

export function documentSteps(
  repository: Repository,
  parameters: Parameters,
  survey: Survey,
  store: Store | undefined,
): readonly PlaybookStep[] {
  const inventory = `${parameters.documents}/sops-inventory.md`;
  const guide = `${parameters.documents}/onepassword.md`;
  const page = (what: string, file: string, text: string): PlaybookStep => ({
    what,
    file,
    change: { kind: 'write', text },
  });
  const known = textAt(repository, inventory);
  // Where nothing moves there is nothing to say that a note does not.
  if (!store && known === '') return [];
  const rows = inventoryRows(survey);
  const listed = page('what becomes of each encrypted file', inventory, inventoryPage(merged(rows, rowsOf(known))));
  if (!store) return [listed];
  const items = merged(itemRows(survey), rowsOf(textAt(repository, guide)));
  return [
    listed,
    page('what a person does in 1Password, in which order', guide, guidePage(items, survey, store, parameters)),
  ];
}

function inventoryRows({ moves, keys, kept }: Survey): readonly Row[] {
  return [
    ...moves.flatMap(({ path, secrets, home }) => secrets.map(({ name }): Row => [path, name, home])),
    ...keys.flatMap(({ path, secrets }) =>
      secrets.map(({ name }): Row => [path, name, 'goes last: it decrypts the others, and then nothing']),
    ),
    ...kept.map(({ path, name, why, isExempt }): Row => [path, name, `${isExempt ? 'exempt' : 'left'}: ${why}`]),
  ];
}

function itemRows({ moves }: Survey): readonly Row[] {
  return moves.flatMap(({ secrets, home }) =>
    secrets.map(({ item, keys, namespaces, name }): Row => [
      item,
      keys.join(', '),
      namespaces.map((namespace) => `${namespace}/${name}`).join(', '),
      home,
    ]),
  );
}

/** What a page has of files that are gone by now stays; two Secrets of one file are told by the second cell. */
function merged(rows: readonly Row[], before: readonly Row[]): readonly Row[] {
  const keyOf = ([first, second]: Row): string => `${first}\n${second}`;
  const known = new Map([...before, ...rows].map((row) => [keyOf(row), row]));
  return [...known.values()].toSorted((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1));
}

/** Of the first table of a page. */
function rowsOf(page: string): readonly Row[] {
  const lines = page.split('\n');
  const start = lines.findIndex((line) => line.startsWith('| -'));
  if (start < 0) return [];
  const rest = lines.slice(start + 1);
  const end = rest.findIndex((line) => !line.startsWith('| '));
  return rest.slice(0, end).map((line) => line.slice(2, -2).split(' | ') as unknown as Row);
}

function tableOf(rows: readonly Row[]): string {
  return rows.map((cells) => `| ${cells.map((cell) => cell.replaceAll('|', '/')).join(' | ')} |`).join('\n');
}

function textAt({ tree }: Repository, path: string): string {
  return tree.paths.includes(path) ? Buffer.from(tree.read(path)).toString('utf8') : '';
}

function inventoryPage(rows: readonly Row[]): string {
  return `# Inventory of SOPS files

Every file that is or was encrypted, and where its values come from now.

| File | Secret | Now |
| --- | --- | --- |
${tableOf(rows)}

How they got there: [onepassword.md](onepassword.md). Values that stand in clear in other files are not of this list.
`;
}

function guidePage(items: readonly Row[], { moves, keys, kept }: Survey, store: Store, parameters: Parameters): string {
  const namespace = store.operator.targetNamespace;
  const exempt = kept.filter(({ isExempt }) => isExempt);
  const calls = moves.flatMap(({ secrets }) =>
    secrets.map(({ namespaces, name, item }) => `${namespaces[0]} ${name} ${item}`),
  );
  const keyNames = [...new Set(keys.flatMap(({ secrets }) => secrets.map(({ name }) => name)))];
  return `# Secrets from 1Password

External Secrets reads vault \`${store.vault}\` through ClusterSecretStore \`${store.name}\` and writes ordinary Secrets. A field has the name of the Secret's key.

## Items

| Item | Fields | Makes | Written in |
| --- | --- | --- | --- |
${tableOf(items)}

A ClusterExternalSecret makes its Secret in the namespaces that it selects: where it lists them, add a new one there.

## Order

1. Stage \`store\` lands. Do [Bootstrap](#bootstrap), until the store is ready.
2. Do [Items of existing Secrets](#items-of-existing-secrets), until every key is the same.
3. Stage \`expand\` lands. Both make each Secret, with the same data. Do [Verify](#verify).
4. Stage \`contract\` lands: the files go, the Secrets stay. Do Verify again.
5. When nothing is to be undone any more, do [The end](#the-end).

## Bootstrap

The first secret cannot come from the store that it opens. Once per cluster, by hand; no value is ever an argument or on the screen.

${bootstrap(store, parameters, namespace)}

\`\`\`sh
kubectl get clustersecretstore ${store.name} # Ready has to be True; a running Pod proves nothing
\`\`\`

## Items of existing Secrets

\`\`\`bash
set -euo pipefail
umask 077
dir=$(mktemp -d) && trap 'rm -rf "$dir"' EXIT

move() { # namespace, Secret, item; an item of that title must not be there yet
  kubectl -n "$1" get secret "$2" -o json |
    jq --arg title "$3" '{title: $title, category: "SECURE_NOTE", fields: [.data | to_entries[] |
      {label: .key, type: "CONCEALED", value: (.value | @base64d)}]}' >"$dir/item.json"
  op item create --vault ${store.vault} --template "$dir/item.json" >/dev/null
  kubectl -n "$1" get secret "$2" -o json | jq -r '.data | keys[]' | while read -r key; do
    old=$(kubectl -n "$1" get secret "$2" -o json | jq -r --arg key "$key" '.data[$key]' | base64 -d | sha256sum)
    new=$(op read --no-newline "op://${store.vault}/$3/$key" </dev/null | sha256sum)
    if [ "$old" = "$new" ]; then echo "$1/$2 $key: same"; else echo "$1/$2 $key: DIFFERS"; fi
  done
}

${calls.map((call) => `move ${call}`).join('\n')}
\`\`\`

A key that differs (binary data, mostly) goes in as a file of that name instead of a field.

## Verify

Keep the hashes from before \`expand\`; after it, and after \`contract\`, they are the same, and each ExternalSecret says \`SecretSynced\`.

\`\`\`bash
hash() { echo "$1/$2 $(kubectl -n "$1" get secret "$2" -o json | jq -cS .data | sha256sum)"; }
${moves.flatMap(({ secrets }) => secrets.flatMap(({ namespaces, name }) => namespaces.map((one) => `hash ${one} ${name}`))).join('\n')}
kubectl get externalsecrets -A
\`\`\`

## Rotation

Change the field in 1Password. The Secret follows within ${parameters.refreshInterval}, or at once:

\`\`\`sh
kubectl -n NAMESPACE annotate externalsecret NAME force-sync=$(date +%s) --overwrite
\`\`\`

What reads it by environment has to be restarted.

## Undo

Revert the stage's commit, the later stage first. ${
    parameters.creationPolicy === 'Orphan'
      ? 'No Secret goes: with `creationPolicy: Orphan` it outlives its ExternalSecret, and Flux was told to keep it when its file went.'
      : 'Before `expand` is reverted set `creationPolicy: Orphan`, or each Secret goes with its ExternalSecret until Flux applies it again.'
  } Reverting \`contract\` needs the key that decrypts, which stays in the cluster until The end. Never uninstall External Secrets to undo: its definitions, and every ExternalSecret, would go.

## Stays encrypted

${exempt.map(({ path, why }) => `- \`${path}\`: ${why}.`).join('\n') || 'Nothing.'}

## The end

${theEnd(keyNames, store.vault)}
`;
}

function bootstrap({ provider, vault, backend }: Store, { tokenSecret }: Parameters, namespace: string): string {
  if (provider === 'onepasswordSDK')
    return `\`\`\`bash
op service-account create external-secrets --vault ${vault}:read_items --raw | tr -d '\\n' |
  kubectl -n ${namespace} create secret generic ${tokenSecret} --from-file=token=/dev/stdin
\`\`\``;
  const connect = backend?.targetNamespace ?? namespace;
  return `\`\`\`bash
cd "$(mktemp -d)" && umask 077
op connect server create ${vault} --vaults ${vault} # writes 1password-credentials.json
# Encoded once more than usual: Connect decodes what it reads.
base64 -w0 1password-credentials.json |
  kubectl -n ${connect} create secret generic op-credentials --from-file=1password-credentials.json=/dev/stdin
op connect token create external-secrets --server ${vault} --vault ${vault} | tr -d '\\n' |
  kubectl -n ${namespace} create secret generic ${tokenSecret} --from-file=token=/dev/stdin
rm 1password-credentials.json
\`\`\``;
}

function theEnd(keys: readonly string[], vault: string): string {
  if (keys.length === 0) return 'Take the key that decrypted out of the cluster, and keep it: old commits need it.';
  return `The key that decrypted stays in the cluster, so that a revert works. Keep it in 1Password first, as a document: old commits need it.

\`\`\`bash
op document create age.key --vault ${vault} --title sops-age-key
${keys.map((name) => `kubectl get secret -A --field-selector metadata.name=${name} -o json | jq -r '.items[].metadata.namespace' |\n  xargs -I{} kubectl -n {} delete secret ${name}`).join('\n')}
\`\`\`

Values that were in git stay in its history, encrypted to that key: change those that matter.`;
}
