/** What SOPS still encrypts in the repository, whatever applies it. */
import { placeOf } from '../../gitops/lint/place.js';
import type { Repository } from '../../gitops/model/repository.js';
import { exemptionOf, type Parameters } from './parameters.js';

/** A line for each document that is not exempt. */
export function stillEncrypted({ encrypted }: Repository, parameters: Parameters): readonly string[] {
  return encrypted
    .filter(({ file }) => exemptionOf(parameters, file.path) === undefined)
    .map((document) => {
      const { file, line, column } = placeOf(document);
      return `${file}:${line}:${column} is encrypted by SOPS, and no exemption names it`;
    });
}
