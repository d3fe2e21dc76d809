/** Random YAML texts in every style there is. What a text says is the parser's business: here it only has to be legal. */
import fc from 'fast-check';

/** Draws what a text is made of; small draws make simple texts, so that counterexamples shrink. */
export interface Draw {
  /** From 0 to max. */
  readonly upTo: (max: number) => number;
  readonly pick: <T>(options: readonly T[]) => T;
  /** True in so many of a hundred. */
  readonly percent: (chance: number) => boolean;
}

/** The same draws for the same seed; once the budget is spent, all of them are the smallest: a budget is what shrinks. */
export function drawFrom({ seed, budget }: { readonly seed: number; readonly budget: number }): Draw {
  let state = seed;
  let left = budget;
  const upTo = (max: number) => {
    if (left-- <= 0) return 0;
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % (max + 1);
  };
  return {
    upTo,
    pick: (options) => options[upTo(options.length - 1)]!,
    percent: (chance) => upTo(99) >= 100 - chance,
  };
}

export const seeds = fc.record({ seed: fc.nat(), budget: fc.integer({ min: 0, max: 700 }) });

export function randomYaml(draw: Draw): string {
  return new YamlWriter(draw).text();
}

const words = ['a', 'b', 'name', 'spec', 'x y', 'it is', '10m', '${VAR}', 'http://x.y/z#1', 'v1.2.3', '-x', 'a,b', '*'];
const plainValues = [
  'a',
  'text',
  '1',
  '0.5',
  'true',
  'no',
  'null',
  '~',
  '10m',
  '${VAR}',
  'x: y'.replace(': ', ':'),
  '-x',
];
const keys = ['a', 'b', 'c', 'd', 'e', 'name', 'spec', 'app.kubernetes.io/name', 'on', '8080', 'key with spaces'];
const flowKeys = ['a', 'b', 'c', 'd'];

class YamlWriter {
  private readonly anchors: string[] = [];
  /** Anchors of maps, which merge keys may name. */
  private readonly mapAnchors: string[] = [];
  private count = 0;
  private readonly step: number;
  private readonly sequenceStep: number;

  constructor(private readonly draw: Draw) {
    this.step = draw.pick([2, 2, 2, 4, 1, 3]);
    this.sequenceStep = draw.pick([this.step, 0, 2]);
  }

  text(): string {
    const { draw } = this;
    const documents = Array.from({ length: 1 + (draw.percent(25) ? 1 + draw.upTo(1) : 0) }, (_, index) =>
      this.document(index),
    );
    let text = documents.join('');
    if (draw.percent(30)) text = text.replace(/\n$/, '');
    if (draw.percent(15)) text = text.replaceAll('\n', '\r\n');
    return (draw.percent(3) ? '\ufeff' : '') + text;
  }

  private document(index: number): string {
    const { draw } = this;
    this.anchors.length = 0;
    this.mapAnchors.length = 0;
    const directive = draw.percent(4) ? '%YAML 1.2\n' : '';
    const end = index > 0 && directive !== '' ? '...\n' : '';
    const hasMarker = index > 0 || directive !== '' || draw.percent(50);
    const marker = hasMarker ? `---${draw.percent(10) ? ' # document' : ''}\n` : '';
    const header = draw.percent(30) ? '# yaml-language-server: $schema=x\n' : '';
    const body = draw.percent(90) ? this.block(0, 3) : `${this.inlineValue(1)}\n`;
    return end + directive + marker + header + body + (draw.percent(10) ? '# the end\n' : '');
  }

  /** Lines of a map or a sequence. */
  private block(indent: number, depth: number): string {
    return this.draw.percent(25) ? this.sequence(indent, depth) : this.map(indent, depth);
  }

  private map(indent: number, depth: number): string {
    const { draw } = this;
    const names = this.some(keys, 1 + draw.upTo(3));
    if (draw.percent(30)) names.sort();
    const mergeAt = draw.percent(25) ? draw.pick(names) : undefined;
    const entries = names.flatMap((name) => {
      const merged = name === mergeAt && this.mapAnchors.length > 0 ? [this.merge(indent)] : [];
      return [...merged, this.entry(name, indent, depth)];
    });
    return entries.map((entry) => this.above(indent) + entry).join('') + this.below(indent);
  }

