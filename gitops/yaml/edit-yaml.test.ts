import { describe, expect, test } from 'vitest';
import { editYaml } from './edit-yaml.js';
import { edited } from './splice/testing.js';

describe('a text', () => {
  test('that says what is asked already stays as it is, to the byte', () => {
    const text = 'a:   {x:   1,y:  "2"}   # c  \n\n\n';
    expect(edited(text, { op: 'set', path: ['a'], value: { y: '2', x: 1 } })).toBe(text);
  });

  test('without edits is not even read', () => {
    expect(editYaml('a: [', [])).toEqual({ status: 'edited', text: 'a: [' });
  });

  test('keeps its byte order mark and its line breaks', () => {
    expect(edited('\ufeffa: 1\r\nb: 2\r\n', { op: 'set', path: ['a'], value: { c: 1 } })).toBe(
      '\ufeffa:\r\n  c: 1\r\nb: 2\r\n',
    );
    expect(edited('\ufeffa: 1\r\nb: 2\r\n', { op: 'remove', path: ['a'] })).toBe('\ufeffb: 2\r\n');
  });

  test('is edited in the document that is named', () => {
    expect(edited('a: 1\n---\na: 1\n', { op: 'set', document: 1, path: ['a'], value: 2 })).toBe('a: 1\n---\na: 2\n');
  });

  test('with templates in its values is edited around them', () => {
    const text = 'host: ${HOST}\nport: "${PORT:=80}"\n';
    expect(edited(text, { op: 'set', path: ['name'], value: 'x' })).toBe(`${text}name: x\n`);
  });
});

describe('edits', () => {
  test('are made one after the other', () => {
    const edits = [
      { op: 'set', path: ['a', 'b'], value: 1 },
      { op: 'insert', path: ['a'], key: 'c', value: 2 },
      { op: 'remove', path: ['a', 'b'] },
    ] as const;
    expect(edited('x: 1\n', ...edits)).toBe('x: 1\na:\n  c: 2\n');
  });

  test('are made all or none, and the refusal says which and where', () => {
    const edit = { op: 'set', document: 0, path: ['b', 'c', 'd'], value: 1 } as const;
    const fine = { op: 'set', document: 0, path: ['new', 'key'], value: { x: 1, y: 2 }, at: { before: 'a' } } as const;
    expect(editYaml('a: 1\nb:\n  c: text\n', [fine, edit])).toEqual({
      status: 'refused',
      edit,
      reason: 'b.c.d: is a text, so no key d can be added to it',
      position: { line: 3, column: 3 },
    });
  });
});

describe('refused are', () => {
  const edit = { op: 'set', document: 0, path: ['a'], value: 'new' } as const;

  test.each([
    ['duplicate keys', 'a: 1\na: 2\n', /Map keys must be unique/, 2],
    ['what does not parse', 'a: 1\nb: [\n', /repair it first/, 3],
    ['control characters', 'b: 1\na: \u0001\n', /control character/, 2],
    ['aliases of nothing', 'a: *x\n', /Unresolved alias/, 1],
    ['aliases of what they stand in', 'b: &b [*b]\na: 1\n', /an anchor contains itself/, 1],
    ['maps that merge themselves', 'a: &a { <<: *a }\n', /merges itself/, 1],
    ['merges of no map', 'b: &b 1\na: { <<: *b }\n', /Merge sources must be maps/, 1],
    ['nesting without end', '['.repeat(20_000), /./, 1],
    ['texts without a document', '# nothing\n', /there is no document 0; the text has 0/, 2],
  ])('%s', (_, text, reason, line) => {
    const result = editYaml(text, [edit]);
    expect(result).toMatchObject({ status: 'refused', edit, reason: expect.stringMatching(reason) });
    expect(result).toHaveProperty('position.line', line);
  });

  test('aliases that expand without end', () => {
    const levels = Array.from({ length: 12 }, (_, level) => {
      const alias = level === 0 ? 'x' : `*l${level - 1}`;
      return `l${level}: &l${level} [${Array.from({ length: 12 }, () => alias).join(', ')}]\n`;
    });
    expect(editYaml(levels.join(''), [edit])).toMatchObject({
      status: 'refused',
      reason: expect.stringMatching(/Excessive alias count/),
    });
  });

  test('values that nest without end', () => {
    let value: unknown = 1;
    for (let depth = 0; depth < 100_000; depth++) value = [value];
    expect(editYaml('a: 1\n', [{ ...edit, value: value as never }])).toMatchObject({
      status: 'refused',
      reason: expect.stringMatching(/nested too deeply/),
    });
  });
});
