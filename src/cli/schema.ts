// `stormglass schema`: the JSON Schema of scenario files, for editors.
import { scenarioJsonSchema } from '../scenario/json-schema.js';
import type { Io } from './io.js';

/** Prints the schema; the answer is the exit code. */
export function schema(io: Io): number {
  io.stdout.write(`${JSON.stringify(scenarioJsonSchema(), undefined, 2)}\n`);
  return 0;
}
