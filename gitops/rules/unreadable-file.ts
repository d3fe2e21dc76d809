/** A file that stands in the tree and cannot be read: what it says is not judged. */
import { placeOfFile } from '../lint/place.js';
import type { Rule } from '../lint/rule.js';

export const unreadableFile: Rule = {
  id: 'unreadable-file',
  severity: 'error',
  summary: 'A file of the repository cannot be read.',
  layer: 'parse',
  *check({ problems }) {
    for (const { path, message } of problems) yield { at: placeOfFile(path), subject: path, message };
  },
};
