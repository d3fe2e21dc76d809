import { describe, expect, test } from 'vitest';
import { treeOfTexts } from '../gitops/source/file-tree.js';
import type { YamlEdit } from '../gitops/yaml/yaml-edit.js';
import type { PlaybookStep } from './playbook.js';
import { runStage, StepRefused } from './run-stage.js';
import { aPlaybook, stage } from './testing.js';

const files = { 'a.yaml': 'a: 1 # keep\n', 'anchored.yaml': 'a: &x { b: 1 }\nc: *x\n' };

const set = (path: readonly string[], value: number): YamlEdit => ({ op: 'set', document: 0, path, value });
const step = (file: string, edits: readonly YamlEdit[], isOptional = false): PlaybookStep => ({
  what: `edit ${file}`,
  file,
  change: { kind: 'edit', edits },
  isOptional,
});
const write = (file: string, text: string): PlaybookStep => ({
  what: `write ${file}`,
  file,
  change: { kind: 'write', text },
});
const remove = (file: string): PlaybookStep => ({ what: `remove ${file}`, file, change: { kind: 'remove' } });

const run = (steps: readonly PlaybookStep[], notes: readonly string[] = []) =>
  runStage(aPlaybook(stage(steps, notes)), 'work', treeOfTexts(files), {}, undefined);

/** Something that no splice can make: a value that only an alias shows. */
const refused = set(['c', 'b'], 2);

test('each step sees the file as the steps before it left it, whatever they did', () => {
  const steps = [
    write('new.yaml', 'n: 1\n'),
    step('a.yaml', [set(['a'], 2)]),
    step('new.yaml', [set(['m'], 2)]),
    step('a.yaml', [set(['b'], 3)]),
  ];
  expect(Object.fromEntries(run(steps).files)).toEqual({ 'a.yaml': 'a: 2 # keep\nb: 3\n', 'new.yaml': 'n: 1\nm: 2\n' });
});

test('what would change nothing is neither among the files nor among the steps', () => {
  const steps = [step('a.yaml', [set(['a'], 1)]), write('anchored.yaml', files['anchored.yaml']), remove('gone.yaml')];
  const { files: changed, steps: made } = run(steps);
  expect(changed.size).toBe(0);
  expect(made).toEqual([]);
});

test('a file that goes, and one that goes and comes back as it was', () => {
  expect([...run([remove('a.yaml')]).files]).toEqual([['a.yaml', null]]);
  expect(run([remove('a.yaml'), write('a.yaml', files['a.yaml'])]).files.size).toBe(0);
});

test('a byte order mark stays', () => {
  const tree = treeOfTexts({ 'a.yaml': '\uFEFFa: 1\n' });
  const one = aPlaybook(stage([step('a.yaml', [set(['a'], 2)])]));
  expect(runStage(one, 'work', tree, {}, undefined).files.get('a.yaml')).toBe('\uFEFFa: 2\n');
});

test('a stage is found by its name, and gets the parameters and what was looked up', () => {
  const two = aPlaybook(stage([write('first', '1')]), {
    name: 'second',
    work: (repository, parameters, looked) => ({
      steps: [write('seen', JSON.stringify([repository.tree.paths, parameters, looked]))],
      notes: [],
    }),
  });
  const { stage: name, files: changed } = runStage(two, 'second', treeOfTexts(files), { p: 1 }, ['l']);
  expect(name).toBe('second');
  expect([...changed]).toEqual([['seen', '[["a.yaml","anchored.yaml"],{"p":1},["l"]]']]);
});

describe('an edit that cannot be made exactly', () => {
  test('refuses the stage, with step, place and reason', () => {
    expect(() => run([step('a.yaml', [set(['a'], 2)]), step('anchored.yaml', [refused])])).toThrow(StepRefused);
    expect(() => run([step('anchored.yaml', [refused])])).toThrow(
      /^edit anchored\.yaml: anchored\.yaml:\d+:\d+ cannot be edited, .+/,
    );
  });

  test('is left to a person where it is optional: none of its edits is made, all other steps are', () => {
    const {
      files: changed,
      steps,
      notes,
    } = run(
      [step('anchored.yaml', [set(['d'], 1), refused], true), step('a.yaml', [set(['a'], 2)], true)],
      ['noted before'],
    );
    expect([...changed]).toEqual([['a.yaml', 'a: 2 # keep\n']]);
    expect(steps.map(({ what }) => what)).toEqual(['edit a.yaml']);
    expect(notes).toEqual([
      'noted before',
      expect.stringMatching(/^edit anchored\.yaml: anchored\.yaml:\d+:\d+ cannot/),
    ]);
  });

  test('a file that is not there, or no more, cannot be edited', () => {
    expect(() => run([step('nowhere.yaml', [set(['a'], 1)])])).toThrow('nowhere.yaml is not there to be edited');
    const { notes } = run([remove('a.yaml'), step('a.yaml', [set(['a'], 2)], true)]);
    expect(notes).toEqual(['edit a.yaml: a.yaml is not there to be edited']);
  });
});

test('a bug in a playbook is no refusal', () => {
  const broken = aPlaybook(stage([{ ...step('a.yaml', []), isOptional: true, change: { kind: 'edit' } as never }]));
  expect(() => runStage(broken, 'work', treeOfTexts(files), {}, undefined)).toThrow(TypeError);
});
