/** Gathers who produces and who consumes what, and says of each consumer whether it gets what it names. */
import type { FluxState } from '../flux/flux-state.js';
import type { Manifest } from '../manifests/manifest.js';
import type { Consumer, References } from './reference.js';

export function readReferences(_manifests: readonly Manifest[], _flux: FluxState): References {
  return {
    producers: [],
    consumers: [],
    producersOf: () => [],
    consumersOf: () => [],
    resolve: (_consumer: Consumer) => ({ status: 'missing' }),
  };
}
