/** Edits a YAML file by lines, so that comments, anchors and everything that was not asked for stay as they are. */
import { readFileSync, writeFileSync } from 'node:fs';
import { entryOf, nodeAt, readYaml, toValue } from '../../checks/lib/yaml.mjs';

export class YamlFile {
  #parsed;

  constructor(path) {
    this.path = path;
    const text = readFileSync(path, 'utf8');
    this.endsWithNewline = text.endsWith('\n');
    this.lines = text.replace(/\n$/, '').split('\n');
    this.isChanged = false;
  }

  /** Opens, edits and saves; true if anything changed. */
  static edit(path, change) {
    const file = new YamlFile(path);
    change(file);
    return file.save();
  }

  get documents() {
    this.#parsed ??= readYaml(`${this.lines.join('\n')}\n`).documents;
    return this.#parsed;
  }

  node(doc, path = []) {
    return nodeAt(this.documents[doc]?.root, path);
  }

  value(doc, path = []) {
    const node = this.node(doc, path);
    return node && toValue(node);
  }

  /** Puts a scalar at a path: replaces the one that is there, or inserts it after the first of `after` that exists. */
  set(doc, path, scalar, options = {}) {
    const entry = entryOf(this.node(doc, path.slice(0, -1)), path.at(-1));
    if (!entry) return this.ensure(doc, path, scalar, options);
    if (toValue(entry.value) === scalar) return;
    const line = this.lines[entry.line];
    const colon = line.indexOf(':', line.indexOf(path.at(-1)));
    const comment = options.comment ? ` # ${options.comment}` : (/\s+#.*$/.exec(line.slice(colon + 1))?.[0] ?? '');
    this.replace(entry.line, entry.line + 1, [`${line.slice(0, colon + 1)} ${inline(scalar)}${comment}`]);
  }

  /** Inserts what is missing of a value at a path; what is there stays. */
  ensure(doc, path, value, options = {}) {
    let map = this.node(doc);
    for (const [depth, key] of path.entries()) {
      if (typeof key === 'number') {
        map = map.items[key];
        continue;
      }
      const entry = entryOf(map, key);
      if (!entry) {
        const rest = path.slice(depth + 1).reduceRight((inner, step) => ({ [step]: inner }), value);
        return this.#insertEntry(map, key, rest, options);
      }
      if (isEmpty(entry.value) && (depth < path.length - 1 || isMap(value))) {
        const rest = path.slice(depth + 1).reduceRight((inner, step) => ({ [step]: inner }), value);
        return this.#fill(map, entry, rest);
      }
      map = entry.value.type === 'alias' ? entry.value.target : entry.value;
    }
    if (isMap(value))
      for (const [key, inner] of Object.entries(value)) this.ensure(doc, [...path, key], inner, options);
  }

  #insertEntry(map, key, value, { after = [], before = [], first = false }) {
    if (map.flow) throw new Error(`${this.path}:${map.line + 1}: ${key} cannot be put into a value in braces`);
    const previous = after.map((name) => entryOf(map, name)).find(Boolean);
    const next = before.map((name) => entryOf(map, name)).find(Boolean);
    const line = first ? map.entries[0].line : (previous?.end ?? next?.line ?? map.end);
    this.insert(line, render({ [key]: value }, map.indent));
  }

  /** Gives children to a key that has none, `{}` or nothing. */
  #fill(map, entry, value) {
    const line = this.lines[entry.line];
    this.replace(entry.line, entry.line + 1, [line.replace(/:\s*(\{\s*\}|null|~)?(\s*#.*)?$/, ':$2')]);
    this.insert(entry.line + 1, render(value, map.indent + 2));
  }

  /** Puts an item into a list, before the item at `index` or at the end. */
  addItem(doc, path, lines, index) {
    const list = this.node(doc, path);
    const line = list.items[index]?.itemLine ?? list.end;
    this.insert(
      line,
      lines.map((text, number) => `${' '.repeat(list.indent)}${number === 0 ? '- ' : '  '}${text}`),
    );
  }

  /** Takes an item out of a list, and the list's key with the last one. */
  removeItem(doc, path, index) {
    const list = this.node(doc, path);
    if (list.items.length === 1) return this.removeEntry(doc, path);
    this.replace(list.items[index].itemLine, list.items[index].itemEnd, []);
  }

  removeEntry(doc, path) {
    const entry = entryOf(this.node(doc, path.slice(0, -1)), path.at(-1));
    if (entry) this.replace(entry.line, entry.end, []);
  }

  /** Puts a whole document behind the others. */
  append(text) {
    this.insert(this.lines.length, ['---', ...text.trimEnd().split('\n')]);
  }

  insert(line, lines) {
    this.replace(line, line, lines);
  }

  replace(start, end, lines) {
    if (end >= this.lines.length && lines.length) this.endsWithNewline = true;
    this.lines.splice(start, end - start, ...lines);
    this.isChanged = true;
    this.#parsed = undefined;
  }

  save() {
    if (!this.isChanged) return false;
    const text = this.lines.join('\n') + (this.endsWithNewline ? '\n' : '');
    const [problem] = readYaml(text).problems;
    if (problem) throw new Error(`${this.path}:${problem.line + 1}: ${problem.message}; the edit was not saved`);
    writeFileSync(this.path, text);
    return true;
  }
}

const isMap = (value) => typeof value === 'object' && value !== null && !Array.isArray(value);
const isEmpty = (node) =>
  (node.type === 'scalar' && node.value === null) || (node.type === 'map' && node.entries.length === 0);

/** A value as block lines at an indentation. */
export function render(value, indent = 0) {
  const pad = ' '.repeat(indent);
  if (Array.isArray(value)) {
    return value.flatMap((item) => {
      const [first, ...others] = isMap(item) ? render(item, indent + 2) : [`${pad}  ${inline(item)}`];
      return [`${pad}- ${first.slice(indent + 2)}`, ...others];
    });
  }
  return Object.entries(value).flatMap(([key, inner]) => {
    if (typeof inner === 'string' && inner.includes('\n')) {
      return [
        `${pad}${key}: |`,
        ...inner
          .trimEnd()
          .split('\n')
          .map((line) => (line ? `${pad}  ${line}` : line)),
      ];
    }
    if (Array.isArray(inner)) return [`${pad}${key}:`, ...render(inner, indent + 2)];
    if (isMap(inner) && Object.keys(inner).length) return [`${pad}${key}:`, ...render(inner, indent + 2)];
    return [`${pad}${key}: ${inline(inner)}`];
  });
}

function inline(value) {
  if (isMap(value)) return '{}';
  if (typeof value !== 'string') return String(value);
  const isPlain =
    /^[A-Za-z0-9./_-][A-Za-z0-9./_ -]*$/.test(value) && !/^([\d.]+|true|false|null|yes|no|on|off|y|n)$/i.test(value);
  return isPlain ? value : JSON.stringify(value);
}
