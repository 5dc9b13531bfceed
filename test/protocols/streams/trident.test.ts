// 'streams/trident': exact with a transactional spout, and with an opaque one where the state is
// opaque, too; a transactional state on an opaque spout loses what a batch has when it comes again.
import { describe, expect, it } from 'vitest';
import { loadScenario } from '../../../src/files/scenario-file.js';
import { trident } from '../../../src/protocols/streams/trident/trident.js';
import { simulate } from '../../../src/scenario/simulate.js';
import { kindsIn } from '../../support/kinds.js';

describe.each(['streams-trident', 'streams-trident-opaque'])('%s', (name) => {
  it.each(['4', '5', '6'])('is exact with seed %s', async (seed) => {
    const scenario = await loadScenario(`scenarios/${name}.yaml`);
    expect(simulate(scenario, seed).assessment.surprise).toBeUndefined();
  });
});

// A spout that is asked twice reads twice; an attempt ends while the one before it is being shown;
// a batch is planned in two halves, and no disk has it.
it.each([
  ['streams-trident-opaque', 'v13'],
  ['streams-trident-opaque', 'v141'],
  ['streams-trident', 'v206'],
])('%s is exact with seed %s', async (name, seed) => {
  const scenario = await loadScenario(`scenarios/${name}.yaml`);
  expect(simulate(scenario, seed).assessment.surprise).toBeUndefined();
});

it('loses what is new in a batch that comes again and is skipped', async () => {
  expect(await kindsIn('streams-trident-skipped', '3')).toContain('lost');
});

it.each([[{ state: 'opaque' }], [{ spout: 'transactional' }]])(
  'does not with %o',
  async (options) => {
    expect(await kindsIn('streams-trident-skipped', '3', { options })).toEqual(new Set());
  },
);

it.each([
  ['spout', 'clear'],
  ['state', 'clear'],
  ['counters', 0],
])('does not know %s: %s', (option, value) => {
  const { options, problem } = trident;
  expect(problem?.({ ...options, [option]: value })?.option).toBe(option);
});
