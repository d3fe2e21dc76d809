/** The build's second step: writes the workflow bundle beside the compiled code. */
import { writeBundle } from './bundle.js';

await writeBundle();
