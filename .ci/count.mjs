/** The last line of CI: `count.mjs REPORT EXIT_CODE` reads vitest's report and says `N passed, N failed`. */
import { readFileSync } from 'node:fs';

const [reportFile, exitCode] = process.argv.slice(2);

function readReport() {
  try {
    return JSON.parse(readFileSync(reportFile, 'utf8'));
  } catch {
    return undefined; // The tests never ran, or died before their end.
  }
}

const report = readReport();
const passed = report?.numPassedTests ?? 0;
// A file that cannot be loaded fails without a single test; what is skipped has proven nothing.
const unloadable = report?.testResults.filter(
  ({ status, assertionResults }) => status === 'failed' && !assertionResults.some((test) => test.status === 'failed'),
).length;
const skipped = report?.testResults.flatMap(({ assertionResults }) =>
  assertionResults.filter(({ status }) => status !== 'passed' && status !== 'failed'),
);
let failed = report ? report.numFailedTests + unloadable + skipped.length : 1;
for (const { fullName, status } of skipped ?? []) console.log(`${status} counts as failed: ${fullName}`);
if (report && passed + failed === 0) failed = 1;
if (exitCode !== '0' && failed === 0) failed = 1;

console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed > 0 ? 1 : 0;
