/** For tests of edits: texts with the margin of the code they stand in, and an edit's outcome in one line. */
import { editYaml } from '../edit-yaml.js';
import type { YamlEdit } from '../yaml-edit.js';

type Omitting<T> = T extends unknown ? Omit<T, 'document'> & { readonly document?: number } : never;

/** Of the first document, if none is named. */
export type TestEdit = Omitting<YamlEdit>;

/** The text after the edits, or `refused: ` and why. */
export function edited(text: string, ...edits: readonly TestEdit[]): string {
  const named = edits.map((edit) => ({ document: 0, ...edit }));
  const result = editYaml(text, named);
  return result.status === 'edited' ? result.text : `refused: ${result.reason}`;
}

/** Lines without the margin of the first; the one with the closing quote is none. */
export function yaml(parts: TemplateStringsArray): string {
  const text = parts.raw[0]!.replace(/^\n/, '').replace(/\n *$/, '\n');
  const [margin] = /^ */.exec(text)!;
  return text.replaceAll(new RegExp(`^${margin}`, 'gm'), '');
}
