/** What the post-renderers of a HelmRelease change of what its chart renders, as far as rules must know. */
import { wholeGoPattern } from '../kustomize/go-pattern.js';
import { fieldOf, itemsOf, textOf, valueAt } from '../manifests/fields.js';

/** Whether a patch may change the strategy of the Deployment of that name, or, without a name, of any. */
export function patchesOfStrategy(release: unknown, deployment: string | undefined): boolean {
  return itemsOf(valueAt(release, ['spec', 'postRenderers']))
    .flatMap((renderer) => itemsOf(valueAt(renderer, ['kustomize', 'patches'])))
    .some((patch) => /strategy/i.test(textOf(fieldOf(patch, 'patch')) ?? '') && isFor(patch, deployment));
}

function isFor(patch: unknown, deployment: string | undefined): boolean {
  const name = textOf(valueAt(patch, ['target', 'name']));
  if (deployment === undefined || name === undefined) return true;
  const pattern = wholeGoPattern(name);
  return typeof pattern === 'string' || pattern(deployment);
}
