import { expect, test } from 'vitest';
import { metricNames, promqlProblem } from './read-promql.js';

test.each([
  ['sum by le (x)', 7, 'is no PromQL from "le (x)" on'],
  ['rate(x[5m]', 10, 'is no PromQL: it ends too early'],
  ['unknown_function(x)', 16, 'is no PromQL from "(x)" on'],
  ['', 0, 'is empty'],
  ['rate(x)', 0, 'is no PromQL: rate takes a range such as [5m], and has none'],
  ['sum(x[5m])', 4, 'is no PromQL: x[5m] is a range, which only functions such as rate() take'],
  ['x[5m] offset 1h', 0, 'is no PromQL: x[5m] offset 1h is a range, which only functions such as rate() take'],
  ['quantile_over_time(0.9, x)', 0, 'is no PromQL: quantile_over_time takes a range such as [5m], and has none'],
])('%s', (text, offset, message) => {
  expect(promqlProblem(text)).toEqual({ offset, message });
});

test.each([
  'max_over_time((x[5m] offset 1h))',
  'quantile_over_time(0.95, sum by (pod) (rate(x{a!=""}[5m]))[7d:5m])',
  'predict_linear(x[6h], 4 * 3600) < 0',
  'absent(up{job="a"} == 1)',
  'a > bool 1 and on (b) group_left c',
  '# a comment\nx',
  'histogram_quantile(0.9, sum by (le) (rate(x_bucket[5m])))',
])('right: %s', (text) => {
  expect(promqlProblem(text)).toBeUndefined();
});

test('the names that an expression asks for', () => {
  expect(metricNames('sum(rate(b[5m])) / on (c) slo:a:total > 0 and time() - d{e="f"} > 1')).toEqual([
    'b',
    'd',
    'slo:a:total',
  ]);
});