  private merge(indent: number): string {
    const { draw } = this;
    const pad = ' '.repeat(indent);
    const alias = `*${draw.pick(this.mapAnchors)}`;
    return draw.pick([
      `${pad}<<: ${alias}\n`,
      `${pad}<<: [${alias}, *${draw.pick(this.mapAnchors)}]\n`,
      `${pad}<<: { merged: 1, a: 2 }\n`,
      `${pad}<<:\n${pad} merged: 1\n${pad} deep:\n${pad}  inner: 2\n`,
    ]);
  }

  private entry(name: string, indent: number, depth: number): string {
    const { draw } = this;
    const pad = ' '.repeat(indent);
    const key = draw.pick([name, name, name, name, `"${name}"`, `'${name}'`]);
    if (draw.percent(4)) {
      return draw.pick([
        () => `${pad}? ${key}\n${pad}: ${this.lineValue(indent + 2)}`,
        () => `${pad}? ${key}\n`,
        () => `${pad}? ${key}\n${pad}: ${this.map(indent + 2, 0).trimStart()}`,
      ])();
    }
    return `${pad}${key}:${this.value(indent, depth, 'map')}`;
  }

  private sequence(indent: number, depth: number): string {
    const { draw } = this;
    const pad = ' '.repeat(indent);
    const width = draw.pick([2, 2, 2, 2, 4]);
    const items = Array.from({ length: 1 + draw.upTo(3) }, () => {
      const isCompact = depth > 0 && draw.percent(45);
      const dash = `${pad}-`.padEnd(indent + width);
      const item = isCompact
        ? dash + this.compact(indent + width, depth - 1)
        : `${pad}-${this.value(indent, depth, 'sequence')}`;
      return this.above(indent) + item;
    });
    return items.join('') + this.below(indent);
  }

  /** A collection whose first entry stands behind a dash. */
  private compact(indent: number, depth: number): string {
    const block = this.block(indent, depth);
    return /^\s*#/.test(block) || block.startsWith('\n') ? `# c\n${block}` : block.trimStart();
  }

  /** What comes behind a colon or a dash, to the end of its lines. */
  private value(indent: number, depth: number, of: 'map' | 'sequence'): string {
    const { draw } = this;
    if (depth === 0 || draw.percent(55)) return this.scalarOrFlow(indent);
    const { anchor, props } = this.props();
    const isSequence = draw.percent(35);
    const inside = indent + (of === 'sequence' ? 2 : isSequence ? this.sequenceStep : this.step);
    const lines = isSequence ? this.sequence(inside, depth - 1) : this.map(inside, depth - 1);
    this.remember(anchor, !isSequence);
    return `${props}${this.trailing()}\n${lines}`;
  }

  private scalarOrFlow(indent: number): string {
    const { draw } = this;
    if (draw.percent(8)) return `${this.trailing()}\n${draw.percent(40) ? `${' '.repeat(indent + 1)}# nothing\n` : ''}`;
    if (this.anchors.length > 0 && draw.percent(15)) return ` *${draw.pick(this.anchors)}${this.trailing()}\n`;
    const { anchor, props } = this.props();
    this.remember(anchor, false);
    return `${props} ${this.lineValue(indent + 1)}`;
  }

  /** A value that begins on the line it is the value of, to the end of its lines; `indent` is the least it needs. */
  private lineValue(indent: number): string {
    const { draw } = this;
    if (draw.percent(12)) return this.blockScalar(indent);
    return `${this.inlineValue(indent)}${this.trailing()}\n`;
  }

  private inlineValue(indent: number): string {
    const { draw } = this;
    const pad = ' '.repeat(indent + 1);
    return draw.pick([
      () => draw.pick(plainValues),
      () => draw.pick(plainValues),
      () => draw.pick(plainValues),
      () => `"${draw.pick(words)}"`,
      () => `'${draw.pick(words)}'`,
      () => `"two\\nlines \\"${draw.pick(words)}\\""`,
      () => `"over\n${pad}two lines"`,
      () => `over\n${pad}lines`,
      () => this.flow(indent, 2),
      () => this.flow(indent, 2),
      () => draw.pick(['{}', '[]', '{ }', '[ ]']),
    ])();
  }

