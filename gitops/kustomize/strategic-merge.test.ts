import { describe, expect, test } from 'vitest';
import { Composed } from '../manifests/composed.js';
import { Origin } from '../manifests/origin.js';
import { YamlFile } from '../yaml/yaml-file.js';
import { deleted, mergeStrategically } from './strategic-merge.js';

const read = (path: string, text: string) => {
  const [document] = YamlFile.read(path, text).documents;
  if (!document) throw new Error(`${path}: no document`);
  return new Composed(document.value, new Origin({ document, within: undefined }));
};
const merged = (target: string, patch: string, knowsLists = true) => {
  const result = mergeStrategically(read('target.yaml', target), read('patch.yaml', patch), knowsLists);
  if (result === deleted) throw new Error('the patch deleted all');
  return result;
};
const at = (composed: Composed, ...path: (string | number)[]) => {
  const { file, line } = composed.origin(path).place;
  return `${file}:${line}`;
};

test('mappings merge, texts replace, null removes, and each part knows its file', () => {
  const result = merged('spec:\n  a: 1\n  b: {x: 1}\n  c: 3\n', 'spec:\n  a: 2\n  b:\n    y: 2\n  c: null\n  d: 4\n');
  expect(result.value).toEqual({ spec: { a: 2, b: { x: 1, y: 2 }, d: 4 } });
  expect(at(result, 'spec')).toBe('target.yaml:1');
  expect(at(result, 'spec', 'a')).toBe('patch.yaml:2');
  expect(at(result, 'spec', 'b')).toBe('target.yaml:3');
  expect(at(result, 'spec', 'b', 'x')).toBe('target.yaml:3');
  expect(at(result, 'spec', 'b', 'y')).toBe('patch.yaml:4');
  expect(at(result, 'spec', 'missing')).toBe('target.yaml:1');
});

describe('lists', () => {
  const containers = 'containers:\n- {name: a, image: one}\n- {name: b, image: two}\n';
  const patch = 'containers:\n- {name: c}\n- {name: b, image: three}\n';

  test("of Kubernetes' own kinds merge by their key, new items first", () => {
    const result = merged(containers, patch);
    expect(result.value).toEqual({
      containers: [{ name: 'c' }, { name: 'a', image: 'one' }, { name: 'b', image: 'three' }],
    });
    expect(at(result, 'containers', 0)).toBe('patch.yaml:2');
    expect(at(result, 'containers', 1, 'image')).toBe('target.yaml:2');
    expect(at(result, 'containers', 2, 'image')).toBe('patch.yaml:3');
    expect(at(result, 'containers', 2, 'name')).toBe('patch.yaml:3');
  });

  test('of custom resources replace', () => {
    expect(merged(containers, patch, false).value).toEqual({
      containers: [{ name: 'c' }, { name: 'b', image: 'three' }],
    });
  });

  test('without a key replace', () => expect(merged('args: [a, b]', 'args: [c]').value).toEqual({ args: ['c'] }));
});

test('directives delete and replace', () => {
  const target = 'a: {x: 1}\nb: {x: 1}\nenv:\n- {name: A, value: "1"}\n- {name: B, value: "2"}\n';
  const patch = 'a: {$patch: delete}\nb: {$patch: replace, y: 2}\nenv:\n- {name: A, $patch: delete}\n';
  expect(merged(target, patch).value).toEqual({ b: { y: 2 }, env: [{ name: 'B', value: '2' }] });
  expect(mergeStrategically(read('t', target), read('p', '$patch: delete'), true)).toBe(deleted);
});

test('a key may be called anything', () => {
  const result = merged('a: 1', '__proto__: {polluted: true}\nconstructor: x');
  expect(Object.keys(result.value as object)).toEqual(['a', '__proto__', 'constructor']);
  expect(({} as { polluted?: boolean }).polluted).toBeUndefined();
});
