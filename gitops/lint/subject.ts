/** What a finding about a document is about, where the model has no object for it. */
import type { YamlDocument } from '../yaml/yaml-file.js';

/** `Kustomization airflow`, as the document names itself; its file where it is no Kubernetes object. */
export function writtenSubject({ value, file }: YamlDocument): string {
  const { kind, metadata } = (value ?? {}) as { kind?: unknown; metadata?: { name?: unknown } | null };
  const name = metadata?.name;
  return typeof kind === 'string' && typeof name === 'string' ? `${kind} ${name}` : file.path;
}
