/** What `joinpoint playbook show` says of a playbook's parameters, and how they are given. */
import { z, type ZodType } from 'zod';

type Schema = z.core.JSONSchema.JSONSchema;

/** One entry of the page. */
export interface ParameterLine {
  readonly name: string;
  /** As JSON; undefined where it may be left out without a value. */
  readonly default: string | undefined;
  readonly choices: readonly string[];
  readonly description: string;
}

export function parameterLines(parameters: ZodType): readonly ParameterLine[] {
  return Object.entries(propertiesOf(parameters)).map(([name, schema]) => ({
    name,
    default: schema.default === undefined ? undefined : JSON.stringify(schema.default),
    choices: (schema.enum ?? []).map(String),
    description: schema.description ?? '',
  }));
}

/** The first parameter that is one word, with its default: what somebody would change first stands in their own words. */
export function exampleOf(parameters: ZodType): Readonly<Record<string, unknown>> {
  const found = Object.entries(propertiesOf(parameters)).find(([, schema]) => isScalar(schema.default));
  return found ? { [found[0]]: found[1].default } : {};
}

/** As an input: what has a default may be left out. */
function propertiesOf(parameters: ZodType): Readonly<Record<string, Schema>> {
  const { properties = {} } = z.toJSONSchema(parameters, { io: 'input' });
  return properties as Readonly<Record<string, Schema>>;
}

function isScalar(value: unknown): boolean {
  return typeof value === 'string' || typeof value === 'number';
}
