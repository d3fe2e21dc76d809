/** JSON patches (RFC 6902): operations on paths, with the places of what they bring. */
import type { Composed } from '../manifests/composed.js';
import { fieldOf, isMap, itemsOf, textOf } from '../manifests/fields.js';
import type { YamlPath } from '../yaml/yaml-file.js';

/** Applies the operations in order; a text says which of them cannot be carried out. */
export function patchByOperations(target: Composed, patch: Composed): Composed | string {
  let result = target;
  for (const index of itemsOf(patch.value).keys()) {
    const patched = operate(result, patch.at([index]));
    if (typeof patched === 'string') return patched;
    result = patched;
  }
  return result;
}

function operate(target: Composed, operation: Composed): Composed | string {
  const op = textOf(fieldOf(operation.value, 'op'));
  const pointer = textOf(fieldOf(operation.value, 'path'));
  if (op === undefined || pointer === undefined) return 'an operation has no op or no path';
  const path = pathOf(pointer, target);
  const there = target.at(path).value !== undefined;
  const { value, root } = operation.at(['value']);
  switch (op) {
    case 'add':
      return hasParent(target, path) ? add(target, path, value, root) : `add ${pointer}: there is nothing to add to`;
    case 'replace':
      return there ? target.set(path, value, root) : `replace ${pointer}: is not there`;
    case 'remove':
      return there ? target.remove(path) : `remove ${pointer}: is not there`;
    case 'test':
      return JSON.stringify(target.at(path).value) === JSON.stringify(value) ? target : `test ${pointer}: is different`;
    case 'copy':
    case 'move': {
      const source = pathOf(textOf(fieldOf(operation.value, 'from')) ?? '', target);
      const from = target.at(source);
      if (from.value === undefined) return `${op} ${pointer}: its source is not there`;
      return add(op === 'move' ? target.remove(source) : target, path, from.value, from.root);
    }
    default:
      return `${op} is no operation`;
  }
}

function add(target: Composed, path: YamlPath, value: unknown, from: Composed['root']): Composed {
  const isItem = Array.isArray(target.at(path.slice(0, -1)).value);
  return isItem ? target.insert(path, value, from) : target.set(path, value, from);
}

function hasParent(target: Composed, path: YamlPath): boolean {
  const parent = target.at(path.slice(0, -1)).value;
  return isMap(parent) || Array.isArray(parent);
}

/** Steps into sequences are numbers; `-` is behind the last item. */
function pathOf(pointer: string, target: Composed): YamlPath {
  const path: (string | number)[] = [];
  for (const part of pointer.split('/').slice(1)) {
    const key = part.replaceAll('~1', '/').replaceAll('~0', '~');
    const container = target.at(path).value;
    if (!Array.isArray(container)) path.push(key);
    else path.push(key === '-' ? container.length : Number(key));
  }
  return path;
}
