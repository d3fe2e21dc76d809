/** What a tool says of a value, without the value where that is nobody's to read: tools quote what does not match. */
import { valueAt } from '../../../gitops/manifests/fields.js';
import { isConfidential } from '../../../gitops/schema/secret-values.js';

export function withoutValue(what: string, object: unknown, path: readonly (string | number)[]): string {
  return typeof valueAt(object, path) !== 'object' && isConfidential(object, path) ? 'has a wrong value' : what;
}
