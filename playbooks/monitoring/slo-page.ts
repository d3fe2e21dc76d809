/** The objectives as a page of the repository: what is promised, how it is counted, and what to do while a budget burns. */
import { alertName, budgetLeft, budgetOf, burnRates, period, type ServiceLevel } from './objectives.js';
import type { Sources } from './sources.js';

const minutesOfPeriod = 30 * 24 * 60;

export function sloPage(
  levels: readonly ServiceLevel[],
  { retention, apiServer }: Pick<Sources, 'retention' | 'apiServer'>,
): string {
  const indicators = levels.map(({ id, title, bad, total }) => `| ${id} | ${title} | ${code(bad)} | ${code(total)} |`);
  const objectives = levels.map((level) => {
    const minutes = Math.round(minutesOfPeriod * budgetOf(level));
    return `| ${level.id} | ${level.objective} % | ${duration(minutes)} | ${alertName(level)} |`;
  });
  const rates = burnRates.map(
    ({ factor, long, short, severity, spent }) => `| ${factor} | ${long} | ${short} | ${spent} % | ${severity} |`,
  );
  const without = apiServer
    ? ''
    : '\nThe API server has no objective: kubeApiServer.enabled is false, so Prometheus does not know what it answers.\n';
  return `# Service levels

## Indicators

An indicator is the share of what was good, of all that there was. Each is recorded as \`slo:<name>:bad\` and \`slo:<name>:total\`, and as \`slo:<name>:error_ratio_<window>\`.

| Name | What counts | Bad | All |
| --- | --- | --- | --- |
${indicators.join('\n')}

## Objectives

| Name | Over ${period} | Error budget, if all of it is bad | Alert |
| --- | --- | --- | --- |
${objectives.join('\n')}
${without}
Change one where its parameter is, not in the rules: they are written from it.

## Error budget

What is left of a budget is recorded as \`${budgetLeft({ id: '<name>' as never })}\`: 1 is all of it, 0 none, below 0 the objective is missed. Prometheus keeps ${retention} here; of what is older nothing counts.

An alert fires when the budget burns too fast over a long window and still does over a short one, so that it ends soon after the failure does:

| Times too fast | Long window | Short window | Spent by then | Severity |
| --- | --- | --- | --- | --- |
${rates.join('\n')}

- \`critical\`: somebody looks at once.
- \`warning\`: somebody looks on the next working day.
- While a budget is spent, nothing is rolled out but what gets it back.
`;
}

/** In a table a bar would end the cell. */
function code(expr: string): string {
  return `\`${expr.replaceAll('|', String.raw`\|`)}\``;
}

function duration(minutes: number): string {
  const hours = Math.floor(minutes / 60);
  return hours > 0 ? `${hours} h ${minutes % 60} min` : `${minutes} min`;
}
