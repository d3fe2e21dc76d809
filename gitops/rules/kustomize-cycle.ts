/** Kustomizations that include each other in a circle: kustomize refuses them all. */
import { placeOfFile } from '../lint/place.js';
import type { Rule } from '../lint/rule.js';
import { buildFailures } from '../model/build-failures.js';
import { effectOf, stoppedText } from './build-effect.js';

export const kustomizeCycle: Rule = {
  id: 'kustomize-cycle',
  severity: 'error',
  summary: 'Kustomizations include each other in a circle.',
  layer: 'build',
  *check({ flux }) {
    for (const failure of buildFailures(flux)) {
      const { code, message, origin, file, related } = failure.problem;
      if (code !== 'cycle') continue;
      yield {
        at: origin?.place ?? placeOfFile(file),
        subject: stoppedText(failure),
        message: `${message}: ${effectOf(failure, flux)}; take one of these entries out`,
        related: related.map((entry) => ({ ...entry.place, message: 'is part of the circle' })),
      };
    }
  },
};
