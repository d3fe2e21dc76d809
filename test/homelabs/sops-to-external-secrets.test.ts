/** The playbook of task 1.3 over six real repositories: what is left, what breaks, what a second run does, what is written. */
import { describe, expect, test } from 'vitest';
import { inOrder } from '../../gitops/lint/finding.js';
import { runChangeRules, runRules } from '../../gitops/lint/run-rules.js';
import { readRepository } from '../../gitops/model/read-repository.js';
import type { Repository } from '../../gitops/model/repository.js';
import { changeRules, rules } from '../../gitops/rules/registry.js';
import type { FileTree } from '../../gitops/source/file-tree.js';
import { treeWithFiles } from '../../gitops/source/tree-with-files.js';
import type { StageRun } from '../../playbooks/run-stage.js';
import { runStage } from '../../playbooks/run-stage.js';
import { runPlaybook } from '../../playbooks/run-playbook.js';
import { sopsToExternalSecrets } from '../../playbooks/sops-to-external-secrets/playbook.js';
import { homelabNames, missingData, treeOfFolders } from './homelab-trees.js';
import { compareAll, missing } from './compare-builds.js';

type Name = (typeof homelabNames)[number];

const parameters = sopsToExternalSecrets.parameters.parse({});

interface Step {
  readonly run: StageRun;
  readonly tree: FileTree;
}

const carried = new Map<Name, readonly Step[]>();

/** Each stage with the tree behind it. */
function stagesOf(name: Name): readonly Step[] {
  const known = carried.get(name);
  if (known) return known;
  let tree = treeOfFolders([name]);
  const steps = sopsToExternalSecrets.stages.map((stage) => {
    const run = runStage(sopsToExternalSecrets, stage.name, tree, parameters, undefined);
    tree = treeWithFiles(tree, run.files);
    return { run, tree };
  });
  carried.set(name, steps);
  return steps;
}

const moving = ['anton', 'bjw-s', 'onedr0p'] as const;

/** Changed or new, and gone. */
const counts: Readonly<Record<Name, readonly (readonly [written: number, gone: number])[]>> = {
  anton: [
    [6, 0],
    [16, 0],
    [7, 6],
  ],
  'bjw-s': [
    [2, 0],
    [4, 0],
    [7, 3],
  ],
  buroa: [
    [0, 0],
    [0, 0],
    [0, 0],
  ],
  kashalls: [
    [0, 0],
    [0, 0],
    [0, 0],
  ],
  onedr0p: [
    [2, 0],
    [4, 0],
    [3, 4],
  ],
  toboshii: [
    [0, 0],
    [0, 0],
    [0, 0],
  ],
};

describe.skipIf(missingData !== '')(`SOPS to External Secrets${missingData}`, () => {
  test.each(homelabNames)('%s: so many files', (name) => {
    const made = stagesOf(name).map(({ run: { files } }) => {
      const gone = [...files.values()].filter((text) => text === null).length;
      return [files.size - gone, gone];
    });
    expect(made).toEqual(counts[name]);
  });

  test.each(moving)(
    '%s: no encrypted Secret is left, nothing decrypts, and only what is exempt is encrypted',
    (name) => {
      const after = readRepository(stagesOf(name).at(-1)!.tree);
      const left = after.encrypted.map(({ file }) => file.path);
      expect(left).toEqual(name === 'anton' ? ['talos/talsecret.sops.yaml'] : []);
      expect(after.flux.kustomizations.filter(({ spec }) => spec.decryption)).toEqual([]);
    },
  );

  test('toboshii, without an operator: everything is left, with the reason', () => {
    const [{ run }] = stagesOf('toboshii') as [Step, ...Step[]];
    expect(run.notes.map((note) => note.replace(/^.*?: /, ''))).toEqual([
      'no HelmRelease of the chart external-secrets is applied; bring the operator first',
      'is applied by no Kustomization; move it by hand, or name it in exempt',
      'is listed by no kustomization.yaml, which would have to keep its Secret while it changes hands; write one for its folder',
      'holds something that is no Secret of Kubernetes, which External Secrets cannot make; move it by hand, or name it in exempt',
      'is encrypted for the generator of Secret glauth; make an ExternalSecret of it by hand, with a template for the file',
    ]);
  });

  test.each(moving)('%s: no error that was not there, by any rule, in any stage', (name) => {
    let before = readRepository(treeOfFolders([name]));
    const known = errorsOf(before);
    for (const { tree } of stagesOf(name)) {
      const after = readRepository(tree, { previous: before });
      expect(errorsOf(after).filter((error) => !known.includes(error))).toEqual([]);
      const changed = inOrder(runChangeRules(changeRules, before, after));
      expect(changed.filter(({ severity }) => severity === 'error')).toEqual([]);
      before = after;
    }
  });

  test.each(moving)('%s: every reference to a Secret leads where it led', (name) => {
    const before = resolved(readRepository(treeOfFolders([name])));
    for (const { tree } of stagesOf(name)) {
      const after = resolved(readRepository(tree));
      const broken = [...after].filter(([key, status]) => status === 'missing' && before.get(key) === 'produced');
      expect(broken).toEqual([]);
    }
  });

  test.each(homelabNames)('%s: a second run changes nothing', (name) => {
    const { tree } = stagesOf(name).at(-1)!;
    expect(runPlaybook(sopsToExternalSecrets, tree, parameters, undefined).flatMap(({ files }) => [...files])).toEqual(
      [],
    );
  });

  test.each(moving)('%s: each stage by itself is done when it is done', (name) => {
    for (const { run, tree } of stagesOf(name))
      expect([...runStage(sopsToExternalSecrets, run.stage, tree, parameters, undefined).files]).toEqual([]);
  });

  test.each(homelabNames)('%s: nothing encrypted in a text, a step or a note', (name) => {
    const told = stagesOf(name).flatMap(({ run }) => [
      ...run.notes,
      ...run.steps.map(({ what }) => what),
      ...[...run.files.values()].flatMap((text) => text ?? []),
    ]);
    expect(told.filter((text) => /ENC\[|BEGIN AGE|REDACTED/.test(text))).toEqual([]);
  });

  test.skipIf(missing !== '').each(moving)(
    `%s: kustomize builds it, half done and done, as the model does${missing}`,
    (name) => {
      for (const { tree } of stagesOf(name).slice(1)) expect(compareAll(tree).differences).toEqual([]);
    },
  );
});

function errorsOf(repository: Repository): readonly string[] {
  return runRules(rules, repository)
    .filter(({ severity }) => severity === 'error')
    .map(({ rule, subject }) => `${rule} ${subject}`);
}

function resolved({ references }: Repository): ReadonlyMap<string, string> {
  return new Map(
    references.consumers
      .filter(({ target }) => target.kind === 'Secret')
      .map((consumer) => {
        const { object, path, target } = consumer;
        const key = [
          object.id.kind,
          object.id.namespace,
          object.id.name,
          path.join('.'),
          target.namespace,
          target.name,
        ];
        return [key.join(' '), references.resolve(consumer).status];
      }),
  );
}
