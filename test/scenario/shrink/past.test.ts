// Guesses at what a violation came from: bold, few, and kept only where the failure still shows.
import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { loadScenario } from '../../../src/files/scenario-file.js';
import { failuresOf, shows } from '../../../src/scenario/failure.js';
import { scenarioOf } from '../../../src/scenario/from-code.js';
import type { Scenario } from '../../../src/scenario/scenario.js';
import { freeze } from '../../../src/scenario/shrink/freeze.js';
import { operationsIn } from '../../../src/scenario/shrink/parts.js';
import { keepPast } from '../../../src/scenario/shrink/past.js';
import { Shrinking } from '../../../src/scenario/shrink/shrinking.js';
import { simulate } from '../../../src/scenario/simulate.js';
import { variantOf, variantsOf } from '../../../src/scenario/variant.js';
import { huntedIn, mutants } from '../../support/mutants.js';

const root = resolve(import.meta.dirname, '../../..');

/** A failing run as it is, and what is left of it once only the past is kept. */
function kept(scenario: Scenario, seed: string) {
  const [failure] = failuresOf(simulate(scenario, seed));
  if (failure === undefined) throw new Error('it fails');
  const told = freeze(scenario, seed, []);
  const shrinking = new Shrinking(scenario, told, failure, 1_000_000);
  for (const _ of keepPast(shrinking, variantsOf(scenario)));
  const { file, runs } = shrinking;
  return { told, file, runs, fails: shows(simulate(variantOf(scenario, file)), failure) };
}

describe('what a violation came from', () => {
  it('is all that is kept, after few runs', async () => {
    const mutant = mutants().find(({ name }) => name === 'no-node-name');
    if (mutant === undefined) throw new Error('it is there');
    const { told, file, runs, fails } = kept(scenarioOf(await huntedIn(mutant)), 'base-0/0');
    expect(operationsIn(told).length).toBeGreaterThan(500);
    expect(operationsIn(file).length).toBeLessThan(20);
    expect(runs).toBeLessThanOrEqual(4);
    expect(fails).toBe(true);
  });

  it('ends with it, where what comes later changes nothing', async () => {
    const mutant = mutants().find(({ name }) => name === 'commit-by-one');
    if (mutant === undefined) throw new Error('it is there');
    const { told, file, fails } = kept(scenarioOf(await huntedIn(mutant)), 'base-0/0');
    expect(file.recovery).toBe('0s');
    expect(Number.parseFloat(file.duration ?? '')).toBeLessThan(
      Number.parseFloat(told.duration ?? ''),
    );
    expect(fails).toBe(true);
  });

  it('is not cut off where something that should come later is missing', async () => {
    const scenario = await loadScenario(resolve(root, 'scenarios/broadcast-no-retry.yaml'));
    const { told, file, fails } = kept(
      variantOf(scenario, { ...scenario.file, expect: 'valid' }),
      scenario.seed,
    );
    expect(file.recovery).toBe(told.recovery);
    expect(fails).toBe(true);
  });
});
