import { isScalar } from 'yaml';
import { describe, expect, test } from 'vitest';
import { YamlFile, type YamlPath } from './yaml-file.js';

const locate = (text: string, path: YamlPath) => {
  const found = YamlFile.read('a.yaml', text).documents[0]?.locate(path);
  return found && { value: isScalar(found.node) ? found.node.value : undefined, via: found.via, offset: found.offset };
};

describe('a path of a document', () => {
  test('leads to the offset of its key', () => {
    expect(locate('a:\n  b: 1\n', ['a', 'b'])).toEqual({ value: 1, via: 'own', offset: 5 });
  });

  test('is followed through an alias', () => {
    expect(locate('a: &x { b: 1 }\nc: *x\n', ['c', 'b'])).toMatchObject({ value: 1, via: 'alias' });
  });

  test('is followed through a merge key, which own keys override', () => {
    const text = 'a: &x { b: 1, c: 2 }\nd: { <<: *x, c: 3 }\n';
    expect(locate(text, ['d', 'b'])).toMatchObject({ value: 1, via: 'merge' });
    expect(locate(text, ['d', 'c'])).toMatchObject({ value: 3, via: 'own' });
  });

  test('is not followed through a quoted merge key, which is a key like any other', () => {
    expect(locate('a: &x { b: 1 }\nd: { "<<": *x }\n', ['d', 'b'])).toBeUndefined();
  });
});
