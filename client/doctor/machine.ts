/** What `joinpoint doctor` finds on this machine: programs and the home. */
import { access, constants, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { readVersionPin } from '../../worker/embedded/database.js';
import { readLockHolder } from '../../worker/embedded/lock.js';
import { shortPath } from '../command-line.js';
import type { Context } from '../context.js';
import type { Finding } from './finding.js';

export async function checkMachine({ home }: Context): Promise<readonly Finding[]> {
  return [checkNode(), ...(await Promise.all([checkGit(), checkTemporalSource(), checkHome(home)]))];
}

function checkNode(): Finding {
  const found = process.version;
  return isAtLeast(found.slice(1), [20, 19])
    ? { status: 'ok', subject: 'node', found }
    : { status: 'fail', subject: 'node', found, mend: 'install 20.19 or later' };
}

async function checkGit(): Promise<Finding> {
  const found = /\d+(\.\d+)+/.exec(await versionOf('git', ['--version']))?.[0];
  if (found === undefined)
    return { status: 'fail', subject: 'git', found: 'is not there', mend: 'install git 2.39 or later' };
  return isAtLeast(found, [2, 39])
    ? { status: 'ok', subject: 'git', found }
    : {
        status: 'fail',
        subject: 'git',
        found,
        mend: 'install 2.39 or later, which folds without a work tree and names patches verbatim',
      };
}

/** Any one of them is enough to have a server. */
async function checkTemporalSource(): Promise<Finding> {
  const cli = /^temporal version (\S+)/.exec(await versionOf('temporal', ['--version']))?.[1];
  if (cli) return { status: 'ok', subject: 'Temporal CLI', found: `${cli} on PATH` };
  const pip = await versionOf('python3', ['-m', 'pip', '--version']);
  if (pip)
    return {
      status: 'ok',
      subject: 'Temporal CLI',
      found: 'not on PATH; it is downloaded, or taken from PyPI with python3',
    };
  return {
    status: 'warn',
    subject: 'Temporal CLI',
    found: 'not on PATH, and no python3 with pip',
    mend: 'it must be downloaded; without a network install it, or set TEMPORAL_ADDRESS',
  };
}

async function checkHome(home: string): Promise<Finding> {
  const subject = 'home';
  const name = shortPath(home, process.cwd());
  const found = await stat(home).catch(() => undefined);
  if (!found) return { status: 'ok', subject, found: `${name} does not exist yet` };
  if (!found.isDirectory())
    return { status: 'fail', subject, found: `${name} is no folder`, mend: 'name another with --home' };
  const writable = await access(home, constants.W_OK).then(
    () => true,
    () => false,
  );
  if (!writable)
    return {
      status: 'fail',
      subject,
      found: `${name} is not writable`,
      mend: 'change its owner, or name another with --home',
    };
  const holder = await readLockHolder(home);
  const size = await stat(join(home, 'temporal.db')).catch(() => undefined);
  const database = size
    ? `database of ${(size.size / 1_000_000).toFixed(1)} MB, opened by Temporal ${(await readVersionPin(home)) ?? 'unknown'}`
    : 'no database';
  return {
    status: 'ok',
    subject,
    found: `${name}: ${database}; ${holder ? `held by process ${holder.process.pid}` : 'nobody holds it'}`,
  };
}

async function versionOf(program: string, args: readonly string[]): Promise<string> {
  const { stdout, failed } = await execa(program, args, { reject: false, timeout: 10_000 });
  return failed ? '' : stdout;
}

/** Whether `2.39.1` is at least `[2, 39]`. */
export function isAtLeast(version: string, [major, minor]: readonly [number, number]): boolean {
  const [foundMajor = 0, foundMinor = 0] = version.split('.').map(Number);
  return foundMajor > major || (foundMajor === major && foundMinor >= minor);
}
