/** Random edits of a YAML text, at paths that are in effect in it. */
import type { EntryEdit, YamlValue } from '../../gitops/yaml/yaml-edit.js';
import type { YamlPath } from '../../gitops/yaml/yaml-file.js';
import { lookUp, pathsOf, type Plain } from './plain-data.js';
import type { Draw } from './random-yaml.js';

/** At a path that is in effect. */
export function randomEdit(draw: Draw, document: number, data: Plain): EntryEdit {
  const drawn = draw.pick(['set', 'set', 'set new', 'insert key', 'insert item', 'remove', 'remove'] as const);
  const places = pathsOf(data).filter((path) => isPlace(drawn, lookUp(data, path)!, path));
  const kind = places.length > 0 ? drawn : 'set';
  const path = draw.pick(places.length > 0 ? places : pathsOf(data));
  const found = lookUp(data, path)!;
  const place = draw.pick<object>([{}, {}, { at: 'end' }, { at: { after: 'a' } }, { at: { before: 'b' } }]);
  const comment = draw.percent(20) ? { comment: 'new here' } : {};
  const value = randomValue(draw, 2);
  switch (kind) {
    case 'set':
      return { op: 'set', document, path, value };
    case 'set new': {
      const below = draw.pick<YamlPath>([['new'], ['new', 'deep'], ['b'], ['zz', 'y', 'x']]);
      return { op: 'set', document, path: [...path, ...below], value, ...place, ...comment };
    }
    case 'insert key':
      return {
        op: 'insert',
        document,
        path,
        key: draw.pick(['new', 'c', 'a1', 'on', '0']),
        value,
        ...place,
        ...comment,
      };
    case 'insert item': {
      const at = Array.isArray(found) && draw.percent(60) ? { at: draw.upTo(found.length) } : {};
      return { op: 'insert', document, path, value, ...at, ...comment };
    }
    case 'remove':
      return {
        op: 'remove',
        document,
        path,
        value: found as YamlValue,
        ...(draw.percent(30) ? { pruneEmpty: true } : {}),
      };
  }
}

function isPlace(kind: string, found: Plain, path: YamlPath): boolean {
  if (kind === 'set') return true;
  if (kind === 'remove') return path.length > 0;
  if (kind === 'insert item') return found === null || Array.isArray(found);
  return found === null || (typeof found === 'object' && !Array.isArray(found));
}

const scalars: readonly YamlValue[] = [
  ['text', 'x', 'yes', 'y', '1.0', '', ' lead', 'trail ', 'a: b', '# x', 'a #b', '${VAR}', '${A}-x', "it's", 'say "x"'],
  [
    '- x',
    '-x',
    '?',
    '[a',
    '{b',
    '*c',
    '&d',
    '!e',
    '%f',
    '@g',
    '`h',
    '|',
    '>',
    'tab\there',
    'é',
    '\u2028',
    '012',
    '1:30',
  ],
  ['two\nlines', 'two\nlines\n', 'two\n\nlines\n\n', '\nx', ' x\ny', '\n', 'a\r\nb', '---', '...', '<<', '=', 'a,b'],
  [0, 1, -1, 1.5, 1e21, true, false, null, '2001-01-01'],
].flat();

function randomValue(draw: Draw, depth: number): YamlValue {
  if (depth === 0 || draw.percent(60)) return draw.pick(scalars);
  const count = draw.upTo(3);
  if (draw.percent(50)) return Array.from({ length: count }, () => randomValue(draw, depth - 1));
  return Object.fromEntries(
    Array.from({ length: count }, () => [draw.pick(['a', 'b', 'c', 'x y', 'yes', '1']), randomValue(draw, depth - 1)]),
  );
}
