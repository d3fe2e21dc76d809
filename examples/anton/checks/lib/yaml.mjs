/**
 * Reads YAML into nodes that know their lines, without dependencies.
 *
 * It covers what Kubernetes repositories write: block and flow collections, all scalar styles,
 * anchors, aliases, merge keys, comments and several documents. Complex keys (`? `) are reported as a problem.
 *
 * Nodes: `{type: 'map', entries: [{key, line, end, value}]}`, `{type: 'seq', items: [node]}`,
 * `{type: 'scalar', value}` and `{type: 'alias', target}`, each with `line`, `end` (exclusive, counted
 * from 0, trailing comments and blank lines left out), `indent` and `flow`.
 */
import { Flow, typed } from './yaml-flow.mjs';

export function readYaml(text) {
  const reader = new Reader(text);
  return { documents: reader.documents(), problems: reader.problems };
}

/** The plain value of a node. */
export function toValue(node) {
  if (!node) return null;
  if (node.type === 'alias') return toValue(node.target);
  if (node.type === 'seq') return node.items.map(toValue);
  if (node.type === 'scalar') return node.value;
  const merged = {};
  for (const { key, value } of node.entries) {
    if (key === '<<') Object.assign(merged, ...[toValue(value)].flat());
  }
  for (const { key, value } of node.entries) if (key !== '<<') merged[key] = toValue(value);
  return merged;
}

/** The entry of a mapping, through an alias too; undefined where there is none. */
export function entryOf(node, key) {
  const map = node?.type === 'alias' ? node.target : node;
  return map?.type === 'map' ? map.entries.find((entry) => entry.key === key) : undefined;
}

/** The node at a path of keys and indexes; undefined where there is none. */
export function nodeAt(node, path) {
  return path.reduce((at, step) => (typeof step === 'number' ? at?.items?.[step] : entryOf(at, step)?.value), node);
}

class Reader {
  constructor(text) {
    this.lines = text.split('\n');
    if (this.lines.at(-1) === '') this.lines.pop();
    this.at = 0;
    this.last = 0; // the line after the last one with content
    this.problems = [];
    this.anchors = new Map();
  }

  problem(message, line = this.at) {
    this.problems.push({ line, message });
  }

  documents() {
    const documents = [];
    while (this.skipToContent()) {
      const start = this.at;
      this.anchors = new Map();
      if (/^---(\s|$)/.test(this.lines[this.at])) {
        const rest = this.lines[this.at].slice(3).trim();
        if (rest && !rest.startsWith('#')) this.lines[this.at] = `    ${rest}`;
        else this.at++;
      }
      const root = this.block(-1);
      if (root) documents.push({ root, start, end: this.last });
      if (this.skipToContent() && !/^(---|\.\.\.)(\s|$)/.test(this.lines[this.at])) {
        this.problem('does not belong to what stands above (indentation)');
        this.at++;
      } else if (/^\.\.\.(\s|$)/.test(this.lines[this.at] ?? '')) this.at++;
    }
    return documents;
  }

