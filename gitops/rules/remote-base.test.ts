import { expect, test } from 'vitest';
import { remoteBase } from './remote-base.js';
import { findingsOf } from './testing.js';
import { cluster } from './testing-cluster.js';

test('what comes from elsewhere, and what is not carried out', () => {
  const text = 'resources:\n  - https://example.com/crds.yaml\n  - a.yaml\nreplacements: [{ path: b.yaml }]\n';
  const files = cluster({ 'apps/kustomization.yaml': text, 'apps/a.yaml': '', 'apps/b.yaml': '' });
  expect(findingsOf(remoteBase, files)).toEqual([
    {
      at: 'apps/kustomization.yaml:2:5',
      subject: 'apps/kustomization.yaml',
      message:
        'takes https://example.com/crds.yaml from elsewhere at every build: what it brings is not judged, and a build fails while it cannot be reached; copy it in, to have it judged',
    },
    {
      at: 'apps/kustomization.yaml:4:1',
      subject: 'apps/kustomization.yaml',
      message:
        'uses replacements, whose work is not carried out here: what the cluster gets may differ from what is judged',
    },
  ]);
});

test('silent: what is here', () => {
  expect(findingsOf(remoteBase, cluster({ 'apps/a.yaml': '' }))).toEqual([]);
});
