/** Suspends Flux Kustomizations in a file by splicing one line, and no other byte. */
import { isMap, isScalar, type Pair, type YAMLMap } from 'yaml';
import { documentsIn } from './yaml-documents.js';

/**
 * The text with `suspend: true` in the spec of every Flux Kustomization and HelmRelease.
 * Idempotent. A text that does not parse, or holds none, comes back as it is.
 */
export function suspendKustomizations(text: string): string {
  const splices = documentsIn(text).flatMap(({ contents }) => {
    if (!isMap(contents) || !reconciles(contents)) return [];
    const spec = contents.get('spec', true);
    return isMap(spec) ? spliceOf(text, spec) : [];
  });
  return splices.reduceRight(
    (edited, { at, until, insert }) => edited.slice(0, at) + insert + edited.slice(until),
    text,
  );
}

interface Splice {
  readonly at: number;
  readonly until: number;
  readonly insert: string;
}

function spliceOf(text: string, spec: YAMLMap): readonly Splice[] {
  const given = spec.items.find(({ key }) => isScalar(key) && key.value === 'suspend');
  if (!spec.range) return [];
  if (given) return setTrue(text, given);
  const [start] = spec.range;
  if (spec.flow) {
    const key = /^\{\s*"/.test(text.slice(start)) ? '"suspend"' : 'suspend';
    return [{ at: start + 1, until: start + 1, insert: `${key}: true${spec.items.length > 0 ? ', ' : ''}` }];
  }
  const indent = ' '.repeat(start - (text.lastIndexOf('\n', start - 1) + 1));
  const lineEnd = text.includes('\r\n') ? '\r\n' : '\n';
  return [{ at: start, until: start, insert: `suspend: true${lineEnd}${indent}` }];
}

function setTrue(text: string, { key, value }: Pair): readonly Splice[] {
  if (!isScalar(key) || !key.range || (isScalar(value) && value.value === true)) return [];
  if (isScalar(value) && value.range && value.range[0] < value.range[1])
    return [{ at: value.range[0], until: value.range[1], insert: 'true' }];
  // A key without a value: behind its colon, or with one of its own.
  const colon = /^\s*:/.exec(text.slice(key.range[1]));
  const at = key.range[1] + (colon?.[0].length ?? 0);
  return [{ at, until: at, insert: colon ? ' true' : ': true' }];
}

function reconciles(root: YAMLMap): boolean {
  const kind = String(root.get('kind'));
  const apiVersion = String(root.get('apiVersion'));
  return (
    (kind === 'Kustomization' && apiVersion.startsWith('kustomize.toolkit.fluxcd.io/')) ||
    (kind === 'HelmRelease' && apiVersion.startsWith('helm.toolkit.fluxcd.io/'))
  );
}