  /** Moves to the next line with content; false at the end. */
  skipToContent() {
    while (this.at < this.lines.length && /^\s*(#.*)?$/.test(this.lines[this.at])) this.at++;
    if (/^ *\t/.test(this.lines[this.at] ?? '')) this.problem('has a tab in its indentation');
    return this.at < this.lines.length;
  }

  indentHere() {
    return this.lines[this.at].search(/\S/);
  }

  atBoundary() {
    return /^(---|\.\.\.)(\s|$)/.test(this.lines[this.at]);
  }

  /** A node that stands on lines of its own, deeper than `parent`. */
  block(parent, properties = {}) {
    if (!this.skipToContent() || this.atBoundary() || this.indentHere() <= parent) return null;
    const indent = this.indentHere();
    const text = this.lines[this.at].slice(indent);
    if (/^-(\s|$)/.test(text)) return this.sequence(indent, properties);
    if (/^\?\s/.test(text)) this.problem('has a complex key, which this reader does not know');
    if (keyLength(text) >= 0) return this.mapping(indent, properties);
    return this.inline(text, parent, properties);
  }

  mapping(indent, properties) {
    const node = this.open('map', indent, properties, { entries: [] });
    const seen = new Set();
    while (this.skipToContent() && !this.atBoundary() && this.indentHere() === indent) {
      const text = this.lines[this.at].slice(indent);
      const length = keyLength(text);
      if (length < 0 || /^-(\s|$)/.test(text)) break;
      const line = this.at;
      const key = keyText(text.slice(0, length));
      if (seen.has(key) && key !== '<<') this.problem(`has the key ${key} twice`);
      seen.add(key);
      const value = this.value(text.slice(length + 1), indent, true);
      node.entries.push({ key, line, end: this.last, value });
    }
    return this.close(node);
  }

  sequence(indent, properties) {
    const node = this.open('seq', indent, properties, { items: [] });
    while (this.skipToContent() && !this.atBoundary() && this.indentHere() === indent) {
      const text = this.lines[this.at].slice(indent);
      if (!/^-(\s|$)/.test(text)) break;
      const line = this.at;
      const rest = text.slice(1).trimStart();
      const isCollection = /^-(\s|$)/.test(rest) || keyLength(rest) >= 0;
      let item;
      if (isCollection) {
        // The item is read as if the dash were a space.
        this.lines[line] = ' '.repeat(indent + text.length - rest.length) + rest;
        item = this.block(indent);
      } else item = this.value(text.slice(1), indent, false);
      item.itemLine = line;
      item.itemEnd = this.last;
      node.items.push(item);
    }
    return this.close(node);
  }

  /** What follows a colon or a dash on the same line, or on the lines below it. */
  value(text, parent, inMapping) {
    let rest = text.trimStart();
    const properties = {};
    for (let match; (match = /^([&!])(\S*)(\s+|$)/.exec(rest)); rest = rest.slice(match[0].length)) {
      if (match[1] === '&') properties.anchor = match[2];
      else properties.tag = match[2];
    }
    if (rest === '' || rest.startsWith('#')) {
      const line = this.at++;
      this.last = this.at;
      if (this.skipToContent() && !this.atBoundary()) {
        const sameIndentSequence =
          inMapping && this.indentHere() === parent && /^-(\s|$)/.test(this.lines[this.at].slice(parent));
        if (sameIndentSequence) return this.sequence(parent, properties);
        const node = this.block(parent, properties);
        if (node) return node;
      }
      return this.keep({ type: 'scalar', value: null, line, end: line + 1, indent: parent }, properties);
    }
    return this.inline(rest, parent, properties);
  }

  inline(rest, parent, properties) {
    const line = this.at;
    const node = { type: 'scalar', line, indent: parent };
    if (rest.startsWith('*')) {
      const name = /^\*([^\s,\]}]+)/.exec(rest)[1];
      if (!this.anchors.has(name)) this.problem(`refers to the anchor ${name}, which is not there`);
      Object.assign(node, { type: 'alias', name, target: this.anchors.get(name) });
      this.last = ++this.at;
    } else if (/^[|>][+-]?\d?[+-]?\s*(#.*)?$/.test(rest)) node.value = this.blockScalar(rest, parent);
    else if (/^["'{[]/.test(rest)) Object.assign(node, this.delimited(rest));
    else node.value = typed(this.plain(rest, parent));
    node.end = this.last;
    return this.keep(node, properties);
  }

  plain(rest, parent) {
    const parts = [rest.replace(/\s+#.*$/, '').trim()];
    if (/^[%@`]/.test(rest)) this.problem(`starts with ${rest[0]}, which no plain value may`);
    if (/:(\s|$)/.test(parts[0])) this.problem('has a second ": " in a plain value');
    this.last = ++this.at;
    while (this.at < this.lines.length && !this.atBoundary() && !/\s#/.test(this.lines[this.at - 1])) {
      const line = this.lines[this.at];
      if (/^\s*(#.*)?$/.test(line) || line.search(/\S/) <= parent) break;
      parts.push(line.replace(/\s+#.*$/, '').trim());
      if (keyLength(parts.at(-1)) >= 0) this.problem('is indented below a plain value');
      this.last = ++this.at;
    }
    return parts.join(' ');
  }

  blockScalar(header, parent) {
    const folded = header[0] === '>';
    const chomp = /[+-]/.exec(header)?.[0];
    const lines = [];
    let indent = Number(/\d/.exec(header)?.[0] ?? 0) || undefined;
    if (indent) indent += Math.max(parent, 0);
    this.last = ++this.at;
    for (; this.at < this.lines.length; this.at++) {
      const line = this.lines[this.at];
      if (line.trim() !== '') {
        const here = line.search(/\S/);
        if (here <= parent) break;
        indent ??= here;
        if (here < indent) break;
        this.last = this.at + 1;
      }
      lines.push(line.slice(indent ?? line.length));
    }
    while (lines.at(-1) === '') lines.pop();
    const body = folded ? lines.join('\n').replace(/(\S)\n(?=\S)/g, '$1 ') : lines.join('\n');
    return chomp === '-' || body === '' ? body : `${body}\n`;
  }

  /** A quoted scalar or a flow collection, over as many lines as it needs. */
  delimited(rest) {
    const line = this.at;
    const flow = new Flow(rest, this, line);
    const node = flow.node();
    const after = flow.text.slice(flow.at).split('\n')[0];
    if (!/^\s*(\s#.*)?$/.test(after)) this.problem(`has "${after.trim()}" after a closed value`);
    this.last = this.at = line + flow.text.slice(0, flow.at).split('\n').length;
    return { ...node, flow: true };
  }

  open(type, indent, properties, more) {
    return this.keep({ type, line: this.at, indent, ...more }, properties);
  }

  close(node) {
    node.end = this.last;
    return node;
  }

  keep(node, { anchor }) {
    if (anchor) this.anchors.set(anchor, node);
    return node;
  }
}

/** The length of the key that a line starts with, -1 if it starts with none. */
function keyLength(text) {
  const simple = /^[A-Za-z0-9_./][A-Za-z0-9_./-]*(?=:(?:\s|$))/.exec(text); // nearly all of them, and quick to find
  if (simple) return simple[0].length;
  const match = /^["']/.test(text)
    ? /^(?:"(?:[^"\\]|\\.)*"|'(?:[^']|'')*')(?=\s*:(?:\s|$))/.exec(text)
    : /^(?![#&*!|>%@`{}[\],])(?:(?!\s#).)+?(?=\s*:(?:\s|$))/.exec(text);
  return match ? text.indexOf(':', match[0].length) : -1;
}

function keyText(raw) {
  const key = raw.trim();
  return /^(["']).*\1$/.test(key) ? key.slice(1, -1) : key;
}
