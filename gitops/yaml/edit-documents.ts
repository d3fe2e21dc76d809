/** Edits of whole documents of a YAML text. */
import { editYaml } from './edit-yaml.js';
import type { YamlEditResult, YamlValue } from './yaml-edit.js';

/** A new last document, unless the text has an equal one. */
export function appendDocument(text: string, value: YamlValue): YamlEditResult {
  return editYaml(text, [{ op: 'insertDocument', document: 'end', value }]);
}

/** A new document before the one of that index (from 0), unless the text has an equal one. */
export function insertDocument(text: string, document: number, value: YamlValue): YamlEditResult {
  return editYaml(text, [{ op: 'insertDocument', document, value }]);
}

/** Takes the document of that index (from 0) away, with its marker; with a value, only while it has that. */
export function removeDocument(text: string, document: number, value?: YamlValue): YamlEditResult {
  return editYaml(text, [{ op: 'removeDocument', document, ...(value === undefined ? {} : { value }) }]);
}
