/** Task 8.1: what was asked for is deployed, in order. */
import { deployed, objects, there } from './lib/releases.mjs';
import { all, documented, runCheck } from './lib/verdict.mjs';

const inside = Object.defineProperty((value) => value === 'internal', 'name', { value: 'internal' });

const checks = {
  'flux-web': deployed('flux-operator', { 'web.enabled': true, 'web.ingress.className': inside }),
  'uptime-kuma': deployed('uptime-kuma', { 'volume.existingClaim': there, 'strategy.type': 'Recreate' }),
  immich: all(
    deployed('immich', { 'immich.persistence.library.existingClaim': there, 'valkey.enabled': true }),
    objects('PersistentVolumeClaim', 'v1'),
  ),
  backlog: documented('docs/applications/backlog.md', '## As time permits'),
};

runCheck({ ...checks, all: all(...Object.values(checks)) });
