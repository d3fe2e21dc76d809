/** Loki Deployment: one process, chunks in Ceph S3, thirty days. */
import { place, register } from '../lib/apps.mjs';

export default function deployLoki() {
  place('4.1');
  register('monitoring', 'loki');
  return {
    summary: 'Loki with its chunks in Ceph S3, 30 days of retention and a data source in Grafana.',
    notes: [
      '`$${...}` is meant: Flux leaves it to Loki, which reads the bucket from its environment.',
      'Entries of schemaConfig are never changed, only added.',
    ],
  };
}
