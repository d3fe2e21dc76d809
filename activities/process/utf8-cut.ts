/** Owns cutting UTF-8 bytes between characters, never inside one. */

const isContinuation = (byte: number | undefined): boolean => byte !== undefined && (byte & 0xc0) === 0x80;

/** The longest prefix of at most `maxBytes` that ends between two characters. */
export function headOf(bytes: Buffer, maxBytes: number): Buffer {
  let end = Math.min(Math.max(0, maxBytes), bytes.length);
  for (let steps = 0; steps < 3 && isContinuation(bytes[end]); steps += 1) end -= 1;
  return bytes.subarray(0, Math.max(0, end));
}

/** The longest suffix of at most `maxBytes` that begins between two characters. */
export function tailOf(bytes: Buffer, maxBytes: number): Buffer {
  let start = Math.max(0, bytes.length - Math.max(0, maxBytes));
  for (let steps = 0; steps < 3 && isContinuation(bytes[start]); steps += 1) start += 1;
  return bytes.subarray(start);
}
