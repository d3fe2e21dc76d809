/** A step that puts one more entry at the end of a list, which it makes where there is none. */
import type { Origin } from '../gitops/manifests/origin.js';
import type { YamlValue } from '../gitops/yaml/yaml-edit.js';
import type { YamlPath } from '../gitops/yaml/yaml-file.js';
import type { PlaybookStep } from './playbook.js';

/** `below`: keys from the origin down to the list. */
export function insertStep(
  what: string,
  { document, pathInFile }: Pick<Origin, 'document' | 'pathInFile'>,
  below: YamlPath,
  value: YamlValue,
): PlaybookStep {
  const edit = { op: 'insert', document: document.index, path: [...pathInFile, ...below], value } as const;
  return { what, file: document.file.path, isOptional: true, change: { kind: 'edit', edits: [edit] } };
}
