import { expect, test } from 'vitest';
import picomatch from 'picomatch';
import { resolvePlaybook } from '../resolve.js';
import { sopsToExternalSecrets } from './playbook.js';

function refused(given: unknown): string | undefined {
  const resolved = resolvePlaybook(sopsToExternalSecrets.id, given);
  return resolved.status === 'refused' ? resolved.problems[0].what : undefined;
}

test('the pages stay where the playbook says that it writes', () => {
  for (const documents of ['docs/secrets', 'docs/secrets/1password']) {
    expect(refused({ documents })).toBeUndefined();
    expect(picomatch.isMatch(`${documents}/sops-inventory.md`, [...sopsToExternalSecrets.files])).toBe(true);
  }
  for (const documents of ['docs', 'docs/secretsmore', 'docs/secrets/../..', 'docs/secrets/', ''])
    expect(refused({ documents })).toContain('must be docs/secrets or a folder below it');
});

test('a Secret never goes with its ExternalSecret', () => {
  expect(refused({ creationPolicy: 'Owner' })).toContain('there is no such parameter');
});

test('no credentials in an address that is committed', () => {
  const said = refused({ connectHost: 'http://user:hunter2@connect:8080' });
  expect(said).toContain('must hold no user and no password');
  expect(said).not.toContain('hunter2');
  expect(refused({ connectHost: 'http://connect:8080' })).toBeUndefined();
});
