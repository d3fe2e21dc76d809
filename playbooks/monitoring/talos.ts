/** Talos: what the chart watches by default and Talos does not run as a Pod. */
import type { Repository } from '../../gitops/model/repository.js';

const ofTalos = /(^|\/)(talos\/|tal(config|env|secret)\.)/;

export function isTalos({ tree }: Repository): boolean {
  return tree.paths.some((path) => ofTalos.test(path));
}

/** Whether a machine configuration of the tree lets Prometheus reach etcd. */
export function exposesEtcd({ tree }: Repository): boolean {
  const decoder = new TextDecoder();
  return tree.paths.some(
    (path) => ofTalos.test(path) && decoder.decode(tree.read(path)).includes('listen-metrics-urls'),
  );
}
