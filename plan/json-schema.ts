/** The JSON Schema of plans, as editors read it: `plan.schema.json` at the root is this text. */
import { z } from 'zod';
import { Plan } from './schema.js';

/** Text with a last newline; the same for the same schema. */
export function planJsonSchema(): string {
  const schema = { title: 'A joinpoint plan', ...z.toJSONSchema(Plan, { io: 'input' }) };
  return `${JSON.stringify(schema, undefined, 2)}\n`;
}
