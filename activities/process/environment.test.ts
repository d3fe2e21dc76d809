import { describe, expect, it } from 'vitest';
import { cleanEnvironment } from './environment.js';

describe('cleanEnvironment', () => {
  const source = {
    PATH: '/bin',
    HOME: '/home/a',
    TERM: 'xterm',
    GITHUB_TOKEN: 'ghp_x',
    NPM_TOKEN: 'y',
    EMPTY: undefined,
  };

  it('hands through the harmless names and nothing else', () => {
    expect(cleanEnvironment({ source })).toEqual({ PATH: '/bin', HOME: '/home/a', TERM: 'dumb' });
  });

  it('adds allowed names that exist, and lets set win', () => {
    expect(
      cleanEnvironment({ source, allow: ['NPM_TOKEN', 'MISSING', 'EMPTY'], set: { PATH: '/opt', TASK: 't' } }),
    ).toEqual({
      PATH: '/opt',
      HOME: '/home/a',
      TERM: 'dumb',
      NPM_TOKEN: 'y',
      TASK: 't',
    });
  });
});
