/** Ceph Storage Configuration: buckets, users, quotas and what expires when. */
import { place, register } from '../lib/apps.mjs';

export default function configureStorage() {
  place('3.2');
  register('rook-ceph', 'object-storage');
  register('monitoring', 'loki-bucket');
  return {
    summary: 'Buckets for backups and logs, each with an owner, a quota and a rule for unfinished uploads.',
    notes: [
      'Keys stay in the Secrets that Rook writes. Copy the keys of the user velero to the 1Password item `velero-s3` before 6.1.',
    ],
  };
}
