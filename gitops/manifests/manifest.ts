/** An object as a file writes it: before any kustomization, patch or substitution. */
import type { YamlDocument, YamlFile, YamlPath } from '../yaml/yaml-file.js';
import type { Fields } from './fields.js';
import { fieldOf, isMap, itemsOf, nonEmpty } from './fields.js';
import { oncePer } from './once-per.js';
import { groupAndVersion, type ObjectId } from './object-id.js';
import { Origin, type SourceDocument } from './origin.js';
import { isEncrypted } from './sops.js';

/** A document with an apiVersion and a kind, or an item of a `List`. */
export interface Manifest {
  /** As written: namespace and name are empty where the document gives none. */
  readonly id: ObjectId;
  readonly apiVersion: string;
  readonly value: Fields;
  readonly file: YamlFile;
  /** Of the document, or of the item of a `List`. */
  readonly origin: Origin;
  /** Told by its `sops` metadata, whatever the file is called. */
  readonly isEncrypted: boolean;
}

/** Every object of a file; documents of other kinds (values, configuration, other tools' files) are none. */
export const manifestsOf = oncePer((file: YamlFile): readonly Manifest[] =>
  file.documents.flatMap((document) => manifestsOfDocument({ document, within: undefined })),
);

/** Of a file's document always the same ones: a manifest is known by its identity. */
export function manifestsOfDocument(source: SourceDocument): readonly Manifest[] {
  return source.within ? unpack(source, source.document.value, []) : manifestsWritten(source.document);
}

const manifestsWritten = oncePer((document: YamlDocument): readonly Manifest[] =>
  unpack({ document, within: undefined }, document.value, []),
);

function unpack(source: SourceDocument, value: unknown, path: YamlPath): readonly Manifest[] {
  const apiVersion = nonEmpty(fieldOf(value, 'apiVersion'));
  const kind = nonEmpty(fieldOf(value, 'kind'));
  if (apiVersion === undefined || kind === undefined || !isMap(value)) return [];
  if (kind.endsWith('List') && Array.isArray(value['items']) && path.length < maxListDepth) {
    return itemsOf(value['items']).flatMap((item, index) => unpack(source, item, [...path, 'items', index]));
  }
  const metadata = fieldOf(value, 'metadata');
  const id = {
    ...groupAndVersion(apiVersion),
    kind,
    namespace: nonEmpty(fieldOf(metadata, 'namespace')) ?? '',
    name: nonEmpty(fieldOf(metadata, 'name')) ?? '',
  };
  const { file } = source.document;
  return [{ id, apiVersion, value, file, origin: new Origin(source, path), isEncrypted: isEncrypted(value) }];
}

/** A List of Lists of Lists is nothing that anybody writes. */
const maxListDepth = 8;
