/** What the model says that kustomize refuses or takes in a kustomization.yaml, beside what the real one does. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'vitest';
import { besideThem, refused, taken, withResources } from '../../gitops/kustomize/testing-kustomizations.js';
import { missing } from './compare-builds.js';

const isRefused = (text: string): boolean => {
  const folder = mkdtempSync(join(tmpdir(), 'joinpoint-refusals-'));
  try {
    for (const [path, content] of Object.entries({ ...besideThem, 'kustomization.yaml': withResources(text) }))
      writeFileSync(join(folder, path), content);
    return spawnSync('kustomize', ['build', folder]).status !== 0;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
};

test.skipIf(missing !== '')(`what is refused${missing}`, ({ expect }) => {
  expect(refused.map(([text]) => text).filter((text) => !isRefused(text))).toEqual([]);
});

test.skipIf(missing !== '')(`what is taken${missing}`, ({ expect }) => {
  expect(taken.filter(isRefused)).toEqual([]);
});
