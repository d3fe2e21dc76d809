/** `npm run bench` measures all parts, `npm run bench -- lint` one of them. Exits 1 when a limit is not kept, 2 where it cannot measure. */
const parts = {
  engine: async () => (await import('./engine.js')).benchEngine(),
  lint: async () => (await import('./lint.js')).benchLint(),
} as const;

const [name] = process.argv.slice(2);
if (name !== undefined && !Object.hasOwn(parts, name)) {
  console.error(`bench ${name}: is no part; give one of ${Object.keys(parts).join(', ')}`);
  process.exit(2);
}
const wanted = name === undefined ? Object.values(parts) : [parts[name as keyof typeof parts]];
let isKept = true;
for (const part of wanted) isKept = (await part()) && isKept;
process.exitCode = isKept ? 0 : 1;
