import { expect, test } from 'vitest';
import { hasCredentials, PlainUrl } from './plain-url.js';

test.each([
  ['http://prometheus:9090/base', true],
  ['http://user@prometheus:9090', false],
  ['http://user:hunter2@prometheus:9090', false],
  ['http://:hunter2@prometheus:9090', false],
  ['prometheus', false],
])('%s', (url, isTaken) => {
  expect(PlainUrl.safeParse(url).success).toBe(isTaken);
  expect(JSON.stringify(PlainUrl.safeParse(url).error?.issues ?? [])).not.toContain('hunter2');
});

test('what is no address has none', () => {
  expect(hasCredentials('user:hunter2')).toBe(false);
});
