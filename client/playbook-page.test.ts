/** Whoever reads the page can write the parameters. */
import { expect, test } from 'vitest';
import { playbooks } from '../playbooks/registry.js';
import { resolvePlaybook } from '../playbooks/resolve.js';
import { exampleOf, parameterLines } from './playbook-page.js';

test.each(playbooks)('every parameter of $id is described, and its example is one', ({ id, parameters }) => {
  const lines = parameterLines(parameters);
  expect(lines).not.toEqual([]);
  expect(lines.filter(({ description }) => description === '')).toEqual([]);
  const example = exampleOf(parameters);
  expect(Object.keys(example)).toHaveLength(1);
  expect(resolvePlaybook(id, example)).toMatchObject({ status: 'found' });
});

test('a default is shown as it is written, and a choice with all that may be chosen', () => {
  const lines = parameterLines(playbooks.find(({ id }) => id === 'sops-to-external-secrets')!.parameters);
  expect(lines.find(({ name }) => name === 'vault')?.default).toBe('"homelab"');
  expect(lines.find(({ name }) => name === 'provider')).toMatchObject({
    default: undefined,
    choices: ['onepassword', 'onepasswordSDK'],
  });
});
