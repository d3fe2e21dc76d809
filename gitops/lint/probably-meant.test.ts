import { expect, test } from 'vitest';
import { didYouMean, probablyMeant, probablyMeantName } from './probably-meant.js';

const known = [
  'storage/local-path-provisioner',
  'cert-manager/cert-manager',
  'cert-manager/cert-manager-tls',
  'external-secrets/external-secrets',
  'network/internal-ingress-nginx',
  'network/external-dns',
  'network/echo',
  'default/echo',
].map((text) => ({ namespace: text.split('/')[0]!, name: text.split('/')[1]! }));

test.each([
  ['flux-system', 'local-path-provisioner', '; did you mean namespace storage'],
  ['flux-system', 'echo', '; did you mean namespace default or network'],
  ['databases', 'cert-manager-ready', '; the nearest name is cert-manager/cert-manager'],
  ['monitoring', 'cluster-apps-external-secrets', '; the nearest name is external-secrets/external-secrets'],
  ['network', 'ingress-nginx-internal', '; the nearest name is network/internal-ingress-nginx'],
  ['network', 'exernal-dns', '; the nearest name is network/external-dns'],
  ['default', 'grafana', ''],
  ['default', 'db', ''],
])('%s/%s%s', (namespace, name, said) => {
  const wanted = { namespace, name };
  expect(didYouMean(wanted, probablyMeant(wanted, known))).toBe(said);
});

test('the variable of the same words is meant, and not one that is spelt a little like it', () => {
  expect(probablyMeantName('SECRET_DOMAIN_2', ['SECRET_EMAIL', 'SECRET_PUBLIC_DOMAIN_2'])).toBe(
    'SECRET_PUBLIC_DOMAIN_2',
  );
  expect(probablyMeantName('DOMAIM', ['DOMAIN', 'HOST'])).toBe('DOMAIN');
});
