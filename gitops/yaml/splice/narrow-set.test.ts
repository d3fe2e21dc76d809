import { describe, expect, test } from 'vitest';
import { edited, yaml } from './testing.js';

describe('a map set in place of a map', () => {
  const before = yaml`
    resources:
      # measured
      requests:
        cpu: "10m" # p95
        memory: 1Gi
      limits: { memory: 1Gi }
  `;

  test('changes only the entries that differ', () => {
    const value = { requests: { cpu: '20m', memory: '1Gi' }, limits: { memory: '2Gi' } };
    const after = before.replace('"10m"', '"20m"').replace('limits: { memory: 1Gi', 'limits: { memory: 2Gi');
    expect(edited(before, { op: 'set', path: ['resources'], value })).toBe(after);
  });

  test('adds what is new behind what it follows, and removes what is gone', () => {
    const value = { requests: { cpu: '10m', ephemeral: '1Gi' }, claims: [], limits: { memory: '1Gi' } };
    const after = yaml`
      resources:
        # measured
        requests:
          cpu: "10m" # p95
          ephemeral: 1Gi
        claims: []
        limits: { memory: 1Gi }
    `;
    expect(edited(before, { op: 'set', path: ['resources'], value })).toBe(after);
  });

  test('with other keys is written anew', () => {
    expect(edited(before, { op: 'set', path: ['resources'], value: { x: 1 } })).toBe(
      'resources:\n  # measured\n  x: 1\n',
    );
  });

  test('that merges another is written anew', () => {
    const text = 'a: &a { x: 1 }\nb:\n  <<: *a # c\n  y: 2\n';
    expect(edited(text, { op: 'set', path: ['b'], value: { y: 3 } })).toBe('a: &a { x: 1 }\nb:\n  "y": 3\n');
  });
});

describe('a sequence set in place of a sequence', () => {
  const before = yaml`
    - name: a # first
    # about b
    - name: b
    - name: c
  `;

  test('keeps equal items at both ends', () => {
    const value = [{ name: 'a' }, { name: 'x' }, { name: 'y' }, { name: 'c' }];
    const after = before.replace('name: b\n', 'name: x\n- name: "y"\n');
    expect(edited(before, { op: 'set', path: [], value })).toBe(after);
  });

  test('loses those between that are gone', () => {
    const value = [{ name: 'a' }, { name: 'c' }];
    expect(edited(before, { op: 'set', path: [], value })).toBe(before.replace('# about b\n- name: b\n', ''));
  });
});
