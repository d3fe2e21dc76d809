/** Owns the bounded memory of a command's output: its first and its last bytes, and how many there were. */

import { headOf, tailOf } from './utf8-cut.js';

const newline = 0x0a;
const space = 0x20;

/**
 * Keeps at most `keepBytes` however much is written, half of it the beginning.
 * What it leaves out goes between two lines (or words) where one ends near the cut, so that a secret is
 * seen whole by `redact` or not at all.
 */
export class HeadTailBuffer {
  readonly #head: Buffer;
  /** A ring: the byte written last stands just before `#tailAt`. */
  readonly #tail: Buffer;
  #headBytes = 0;
  #tailAt = 0;
  #total = 0;

  constructor(keepBytes: number) {
    const headCap = Math.ceil(keepBytes / 2);
    this.#head = Buffer.alloc(headCap);
    this.#tail = Buffer.alloc(keepBytes - headCap);
  }

  /** Bytes written so far, kept or not. */
  get totalBytes(): number {
    return this.#total;
  }

  write(chunk: Buffer): void {
    this.#total += chunk.length;
    const taken = chunk.copy(this.#head, this.#headBytes);
    this.#headBytes += taken;
    const cap = this.#tail.length;
    let rest = chunk.subarray(taken);
    if (rest.length > cap) rest = rest.subarray(rest.length - cap);
    if (rest.length === 0) return;
    const beforeWrap = rest.copy(this.#tail, this.#tailAt);
    rest.copy(this.#tail, 0, beforeWrap);
    this.#tailAt = (this.#tailAt + rest.length) % cap;
  }

  /** The text kept; where bytes are missing it says how many. */
  text(): string {
    const head = this.#head.subarray(0, this.#headBytes);
    const afterHead = this.#total - this.#headBytes;
    if (afterHead <= this.#tail.length) {
      // Not wrapped, or just filled: the ring begins at 0.
      return Buffer.concat([head, this.#tail.subarray(0, afterHead)]).toString('utf8');
    }
    const tail = Buffer.concat([this.#tail.subarray(this.#tailAt), this.#tail.subarray(0, this.#tailAt)]);
    const first = cutHead(head);
    const last = cutTail(tail);
    const leftOut = this.#total - first.length - last.length;
    return `${first.toString('utf8')}\n… ${leftOut} bytes left out …\n${last.toString('utf8')}`;
  }
}

function cutHead(head: Buffer): Buffer {
  const earliest = Math.floor(head.length * 0.75);
  for (const separator of [newline, space]) {
    const at = head.lastIndexOf(separator);
    if (at >= earliest && at >= 0) return head.subarray(0, at);
  }
  return withoutHalfCharacter(head);
}

function cutTail(tail: Buffer): Buffer {
  const latest = Math.ceil(tail.length * 0.25);
  for (const separator of [newline, space]) {
    const at = tail.indexOf(separator);
    if (at >= 0 && at < latest) return tail.subarray(at + 1);
  }
  return tailOf(tail, tail.length);
}

/** Drops the last character when its end was cut off; a whole one stays. */
function withoutHalfCharacter(bytes: Buffer): Buffer {
  const lastStart = headOf(bytes, bytes.length - 1).length;
  const lead = bytes[lastStart] ?? 0;
  const expected = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : lead >= 0xc0 ? 2 : 1;
  return bytes.length - lastStart < expected ? bytes.subarray(0, lastStart) : bytes;
}
