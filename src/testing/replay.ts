// Whether a scenario depends on its seed alone, for tests: two worlds side by side.
import { compare, lockstep } from '../scenario/determinism.js';
import { scenarioOf } from '../scenario/from-code.js';
import type { Scenario, ScenarioInput } from '../scenario/scenario.js';

const sliceEvents = 10_000;

/** Where two runs of a seed part ways, in a sentence; `undefined` if they do not. */
export function divergenceOf(
  subject: Scenario | ScenarioInput,
  seed: string | number | undefined,
): string | undefined {
  const scenario = scenarioOf(subject);
  const pair = lockstep(scenario, String(seed ?? scenario.seed));
  for (;;) {
    const { divergence, more } = compare(pair, sliceEvents);
    if (divergence !== undefined) {
      const { found, index, node = 'nobody', handler, label, left, right } = divergence;
      const values = `${JSON.stringify(left)} and ${JSON.stringify(right)}`;
      return `event ${index} at ${node}, ${handler}: ${label} is ${values} (${found})`;
    }
    if (!more) return undefined;
  }
}
