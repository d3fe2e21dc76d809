/** Reads flow values: quoted scalars, `{...}` and `[...]`, over as many lines as they need. */

/** A flow value in text; lines are pulled from the reader as long as it is open. */
export class Flow {
  constructor(rest, reader, line) {
    Object.assign(this, { reader, line, at: 0, text: rest, next: line + 1 });
  }

  peek() {
    for (;;) {
      const blank = /^(\s|(?<=\s)#[^\n]*)+/.exec(this.text.slice(this.at));
      if (blank) this.at += blank[0].length;
      if (this.text[this.at] === '#' && /[\s,[{]/.test(this.text[this.at - 1] ?? ' ')) {
        this.at += /^[^\n]*/.exec(this.text.slice(this.at))[0].length;
        continue;
      }
      if (this.at < this.text.length) return this.text[this.at];
      if (!this.more()) return '';
    }
  }

  more() {
    const line = this.reader.lines[this.next++];
    if (line === undefined) return false;
    this.text += `\n${line}`;
    return true;
  }

  node() {
    const opener = this.peek();
    const base = { line: this.line, flow: true };
    let anchor;
    for (let match; (match = /^([&!])([^\s,\]}]*)\s+/.exec(this.text.slice(this.at))); this.at += match[0].length) {
      if (match[1] === '&') anchor = match[2];
    }
    if (anchor) return this.reader.keep(this.node(), { anchor });
    if (opener === '{') return { ...base, type: 'map', entries: this.entries() };
    if (opener === '[') return { ...base, type: 'seq', items: this.items() };
    if (opener === '"' || opener === "'") return { ...base, type: 'scalar', value: this.quoted(opener) };
    const raw = /^(?:(?!:(?:[\s,[\]{}]|$)|\s#)[^,[\]{}\n])*/.exec(this.text.slice(this.at))[0];
    this.at += raw.length;
    const word = raw.trim();
    if (word.startsWith('*')) return { ...base, type: 'alias', target: this.reader.anchors.get(word.slice(1)) };
    return { ...base, type: 'scalar', value: typed(word) };
  }

  entries() {
    const entries = [];
    this.at++;
    while (this.peek() !== '}') {
      if (this.peek() === '') return this.unclosed(entries, '}');
      const key = String(this.node().value);
      if (entries.some((entry) => entry.key === key)) this.reader.problem(`has the key ${key} twice`, this.line);
      let value = { type: 'scalar', value: null, line: this.line, flow: true };
      if (this.peek() === ':') {
        this.at++;
        if (!/[,}]/.test(this.peek())) value = this.node();
      }
      entries.push({ key, value, line: this.line, end: this.line + 1 });
      if (this.peek() === ',') this.at++;
      else if (this.peek() !== '}') return this.unclosed(entries, '}');
    }
    this.at++;
    return entries;
  }

  items() {
    const items = [];
    this.at++;
    while (this.peek() !== ']') {
      if (this.peek() === '') return this.unclosed(items, ']');
      let item = this.node();
      if (this.peek() === ':') {
        this.at++;
        item = {
          type: 'map',
          flow: true,
          line: this.line,
          entries: [{ key: String(item.value), value: this.node(), line: this.line }],
        };
      }
      items.push(item);
      if (this.peek() === ',') this.at++;
      else if (this.peek() !== ']') return this.unclosed(items, ']');
    }
    this.at++;
    return items;
  }

  quoted(quote) {
    const body = quote === '"' ? /^"((?:[^"\\]|\\[^])*)"/ : /^'((?:[^']|'')*)'/;
    let match;
    while (!(match = body.exec(this.text.slice(this.at)))) if (!this.more()) return this.unclosed('', quote);
    this.at += match[0].length;
    const text = match[1].replace(/[ \t]*\n\s*/g, ' ');
    if (quote === "'") return text.replaceAll("''", "'");
    const known = { n: '\n', t: '\t', r: '\r', 0: '\0', e: '\x1b' };
    return text.replace(/\\(x..|u....|[^])/g, (_, code) =>
      code.length > 1 ? String.fromCodePoint(parseInt(code.slice(1), 16)) : (known[code] ?? code),
    );
  }

  unclosed(value, closer) {
    this.reader.problem(`has no closing ${closer}`, this.line);
    this.at = this.text.length;
    return value;
  }
}

/** A plain scalar as YAML 1.2 understands it. */
export function typed(text) {
  if (text === '' || text === '~' || text === 'null') return null;
  if (/^(true|True|TRUE|false|False|FALSE)$/.test(text)) return /^t/i.test(text);
  if (/^[-+]?(\d+(\.\d*)?|\.\d+)([eE][-+]?\d+)?$/.test(text)) return Number(text);
  if (/^0x[0-9a-fA-F]+$|^0o[0-7]+$/.test(text)) return Number(text);
  return text;
}
