// 'streams/millwheel': exact record by record whatever strikes; ids that are not written, or that
// are forgotten too soon, and productions that are sent before they are written, are caught.
import { describe, expect, it } from 'vitest';
import { loadScenario } from '../../../src/files/scenario-file.js';
import { millwheel } from '../../../src/protocols/streams/millwheel/millwheel.js';
import { simulate } from '../../../src/scenario/simulate.js';
import { kindsIn } from '../../support/kinds.js';

it.each(['4', '5', '6'])('is exact with seed %s', async (seed) => {
  const scenario = await loadScenario('scenarios/streams-millwheel.yaml');
  expect(simulate(scenario, seed).assessment.surprise).toBeUndefined();
});

describe.each([
  ['streams-millwheel-dedup-in-memory', 'duplicated', { options: { defects: '' } }],
  ['streams-millwheel-gc-by-clock', 'duplicated', { options: { defects: '' } }],
  ['streams-millwheel-weak', 'divergent-output', { options: { productions: 'strong' } }],
] as const)('%s', (name, kind, repaired) => {
  it(`shows what is ${kind}, and only because of its defect`, async () => {
    expect(await kindsIn(name, '2')).toContain(kind);
    expect(await kindsIn(name, '2', repaired)).not.toContain(kind);
  });
});

it('may send functions of a record weakly: these come out the same again', async () => {
  expect(await kindsIn('streams-millwheel', '2', { options: { productions: 'weak' } })).toEqual(
    new Set(),
  );
});

it.each([
  ['productions', 'feeble'],
  ['defects', 'dedup'],
  ['topology', 'word-cuont'],
  ['windowMax', 0],
])('does not know %s: %s', (option, value) => {
  expect(millwheel.problem?.({ ...millwheel.options, [option]: value })?.option).toBe(option);
});
