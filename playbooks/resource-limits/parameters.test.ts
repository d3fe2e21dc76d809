import { expect, test } from 'vitest';
import { Parameters } from './parameters.js';

test.each(['http://prometheus:9090', 'https://example.com/prometheus/'])('%s is an address', (prometheus) => {
  expect(Parameters.safeParse({ prometheus }).success).toBe(true);
});

test.each(['http://user:word@prometheus:9090', 'http://user@prometheus:9090', 'https://:word@prometheus'])(
  '%s is refused, and not repeated: histories would have it',
  (prometheus) => {
    const { error } = Parameters.safeParse({ prometheus });
    expect(error?.issues.map(({ message }) => message)).toEqual([
      'must hold no user and no password: it stands in the plan and its records',
    ]);
    expect(JSON.stringify(error?.issues)).not.toContain('word@');
  },
);

test('an address is one', () => {
  expect(Parameters.safeParse({ prometheus: 'prometheus' }).success).toBe(false);
});
