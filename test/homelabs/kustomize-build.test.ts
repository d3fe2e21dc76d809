/** What the model says a folder builds, beside what the real kustomize builds of it: every Flux path of six repositories. */
import { test } from 'vitest';
import { compareAll, missing } from './compare-builds.js';
import { homelabNames, treeOfFolders } from './homelab-trees.js';
import { replayCases, replayTree } from './replay-trees.js';

test.skipIf(missing !== '').for(homelabNames)(`%s is built as kustomize builds it${missing}`, (name, { expect }) => {
  const { appliers, differences } = compareAll(treeOfFolders([name]));
  expect(differences).toEqual([]);
  expect(appliers).toBeGreaterThan(5);
});

const cases = replayCases.map((one) => [one.id, one] as const);
test.skipIf(missing !== '').for(cases)(
  `case %s is built, or fails, as with kustomize${missing}`,
  ([, one], { expect }) => {
    expect(compareAll(replayTree(one)).differences).toEqual([]);
  },
);
