// 'streams/samza': at least once where state and offset are saved apart, exactly once where they
// are saved together, whatever strikes its tasks.
import { describe, expect, it } from 'vitest';
import { loadScenario } from '../../../src/files/scenario-file.js';
import { samza } from '../../../src/protocols/streams/samza.js';
import { scenarioOf } from '../../../src/scenario/from-code.js';
import { simulate } from '../../../src/scenario/simulate.js';
import { correctIn, type Mutant, mutants } from '../../support/mutants.js';

const seeds = Array.from({ length: 20 }, (_, seed) => String(seed));
const kindsIn = async (name: string, options: object = {}): Promise<Set<string>> => {
  const scenario = await loadScenario(`scenarios/${name}.yaml`);
  const checkers = scenario.checkers.map((spec) => {
    return { ...spec, options: { ...spec.options, ...options } };
  });
  const runs = seeds.map((seed) => simulate({ ...scenario, checkers }, seed).assessment);
  return new Set(
    runs.flatMap(({ judgements }) =>
      judgements.flatMap((found) =>
        found.valid === false ? found.anomalies.map(({ kind }) => kind) : [String(found.valid)],
      ),
    ),
  );
};

it('counts twice what lies between the saved offset and the saved state', async () => {
  expect(await kindsIn('streams-samza')).toEqual(new Set(['duplicated']));
});

it('loses nothing all the same', async () => {
  const guarantee = 'at-least-once';
  expect(await kindsIn('streams-samza', { guarantee })).not.toContain('lost');
});

it('counts everything once where both are saved at once', async () => {
  expect(await kindsIn('streams-samza-atomic')).toEqual(new Set(['true']));
});

describe('where a crash comes at once after a save, or its answer is late', () => {
  const storm = mutants().find(({ protocol }) => protocol === 'streams/samza') as Mutant;
  const scenario = scenarioOf(correctIn(storm));

  it.each([
    ['what is saved was shown', 'correct-62'],
    ['what is saved was shown, late in a run', 'correct-171'],
    ['what is saved again is what was saved at first', 'correct-34'],
    ['what is saved again is what was saved at first, by another task', 'correct-46'],
  ])('%s', (_, seed) => {
    const { judgements } = simulate(scenario, seed).assessment;
    const verdict = judgements.find(({ name }) => name === 'exactly-once')?.valid;
    expect(verdict).toBe(true);
  });
});

it('needs a partition', () => {
  expect(samza.problem?.({ ...samza.options, partitions: 0 })?.option).toBe('partitions');
});
