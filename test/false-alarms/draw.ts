/**
 * Draws findings for a reader who has not seen the rules, from the six repositories of ../shared/homelabs:
 * `npm run test:draw` writes findings.json beside this file.
 */
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { format, resolveConfig } from 'prettier';
import { drawn } from './drawn.js';
import { seed } from './sample.js';

const file = fileURLToPath(new URL('./findings.json', import.meta.url));
const findings = drawn();
const text = JSON.stringify({ seed, findings });
writeFileSync(file, await format(text, { ...(await resolveConfig(file)), filepath: file }));
const rules = new Set(findings.map(({ rule }) => rule));
process.stdout.write(`${findings.length} findings of ${rules.size} rules in ${file}\n`);
