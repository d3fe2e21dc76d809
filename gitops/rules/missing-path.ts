/** A Kustomization whose path is no folder of the repository: Flux says `kustomization path not found`. */
import { joinPath } from '../kustomize/repository-files.js';
import { nearest } from '../lint/nearest.js';
import type { Rule } from '../lint/rule.js';
import { objectText } from '../manifests/object-id.js';

export const missingPath: Rule = {
  id: 'missing-path',
  severity: 'error',
  summary: 'The path of a Kustomization is no folder of the repository.',
  layer: 'reference graph',
  *check({ tree, flux, kustomize }) {
    for (const { id, object, spec, directory } of flux.kustomizations) {
      if (directory.status !== 'missing') continue;
      const path = joinPath('', directory.path) ?? directory.path;
      const isFile = tree.paths.includes(path);
      const meant = nearest(path, kustomize.kustomizations.keys());
      const hint = isFile
        ? 'is a file; name its folder'
        : `is no folder of this repository${meant === undefined ? '; correct it, or remove the Kustomization' : `; did you mean ./${meant}`}`;
      yield {
        at: object.composed.origin(['spec', 'path']).place,
        subject: objectText(id),
        message: `spec.path ${spec.path} ${hint}`,
        key: 'path',
      };
    }
  },
};
