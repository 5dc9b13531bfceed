// 'streams/samza': at least once where state and offset are saved apart, exactly once where they
// are saved together, whatever strikes its tasks.
import { expect, it } from 'vitest';
import { loadScenario } from '../../../src/files/scenario-file.js';
import { samza } from '../../../src/protocols/streams/samza.js';
import { simulate } from '../../../src/scenario/simulate.js';

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

it('needs a partition', () => {
  expect(samza.problem?.({ ...samza.options, partitions: 0 })?.option).toBe('partitions');
});
