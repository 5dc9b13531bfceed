// What every shipped scenario promises: what it expects comes true, with its own seed and with
// others. That a run of it is always the same: test/determinism.test.ts.
import { readdirSync } from 'node:fs';
import { basename } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { loadScenario } from '../../src/files/scenario-file.js';
import { type Run, simulate } from '../../src/scenario/simulate.js';

const directory = 'scenarios';
const paths = readdirSync(directory)
  .filter((name) => name.endsWith('.yaml'))
  .toSorted((a, b) => (a < b ? -1 : 1))
  .map((name) => `${directory}/${name}`);

const scenarios = await Promise.all(
  paths.map(async (path) => [basename(path, '.yaml'), await loadScenario(path)] as const),
);

/** Other seeds that each scenario has to hold for. */
const seeds = ['2', '3', '4'];

/** Scenarios in which some faults are meant to change nothing, as their texts say. */
const withInertFaults = new Set(['echo', 'ids-partition']);

describe.each(scenarios)('%s', (name, scenario) => {
  let done: Run;
  beforeAll(() => {
    done = simulate(scenario);
  });

  it('comes out as it says', () => {
    expect(done.assessment.surprise).toBeUndefined();
  });

  it('comes out so with other seeds too', () => {
    const surprising = seeds.flatMap((seed) => simulate(scenario, seed).assessment.surprise ?? []);
    expect(surprising).toEqual([]);
  });

  it('has faults that matter', () => {
    const inert = done.result.faults.filter((fault) => !fault.effective);
    if (withInertFaults.has(name)) return;
    expect(inert.length).toBeLessThanOrEqual(done.result.faults.length / 2);
  });

  it('leaves no message and no timer without a handler', () => {
    expect(done.result.unhandled).toEqual([]);
  });
});

it('shows a dozen of scenarios or more, good and bad', () => {
  const bad = scenarios.filter(
    ([
      ,
      {
        expect: { expect },
      },
    ]) => expect !== 'valid',
  );
  expect(bad.length).toBeGreaterThanOrEqual(5);
  expect(scenarios.length - bad.length).toBeGreaterThanOrEqual(7);
});
