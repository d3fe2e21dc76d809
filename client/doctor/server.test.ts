import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { plainStyle } from '../../plan/render-style.js';
import type { Context } from '../context.js';
import { checkServer } from './server.js';

const home = mkdtempSync(join(tmpdir(), 'joinpoint-doctor-'));
afterAll(() => rmSync(home, { recursive: true, force: true }));

function aContext(change: Partial<Context> = {}): Context {
  return {
    home,
    homeIsExplicit: false,
    json: false,
    as: 'owner',
    asIsExplicit: true,
    program: 'joinpoint',
    // No temporal.toml of this machine's user is read.
    env: { TEMPORAL_CONFIG_FILE: join(home, 'none.toml') },
    style: plainStyle,
    isTerminal: false,
    say: () => undefined,
    warn: () => undefined,
    tell: () => undefined,
    ...change,
  };
}

test('before the first up, no server is no failure', async () => {
  expect(await checkServer(aContext())).toEqual([
    { status: 'info', subject: 'server', found: 'none runs yet, and none is named', mend: 'joinpoint up starts one' },
  ]);
});

test('a server that was named and does not answer is one', async () => {
  const findings = await checkServer(aContext({ address: '127.0.0.1:1' }));
  expect(findings).toMatchObject([{ status: 'fail', subject: 'server' }]);
});
