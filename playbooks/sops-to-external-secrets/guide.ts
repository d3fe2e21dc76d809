/** The page of what a person does in 1Password and in the cluster, in which order; with what to paste into a shell. */
import type { Parameters } from './parameters.js';
import type { Store } from './store.js';
import type { Survey } from './survey.js';
import { type Row, rowsOf, tableOf } from './table.js';

/** `known` is the page as it is, empty where there is none. */
export function guidePage(survey: Survey, store: Store, parameters: Parameters, known: string): string {
  const { moves, keys, kept } = survey;
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
${tableOf(itemRows(survey), rowsOf(known))}

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

Revert the stage's commit, the later stage first. No Secret goes: with \`creationPolicy: Orphan\` it outlives its ExternalSecret, and Flux was told to keep it when its file went. Reverting \`contract\` needs the key that decrypts, which stays in the cluster until The end. Never uninstall External Secrets to undo: its definitions, and every ExternalSecret, would go.

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
