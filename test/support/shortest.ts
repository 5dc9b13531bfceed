// The shortest scenarios that anybody has written by hand for mutants of protocols, a file for each
// in fixtures/mutants/shortest/, named after its mutant. A file is a scenario of the correct
// protocol, which passes; with the mutant in its place it fails.
import { existsSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { loadScenario } from '../../src/files/scenario-file.js';
import type { Failure } from '../../src/scenario/failure.js';
import { scenarioOf } from '../../src/scenario/from-code.js';
import type { Run } from '../../src/scenario/run.js';
import type { Scenario, ScenarioInput } from '../../src/scenario/scenario.js';
import type { ScenarioFile } from '../../src/scenario/schema.js';
import {
  operationsIn,
  withEdits,
  withFaults,
  withOperations,
} from '../../src/scenario/shrink/parts.js';
import { huntedIn, type Mutant, mutants } from './mutants.js';

const folder = folderAbove(dirname(fileURLToPath(import.meta.url)));

/** The mutants for which there is a shortest scenario. */
export function mutantsWithShortest(): readonly Mutant[] {
  const names = new Set(readdirSync(folder).map((name) => name.replace(/\.yaml$/, '')));
  return mutants().filter(({ name }) => names.has(name));
}

/** How many files there are. */
export function shortestCount(): number {
  return readdirSync(folder).length;
}

/** The scenario as it is written, and with the mutant in the place of the protocol. */
export async function shortestOf(
  mutant: Mutant,
): Promise<{ readonly correct: Scenario; readonly broken: Scenario }> {
  const correct = await loadScenario(join(folder, `${mutant.name}.yaml`));
  const { protocol } = await huntedIn(mutant);
  return { correct, broken: scenarioOf({ ...correct.file, protocol } as ScenarioInput) };
}

/** What the mutant is known for, as this run shows it; `undefined`: it does not. */
export function namedFailure({ objects }: Mutant, { assessment }: Run): Failure | undefined {
  for (const judgement of assessment.judgements) {
    if (judgement.valid !== false) continue;
    const judge = judgement.name;
    for (const { kind } of judgement.anomalies) {
      if (objects.includes(judge) || objects.includes(`${judge}/${kind}`)) return { judge, kind };
    }
  }
  return undefined;
}

/** The file without each single operation, fault and edit. */
export function* withoutOne(file: ScenarioFile): Generator<ScenarioFile> {
  const but = <T>(items: readonly T[], place: number): T[] => items.toSpliced(place, 1);
  const { faults = [], edits = [] } = file;
  const operations = operationsIn(file);
  for (const place of operations.keys()) yield withOperations(file, but(operations, place));
  for (const place of faults.keys()) yield withFaults(file, but(faults, place));
  for (const place of edits.keys()) yield withEdits(file, but(edits, place));
}

/** From the sources, or from what they were compiled to. */
function folderAbove(start: string): string {
  let at = start;
  while (!existsSync(join(at, 'fixtures/mutants/shortest'))) at = dirname(at);
  return join(at, 'fixtures/mutants/shortest');
}
