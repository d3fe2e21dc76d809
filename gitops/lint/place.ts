/** Where a finding points to that is about a document or a file; of an object in effect, `origin(path).place` says it. */
import type { Place } from '../manifests/origin.js';
import type { YamlDocument, YamlFile, YamlPath } from '../yaml/yaml-file.js';

/** The key of a path in a document; of a path that is not there, the deepest part that is. */
export function placeOf(document: YamlDocument, path: YamlPath = []): Place {
  return placeAt(document.file, document.nearestOffset(path));
}

export function placeAt(file: YamlFile, offset: number): Place {
  return { file: file.path, ...file.position(offset) };
}

/** A file as a whole. */
export function placeOfFile(file: string): Place {
  return { file, line: 1, column: 1 };
}
