/** Suspends Flux Kustomizations in a file by splicing one line, and no other byte. */
import { isMap, isScalar, parseAllDocuments, type YAMLMap } from 'yaml';

/**
 * The text with `suspend: true` in the spec of every Flux Kustomization and HelmRelease.
 * Idempotent. A text that does not parse, or holds none, comes back as it is.
 */
export function suspendKustomizations(text: string): string {
  const documents = parseAllDocuments(text);
  const splices: { at: number; until: number; insert: string }[] = [];
  for (const document of documents) {
    if (document.errors.length > 0 || !isMap(document.contents) || !reconciles(document.contents)) continue;
    const spec = document.contents.get('spec', true);
    if (!isMap(spec) || !spec.range || spec.flow) continue;
    const given = spec.get('suspend', true);
    if (isScalar(given)) {
      if (given.value !== true && given.range)
        splices.push({ at: given.range[0], until: given.range[1], insert: 'true' });
      continue;
    }
    const at = spec.range[0];
    const indent = ' '.repeat(at - (text.lastIndexOf('\n', at - 1) + 1));
    splices.push({ at, until: at, insert: `suspend: true${text.includes('\r\n') ? '\r\n' : '\n'}${indent}` });
  }
  return splices.reduceRight(
    (edited, { at, until, insert }) => edited.slice(0, at) + insert + edited.slice(until),
    text,
  );
}

function reconciles(root: YAMLMap): boolean {
  const kind = String(root.get('kind'));
  const apiVersion = String(root.get('apiVersion'));
  return (
    (kind === 'Kustomization' && apiVersion.startsWith('kustomize.toolkit.fluxcd.io/')) ||
    (kind === 'HelmRelease' && apiVersion.startsWith('helm.toolkit.fluxcd.io/'))
  );
}
