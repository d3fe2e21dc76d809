/** Velero Deployment: backups of every namespace to S3, and what to do when they are needed. */
import { place, register } from '../lib/apps.mjs';

export default function deployVelero() {
  place('6.1');
  register('velero', 'velero', 'vmware-tanzu');
  return {
    summary: 'Daily and weekly backups of all namespaces but Ceph and Velero themselves, and two runbooks.',
    notes: [
      'The bucket is on the same Ceph: that is no copy for a disaster. The runbook asks for a second one elsewhere.',
      'Schedules wait in a second Kustomization until Velero has installed their definition.',
    ],
  };
}
