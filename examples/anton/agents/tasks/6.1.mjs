/** Velero Deployment: backups of every namespace to S3, and what to do when they are needed. */
import { existsSync, readFileSync } from 'node:fs';
import { place, register, write } from '../lib/apps.mjs';

export default function deployVelero() {
  place('6.1');
  register('velero', 'velero', 'vmware-tanzu');
  listItem();
  return {
    summary: 'Daily and weekly backups of all namespaces but Ceph and Velero themselves, and two runbooks.',
    notes: [
      'The bucket is on the same Ceph: that is no copy for a disaster. The runbook asks for a second one elsewhere.',
      'Schedules wait in a second Kustomization until Velero has installed their definition.',
    ],
  };
}

/** The keys of the bucket come from 1Password, so they belong to the list of items. */
function listItem() {
  const path = 'docs/secrets/onepassword.md';
  const row =
    '| velero-s3 | access_key, secret_key | velero/velero-credentials | kubernetes/apps/velero/velero/app/externalsecret.yaml |';
  const text = existsSync(path) ? readFileSync(path, 'utf8') : '';
  if (text && !text.includes(row)) write(path, text.replace(/^(\| ---.*\n(?:\|.*\n)*)/m, `$1${row}\n`));
}
