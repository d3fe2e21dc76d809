/** What SOPS still encrypts in the repository, whatever applies it. */
import { placeOf } from '../../gitops/lint/place.js';
import type { Repository } from '../../gitops/model/repository.js';
import { encryptedTexts } from './encrypted-texts.js';
import { exemptionOf, type Parameters } from './parameters.js';

/** A line for each document, and each file that is no YAML, that is not exempt. */
export function stillEncrypted(repository: Repository, parameters: Parameters): readonly string[] {
  const places = [
    ...repository.encrypted.map((document) => {
      const { file, line, column } = placeOf(document);
      return { file, place: `${file}:${line}:${column}` };
    }),
    ...encryptedTexts(repository).map(({ path }) => ({ file: path, place: path })),
  ];
  return places
    .filter(({ file }) => exemptionOf(parameters, file) === undefined)
    .map(({ place }) => `${place} is encrypted by SOPS, and no exemption names it`);
}
