import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { HeadTailBuffer } from './head-tail-buffer.js';

const chunked = fc.array(fc.string({ unit: 'grapheme', maxLength: 40 }), { maxLength: 30 });

describe('HeadTailBuffer', () => {
  it('keeps everything that fits, whatever the chunks, characters across chunks included', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 200 }), fc.integer({ min: 1, max: 7 }), (text, size) => {
        const bytes = Buffer.from(text);
        const kept = new HeadTailBuffer(bytes.length);
        for (let at = 0; at < bytes.length; at += size) kept.write(bytes.subarray(at, at + size));
        expect(kept.text()).toBe(text);
        expect(kept.totalBytes).toBe(bytes.length);
      }),
    );
  });

  it('keeps true beginnings and ends, counts the rest and cuts no character', () => {
    fc.assert(
      fc.property(chunked, fc.integer({ min: 0, max: 64 }), (chunks, keepBytes) => {
        const kept = new HeadTailBuffer(keepBytes);
        for (const chunk of chunks) kept.write(Buffer.from(chunk));
        const all = chunks.join('');
        const total = Buffer.byteLength(all);
        if (total <= keepBytes) {
          expect(kept.text()).toBe(all);
          return;
        }
        const [, head = '', leftOut, tail = ''] = /^([^]*)\n… (\d+) bytes left out …\n([^]*)$/.exec(kept.text()) ?? [];
        expect(all.startsWith(head)).toBe(true);
        expect(all.endsWith(tail)).toBe(true);
        expect(Buffer.byteLength(head) + Number(leftOut) + Buffer.byteLength(tail)).toBe(total);
        expect(Buffer.byteLength(head) + Buffer.byteLength(tail)).toBeLessThanOrEqual(keepBytes);
      }),
      { numRuns: 500 },
    );
  });

  it('cuts between lines, so that a token is whole or absent', () => {
    const kept = new HeadTailBuffer(400);
    for (let line = 0; line < 100; line += 1) kept.write(Buffer.from(`token ghp_${'a'.repeat(36)}\n`));
    const lines = kept
      .text()
      .split('\n')
      .filter((line) => line !== '' && !line.startsWith('…'));
    expect(lines.length).toBeGreaterThan(4);
    expect(new Set(lines)).toEqual(new Set([`token ghp_${'a'.repeat(36)}`]));
  });
});
