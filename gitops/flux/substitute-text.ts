/** Flux's variable expressions in a text: `${VAR}`, `${VAR:=default}`, `${VAR/from/to}`, `$${escaped}`. */
import { goPattern } from '../kustomize/go-pattern.js';

/** `hidden`: it is set to something that is not in the files. `open`: nobody can know whether it is set. */
export type Lookup = (variable: string) => { readonly value: string } | 'unset' | 'hidden' | 'open';

export interface VariableUse {
  readonly variable: string;
  /** `unknown`: the text still shows the expression. */
  readonly outcome: 'set' | 'default' | 'empty' | 'unknown';
}

export interface Substituted {
  readonly text: string;
  readonly uses: readonly VariableUse[];
  /** What Flux would refuse; the text is then as it was. */
  readonly problem: string | undefined;
}

/** As `envsubst` of Flux reads it; an expression with a hidden variable stays as it is written. */
export function substituteText(text: string, lookup: Lookup): Substituted {
  const reader = new ExpressionReader(text, lookup);
  try {
    return { text: reader.readText(), uses: reader.uses, problem: undefined };
  } catch (error) {
    if (!(error instanceof SubstitutionError)) throw error;
    return { text, uses: [], problem: error.message };
  }
}

class SubstitutionError extends Error {}

class ExpressionReader {
  readonly uses: VariableUse[] = [];
  private at = 0;
  private depth = 0;

  constructor(
    private readonly text: string,
    private readonly lookup: Lookup,
  ) {}

  readText(): string {
    let result = '';
    while (this.at < this.text.length) {
      const dollar = this.text.indexOf('$', this.at);
      if (dollar === -1) return result + this.text.slice(this.at);
      result += this.text.slice(this.at, dollar);
      this.at = dollar;
      if (this.text.startsWith('$$', dollar)) {
        result += '$';
        this.at += 2;
      } else if (this.text.startsWith('${', dollar)) result += this.readExpression();
      else {
        result += '$';
        this.at += 1;
      }
    }
    return result;
  }

