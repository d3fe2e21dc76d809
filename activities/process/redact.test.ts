import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { excerpt, redact } from './redact.js';

const pemBody =
  'MIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEAAoIBAQC7\nVJTUt9Us8cKjMzEfYyjiWA4R4/M2bS1GB4t7NXp98C3SC6dVMvDu\nictGeurT8jNbvJZHtCSuYEvu==';
const begin = '-----BEGIN RSA PRIVATE KEY-----';
const end = '-----END RSA PRIVATE KEY-----';

describe('redact', () => {
  it.each([
    ['cloning with ghp_abcdefghijklmnopqrstuvwxyz0123456789 now', 'cloning with [redacted] now'],
    ['github_pat_11AAAA_bbbb', '[redacted]'],
    ['\u001b[1mghp_abcdef1234567890\u001b[0m', '\u001b[1m[redacted]\u001b[0m'],
    ['xoxb-123-456-abc', '[redacted]'],
    ['AKIAIOSFODNN7EXAMPLE', '[redacted]'],
    ['aws_secret_access_key = wJalrXUtnFEMI/K7MDENG', 'aws_secret_access_key = [redacted]'],
    ['AGE-SECRET-KEY-1QQPQ', '[redacted]'],
    ['Authorization: Bearer abc.def', 'Authorization: Bearer [redacted]'],
    ['authorization: Basic dXNlcjpw', 'authorization: Basic [redacted]'],
    ['https://oauth2:s3cret@git.example/x.git', 'https://[redacted]@git.example/x.git'],
    ['https://sometoken@git.example/x.git', 'https://[redacted]@git.example/x.git'],
    ['postgres://app:p/ss@w0rd@db:5432/app', 'postgres://app:[redacted]@db:5432/app'],
    ['{"password":"a b\\"c","user":"x"}', '{"password":[redacted],"user":"x"}'],
    ["adminPassword: 'it''s me' # x", 'adminPassword: [redacted] # x'],
    ['GITHUB_TOKEN=abc make', 'GITHUB_TOKEN=[redacted] make'],
    ['api-key: abc', 'api-key: [redacted]'],
    ['token: secret: hunter2', 'token: secret: [redacted]'],
    ['login --admin-password hunter2 --yes', 'login --admin-password [redacted] --yes'],
    ['  password: |\n    one\n    two\n  user: me\n', '  password: [redacted]\n  user: me\n'],
  ])('masks %j', (text, masked) => {
    expect(redact(text)).toBe(masked);
  });

  it.each([
    'http://localhost:8080/users/a@b',
    'ssh://git@github.com/x/y.git',
    'secretName: grafana-admin\nsecretRef:\n  name: x',
    'kustomization/apps ready: revision main@sha1:0123456789abcdef',
    'image ghcr.io/x/y@sha256:0123',
    '3 tokens used',
  ])('leaves %j alone', (text) => {
    expect(redact(text)).toBe(text);
  });

  it.each([
    ['whole', `a\n${begin}\n${pemBody}\n${end}\nb`, 'a\n[redacted]\nb'],
    [
      'indented',
      `k: x\n          ${begin}\n          ${pemBody.replaceAll('\n', '\n          ')}\nb c`,
      'k: x\n          [redacted]\nb c',
    ],
    ['escaped', JSON.stringify({ k: `${begin}\n${pemBody}\n${end}\n`, z: 1 }), '{"k":"[redacted]\\n","z":1}'],
    ['without its end', `a\n${begin}\n${pemBody}\nthe next line`, 'a\n[redacted]\nthe next line'],
    ['without its beginning', `some words\n${pemBody}\n${end}\nb`, 'some words\n[redacted]\nb'],
  ])('masks a private key %s', (_, text, masked) => {
    expect(redact(text)).toBe(masked);
  });

  it('lets no generated secret through in any surroundings, and changes nothing the second time', () => {
    const letters = fc.stringMatching(/^[A-Za-z0-9]{24,40}$/);
    const wrap = fc.constantFrom(
      (s: string) => `ghp_${s}`,
      (s: string) => `github_pat_${s}`,
      (s: string) => `xoxp-${s}`,
      (s: string) => `Bearer ${s}`,
      (s: string) => `https://user:${s}@host/path`,
      (s: string) => `redis://:${s}@host`,
      (s: string) => `DB_PASSWORD=${s}`,
      (s: string) => `"apiKey": "${s}"`,
      (s: string) => `secret: '${s}'`,
      (s: string) => `${begin}\n${s}\n${end}`,
    );
    const around = fc.string({ maxLength: 60 });
    fc.assert(
      fc.property(letters, wrap, around, around, (secret, form, before, after) => {
        const masked = redact(`${before} ${form(secret)}\n${after}`);
        expect(masked).not.toContain(secret);
        expect(redact(masked)).toBe(masked);
      }),
      { numRuns: 1_000 },
    );
  });

  it.each([
    'a',
    'a ',
    'token ',
    '://x:',
    begin,
    end,
    'password="\\',
    'A1b2C3d4E5f6G7h8\n',
    'password: |\n ',
    '{"token":',
  ])('takes linear time on 64 KB of %j', (piece) => {
    const startedMs = performance.now();
    redact(piece.repeat(Math.ceil(65_536 / piece.length)));
    expect(performance.now() - startedMs).toBeLessThan(1_000);
  });
});

describe('excerpt', () => {
  const text = fc.string({ unit: 'binary', maxLength: 300 });

  it('never exceeds the bytes, keeps what fits, and cuts no character', () => {
    fc.assert(
      fc.property(text, fc.integer({ min: 0, max: 400 }), (whole, maxBytes) => {
        const short = excerpt(whole, maxBytes);
        expect(Buffer.byteLength(short)).toBeLessThanOrEqual(maxBytes);
        if (Buffer.byteLength(whole) <= maxBytes) {
          expect(short).toBe(whole);
          return;
        }
        const [, head = short, leftOut, tail = ''] = /^([^]*)\n… (\d+) bytes left out …\n([^]*)$/.exec(short) ?? [];
        expect(whole.startsWith(head)).toBe(true);
        expect(whole.endsWith(tail)).toBe(true);
        if (leftOut !== undefined) {
          expect(Buffer.byteLength(head) + Number(leftOut) + Buffer.byteLength(tail)).toBe(Buffer.byteLength(whole));
        }
      }),
      { numRuns: 500 },
    );
  });

  it('keeps head and tail of a long text at the default of 4096 bytes', () => {
    const short = excerpt(`BEGIN${'é'.repeat(5_000)}END`);
    expect(short).toMatch(/^BEGIN.*\n… \d+ bytes left out …\né*END$/s);
    expect(Buffer.byteLength(short)).toBeGreaterThan(4_090);
  });
});
