// Seeds at which a protocol that should be right was refused once, among thousands: in the storms
// of its mutants, and in its scenarios. Each was a mistake of the protocol, and is mended.
import { describe, expect, it } from 'vitest';
import { loadScenario } from '../../src/files/scenario-file.js';
import { scenarioOf } from '../../src/scenario/from-code.js';
import { simulate } from '../../src/scenario/simulate.js';
import { correctIn, type Mutant, mutants, objections } from '../support/mutants.js';

describe('the correct protocols, in storms where they were refused once', () => {
  it.each([
    ['state-emptied', 'correct-62', 'what is saved was shown before'],
    ['state-emptied', 'correct-171', 'what is saved was shown before, late in a run'],
    ['state-emptied', 'correct-34', 'what is saved again is what was saved at first'],
    ['interval-to-another-life', 'correct-29782', 'who has forgotten all is told all again'],
    ['interval-to-another-life', 'correct-30966', 'who has forgotten all is told all again'],
  ])('as of %s, at %s: %s', (name, seed) => {
    const mutant = mutants().find((each) => each.name === name) as Mutant;
    const run = simulate(scenarioOf(correctIn(mutant)), seed);
    expect(objections({ ...mutant, objects: [] }, run)).toEqual([]);
  });
});

describe('scenarios that are expected to be valid, at seeds where they were not', () => {
  it.each([
    ['goobly-supervised', 'v179', 'who was replaced hears of it, with nothing to write'],
    ['membership-swim-churn', 'v4147', 'who suspects a member that has left is told'],
    ['membership-swim-churn', 'v349', 'who says goodbye and is gone at once has been heard'],
  ])('%s at %s: %s', async (name, seed) => {
    const { assessment } = simulate(await loadScenario(`scenarios/${name}.yaml`), seed);
    expect(assessment.judgements.filter(({ valid }) => valid !== true)).toEqual([]);
  });
});