  /** From `${` to its `}`. */
  private readExpression(): string {
    const start = this.at;
    this.at += 2;
    if (++this.depth > maxDepth) throw this.error('is nested too deeply', start);
    const isLength = this.peek() === '#';
    if (isLength) this.at += 1;
    const name = this.read(/[\p{L}\p{Nd}_]+/uy);
    if (name === undefined) throw this.error('has no variable name', start);
    const value = this.lookup(name);
    const operator = isLength ? 'length' : (this.read(/:[-=?+]|=|:|,,?|\^\^?|\/[/#%]?|##?|%%?/y) ?? '');
    const args = this.readArguments(operator, start);
    if (this.peek() !== '}') throw this.error('is not closed', start);
    this.at += 1;
    this.depth -= 1;
    const isDefault = defaultOperator.test(operator);
    const known = typeof value === 'string' ? undefined : value.value;
    const needsNothingElse = isDefault && known !== undefined && known !== '';
    const isOpen = value === 'open' && !isDefault;
    if (value === 'hidden' || isOpen || (args.includes(undefined) && !needsNothingElse)) {
      this.uses.push({ variable: name, outcome: 'unknown' });
      return this.text.slice(start, this.at);
    }
    this.uses.push({ variable: name, outcome: known !== undefined ? 'set' : isDefault ? 'default' : 'empty' });
    return applyOperator(operator, known ?? '', args as readonly string[]);
  }

  /** Undefined for an argument whose own expression cannot be known. */
  private readArguments(operator: string, start: number): readonly (string | undefined)[] {
    if (defaultOperator.test(operator)) return [this.readArgument(/[^}$]+|\$(?!\{)/uy)];
    switch (operator) {
      case ':': {
        const offset = this.readArgument(/[^:}$]+/uy);
        if (this.peek() !== ':') return [offset];
        this.at += 1;
        return [offset, this.readArgument(/[^}$]+/uy)];
      }
      case '/':
      case '//':
      case '/#':
      case '/%': {
        const from = this.readArgument(/(?:\\[/\\]|\$\$|[^/$])+|\$(?!\{)/uy);
        if (this.peek() !== '/') throw this.error('has no replacement', start);
        this.at += 1;
        return [from, this.readArgument(/(?:\\[/\\]|\$\$|[^}$])+|\$(?!\{)/uy)].map((text) =>
          text?.replaceAll(/\\([/\\])/g, '$1'),
        );
      }
      case '#':
      case '##':
      case '%':
      case '%%':
        return [this.readArgument(/[^}$]+|\$(?!\{)/uy)];
      default:
        return [];
    }
  }

  /** Text and expressions in turn. */
  private readArgument(literal: RegExp): string | undefined {
    let result = '';
    let isKnown = true;
    for (;;) {
      const text = this.read(literal);
      if (text !== undefined) result += text;
      else if (this.text.startsWith('${', this.at)) {
        const before = this.uses.length;
        result += this.readExpression();
        isKnown &&= !this.uses.slice(before).some(({ outcome }) => outcome === 'unknown');
      } else return isKnown ? result : undefined;
    }
  }

  private peek(): string | undefined {
    return this.text[this.at];
  }

  private read(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.at;
    const [match] = pattern.exec(this.text) ?? [];
    this.at += match?.length ?? 0;
    return match;
  }

  /** By its name and what follows: behind that stands a value, which may be a Secret's. */
  private error(what: string, start: number): SubstitutionError {
    const [shown = ''] = /^.{2}#?[\p{L}\p{Nd}_]{0,40}[^\p{L}\p{Nd}_]?/su.exec(this.text.slice(start)) ?? [];
    const isAll = start + shown.length >= this.text.length;
    return new SubstitutionError(`${shown}${isAll ? '' : '…'}: ${what}`);
  }
}

const maxDepth = 50;

/** They stand in for a variable that is not set. */
const defaultOperator = /^:?[-=?+]$/;

function applyOperator(operator: string, value: string, [first = '', second = '']: readonly string[]): string {
  switch (operator) {
    case '':
      return value;
    case 'length':
      return String(Buffer.byteLength(value));
    case ',':
      return value.slice(0, 1).toLowerCase() + value.slice(1);
    case ',,':
      return value.toLowerCase();
    case '^':
      return value.slice(0, 1).toUpperCase() + value.slice(1);
    case '^^':
      return value.toUpperCase();
    case ':':
      return substring(value, first, second);
    case '/':
      return value.replace(first, () => second);
    case '//':
      return value.replaceAll(first, () => second);
    case '/#':
      return value.startsWith(first) ? second + value.slice(first.length) : value;
    case '/%':
      return value.endsWith(first) ? value.slice(0, value.length - first.length) + second : value;
    case '#':
    case '##':
      return value.slice(matchLength(value, first, operator === '##'));
    case '%':
    case '%%': {
      const cut = matchLength(reversed(value), reversed(first), operator === '%%');
      return value.slice(0, value.length - cut);
    }
    default:
      // All default operators do the same, `:+` and `:?` too.
      return value === '' ? first : value;
  }
}

function substring(value: string, offset: string, length: string): string {
  const start = Number.parseInt(offset, 10);
  if (Number.isNaN(start)) return value;
  const from = start < 0 ? Math.max(0, value.length + start) : start;
  const count = length === '' ? value.length : Number.parseInt(length, 10);
  return Number.isNaN(count) ? value : value.slice(from, from + Math.max(0, count));
}

/** How much of the beginning a pattern with `*` and `?` covers, at most or at least. */
function matchLength(value: string, pattern: string, longest: boolean): number {
  const source = pattern
    .replaceAll(/[.+^${}()|[\]\\]/g, String.raw`\$&`)
    .replaceAll('*', '.*')
    .replaceAll('?', '.');
  const covers = goPattern(`(?s)^(?:${source})$`);
  if (typeof covers === 'string') return 0;
  const lengths = Array.from({ length: value.length }, (_, index) => index + 1);
  const ordered = longest ? lengths.toReversed() : lengths;
  return ordered.find((length) => covers(value.slice(0, length))) ?? 0;
}

function reversed(text: string): string {
  return text.split('').toReversed().join('');
}