  private flow(indent: number, depth: number): string {
    const { draw } = this;
    const isMap = draw.percent(50);
    const item = () => (depth > 0 && draw.percent(25) ? this.flow(indent + 1, depth - 1) : this.flowScalar());
    const entry = (key: string) =>
      draw.pick([
        () => `${key}: ${item()}`,
        () => `${key}: ${item()}`,
        () => `"${key}": ${item()}`,
        () => `${key}:`,
        () => key,
      ])();
    const parts = isMap
      ? this.some(flowKeys, 1 + draw.upTo(2)).map(entry)
      : Array.from({ length: 1 + draw.upTo(2) }, () => (draw.percent(5) ? `k: ${item()}` : item()));
    const [open, close] = isMap ? ['{', '}'] : ['[', ']'];
    if (draw.percent(25)) {
      const pad = ' '.repeat(indent + 1);
      const comment = () => (draw.percent(15) ? ' # in flow' : '');
      const above = () => (draw.percent(10) ? `${pad}# above\n` : '');
      const last = parts.length - 1;
      const lines = parts.map((part, index) => {
        const comma = index < last || draw.percent(40) ? ',' : '';
        return `${above()}${pad}${part}${comma}${comment()}\n`;
      });
      return `${open}\n${lines.join('')}${' '.repeat(indent)}${close}`;
    }
    const space = draw.pick(['', ' ']);
    return open + space + parts.join(draw.pick([', ', ','])) + (draw.percent(8) ? ',' : '') + space + close;
  }

  private flowScalar(): string {
    const { draw } = this;
    if (this.anchors.length > 0 && draw.percent(8)) return `*${draw.pick(this.anchors)} `;
    return draw.pick(['a', '1', '"b c"', "'d'", 'text', 'true', '-1', 'null', '"${VAR}"']);
  }

  private blockScalar(indent: number): string {
    const { draw } = this;
    const indicator = draw.pick(['|', '>', '|-', '>-', '|+', '>+', '|2', '|']);
    const header = `${indicator}${this.trailing()}\n`;
    const pad = ' '.repeat(indicator === '|2' ? indent + 1 : indent + draw.upTo(2));
    const lines = Array.from({ length: draw.upTo(3) }, (_, index) =>
      index > 0 && draw.percent(20) ? '\n' : `${pad}${draw.pick(['text', '# no comment', '- x', 'a: b', '${VAR}'])}\n`,
    );
    return header + lines.join('') + (draw.percent(15) ? '\n' : '');
  }

  private props(): { readonly anchor: string | undefined; readonly props: string } {
    const { draw } = this;
    if (!draw.percent(15)) return { anchor: undefined, props: '' };
    const anchor = draw.percent(80) ? `n${draw.percent(8) ? 1 : ++this.count}` : undefined;
    const tag = anchor === undefined || draw.percent(10) ? ' !custom' : '';
    return { anchor, props: (anchor === undefined ? '' : ` &${anchor}`) + tag };
  }

  private remember(anchor: string | undefined, isMap: boolean): void {
    if (anchor === undefined) return;
    this.anchors.push(anchor);
    const known = this.mapAnchors.indexOf(anchor);
    if (isMap && known === -1) this.mapAnchors.push(anchor);
    if (!isMap && known !== -1) this.mapAnchors.splice(known, 1);
  }

  private trailing(): string {
    const { draw } = this;
    return draw.percent(12) ? draw.pick([' # why', '  # because: of', ' ', '   #']) : '';
  }

  /** Comments and empty lines above an entry. */
  private above(indent: number): string {
    const { draw } = this;
    if (!draw.percent(20)) return '';
    const pad = ' '.repeat(draw.percent(85) ? indent : draw.upTo(6));
    return draw.pick(['\n', `${pad}# above\n`, `\n${pad}# a: 1\n${pad}# above\n`, `${pad}# far\n\n`]);
  }

  /** Below the last entry. */
  private below(indent: number): string {
    return this.draw.percent(6) ? `${' '.repeat(indent)}# below\n` : '';
  }

  private some(options: readonly string[], count: number): string[] {
    const left = [...options];
    return Array.from({ length: count }, () => left.splice(this.draw.upTo(left.length - 1), 1)[0]!);
  }
}
