/** Scalars as text: plain where every parser reads them as the same text again, else quoted. */

export type Quote = "'" | '"';

export interface ScalarStyle {
  readonly isFlow: boolean;
  /** Keep these quotes although the text may need none. */
  readonly quoted?: Quote | undefined;
  /** The quotes to take where it needs some. */
  readonly quote: Quote;
}

export function renderScalar(value: string | number | boolean | null, style: ScalarStyle): string {
  if (typeof value === 'number') return renderNumber(value);
  if (typeof value !== 'string') return String(value);
  if (!style.quoted && isPlain(value, style.isFlow)) return value;
  const quote = style.quoted ?? style.quote;
  return quote === "'" && isPrintable(value) ? `'${value.replaceAll("'", "''")}'` : doubleQuoted(value);
}

/** Can it be lines of a literal block, which needs no indicator of its indentation then? */
export function isLiteral(value: string): boolean {
  const lines = value.split('\n');
  const isTextOrEmpty = (line: string) => line === '' || (line.trim() !== '' && isPrintable(line));
  return lines.length > 1 && /^\n*\S/.test(value) && lines.every(isTextOrEmpty);
}

function renderNumber(value: number): string {
  if (Number.isNaN(value)) return '.nan';
  if (!Number.isFinite(value)) return value > 0 ? '.inf' : '-.inf';
  return Object.is(value, -0) ? '-0' : String(value);
}

function isPlain(text: string, isFlow: boolean): boolean {
  if (text === '' || text !== text.trim() || !isPrintable(text) || text.includes('\t')) return false;
  if (/^[,[\]{}#&*!|>'"%@`]|^[-?:](?:\s|$)|^(?:---|\.\.\.)|^[-?:][,[\]{}]/.test(text)) return false;
  if (/:(?:\s|$)|\s#/.test(text)) return false;
  if (isFlow && /[,[\]{}?]|^[-:]|:["']/.test(text)) return false;
  return !isOtherType(text) && !isAllSubstituted(text);
}

// Null, booleans, numbers (octal, binary, sexagesimal, with underscores), dates and merge keys, of YAML 1.1 and 1.2.
const words = /^(?:~|null|true|false|yes|no|on|off|y|n|=|<<)$/i;
const number =
  /^[-+]?(?:0b[01_]+|0o?[0-7_]+|0x[\da-f_]+|(?:\d[\d_]*)?(?:\.[\d_]*)?(?:e[-+]?\d+)?|\d[\d_]*(?::[0-5]?\d)+(?:\.[\d_]*)?|\.inf|\.nan)$/i;
const date = /^\d{4}-\d{1,2}-\d{1,2}(?:[Tt\s].*)?$/;

const isOtherType = (text: string): boolean => words.test(text) || number.test(text) || date.test(text);

/** Texts of nothing but `${VAR}` and what numbers are made of: what comes in for it may be of any type. */
const isAllSubstituted = (text: string): boolean =>
  text.includes('${') && /^[-+.:_\dxobe]*$/i.test(text.replaceAll(/\$\{[^}]*\}/g, ''));

// Line breaks of any kind, what YAML does not allow as it is, and halves of pairs.
const unprintable = /[\0-\x08\n-\x1f\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]|\p{Surrogate}/u;

const isPrintable = (text: string): boolean => !unprintable.test(text);

function doubleQuoted(text: string): string {
  return JSON.stringify(text).replaceAll(
    /[\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]/g,
    (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
