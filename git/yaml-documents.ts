/** The YAML documents of a file of the target, which may hold anything. */
import type { Document } from 'yaml';
import { parseDocuments } from '../gitops/yaml/parse-documents.js';

/** Those that parse; none of a text that is nested so deeply that reading it could end the process. */
export function documentsIn(text: string): readonly Document.Parsed[] {
  try {
    return parseDocuments(text).filter(({ errors }) => errors.length === 0);
  } catch (error) {
    if (error instanceof RangeError) return [];
    throw error;
  }
}
