// What comes from the command line, read and checked: seeds, names of scenarios.
import { existsSync } from 'node:fs';
import { scenarioNames, shippedScenario } from '../files/shipped.js';
import { seedAt } from '../scenario/hunt/seeds.js';
import { nearest } from '../scenario/nearest.js';
import { quoted } from '../scenario/problems.js';
import type { Scenario } from '../scenario/scenario.js';
import { usageError } from '../scenario/usage-error.js';
import type { Edit } from '../sim/edit.js';

/** A file as it is, or else the scenario of that name that comes with Stormglass. */
export function scenarioPath(name: string): string {
  if (existsSync(name)) return name;
  const shipped = shippedScenario(name);
  if (shipped !== undefined) return shipped;
  throw usageError(`there is no scenario file ${quoted(name)}`, {
    expected: 'a path, or the name of a scenario that comes with Stormglass',
    nearest: nearest(name.replace(/^.*\/|\.ya?ml$/g, ''), scenarioNames()),
    hint: '`stormglass list scenarios` lists them.',
  });
}

/** Edits of a scenario; what reads them is loaded when there are some. */
export async function editsOf(
  texts: readonly string[],
  scenario: Scenario,
): Promise<readonly Edit[]> {
  if (texts.length === 0) return [];
  const { readEdits } = await import('./edit-arguments.js');
  return readEdits(texts, scenario);
}

/** A seed; any short text will do. */
export function readSeed(text: string | undefined): string | undefined {
  if (text === undefined || /^[^\p{Cc}]{1,200}$/u.test(text)) return text;
  throw usageError(`the seed is ${quoted(text)}`, {
    expected: 'a text of 1 to 200 printable characters',
  });
}

/** So many seeds, counting up from the first. */
export function seedsFrom(seed: string, count: number): readonly string[] {
  return Array.from({ length: count }, (_, index) => seedAt(seed, index));
}
