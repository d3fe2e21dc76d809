/** Talos: what the chart watches by default and Talos does not run as a Pod. */
import type { Repository } from '../../gitops/model/repository.js';
import { readText } from './read-text.js';

const ofTalos = /(^|\/)(talos\/|tal(config|env|secret)\.)/;

export function isTalos({ tree }: Repository): boolean {
  return tree.paths.some((path) => ofTalos.test(path));
}

/** An image lies in the same folder, and is neither text nor small. */
const configuration = /\.(?:ya?ml|json|j2|tpl|tmpl)$/;

/** Whether a machine configuration of the tree lets Prometheus reach etcd. */
export function exposesEtcd({ tree }: Repository): boolean {
  return tree.paths.some(
    (path) =>
      ofTalos.test(path) && configuration.test(path) && readText(tree, path)?.includes('listen-metrics-urls') === true,
  );
}
