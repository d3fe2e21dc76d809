/** Fetches the official archive of the Temporal CLI. */
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { isExecutable } from './executable-cache.js';

/** How to reach the archive; tests give their own server. */
export interface DownloadOptions {
  readonly version: string;
  readonly baseUrl: string;
  readonly fetch: typeof fetch;
  /** How long the server may take to begin its answer. */
  readonly answerTimeoutMs: number;
}

const stallTimeoutMs = 20_000;
const platforms: Readonly<Record<string, string>> = { linux: 'linux', darwin: 'darwin' };
const architectures: Readonly<Record<string, string>> = { x64: 'amd64', arm64: 'arm64' };

/** Downloads and unpacks into an empty folder; returns the executable's path. */
export async function downloadTemporalCli(folder: string, options: DownloadOptions): Promise<string> {
  const platform = platforms[process.platform];
  const architecture = architectures[process.arch];
  if (!platform || !architecture) throw new Error(`no build for ${process.platform}/${process.arch}`);

  const url = new URL(`/cli/archive/v${options.version}`, options.baseUrl);
  url.searchParams.set('platform', platform);
  url.searchParams.set('arch', architecture);
  const archive = join(folder, 'temporal.tar.gz');
  await downloadFile(url, archive, options);
  await execa('tar', ['-xzf', archive, '-C', folder]);
  const executable = join(folder, 'temporal');
  if (!(await isExecutable(executable))) throw new Error(`${url.host}: the archive holds no temporal`);
  return executable;
}

/** Bounded by silence rather than by duration, so that a slow line may take its time. */
async function downloadFile(url: URL, path: string, options: DownloadOptions): Promise<void> {
  const controller = new AbortController();
  const abort = (): void => controller.abort(new Error('did not answer in time'));
  let timer = setTimeout(abort, options.answerTimeoutMs);
  const file = await open(path, 'wx');
  try {
    const response = await options.fetch(url, { signal: controller.signal });
    if (!response.ok || !response.body) throw new Error(`answered ${response.status}`);
    for await (const chunk of response.body) {
      clearTimeout(timer);
      timer = setTimeout(abort, stallTimeoutMs);
      await file.write(chunk);
    }
  } catch (error) {
    // What was thrown on an abort only says that it was one; its reason says why.
    const cause: unknown = controller.signal.aborted ? controller.signal.reason : error;
    // oxlint-disable-next-line preserve-caught-error
    throw new Error(url.host, { cause });
  } finally {
    clearTimeout(timer);
    await file.close();
  }
}
