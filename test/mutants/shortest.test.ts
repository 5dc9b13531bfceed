// The shortest scenarios by hand, fixtures/mutants/shortest/: each fails with its mutant and passes
// without it, and shrinking comes near to some of them. To how many, and how near, is what
// `npm run bench:hunt -- --shortest` measures.
import { describe, expect, it } from 'vitest';
import { shows } from '../../src/scenario/failure.js';
import { scenarioOf } from '../../src/scenario/from-code.js';
import type { Scenario } from '../../src/scenario/scenario.js';
import type { ScenarioFile } from '../../src/scenario/schema.js';
import { shrink } from '../../src/scenario/shrink/shrink.js';
import { sizeOf } from '../../src/scenario/shrink/simplify.js';
import { simulate } from '../../src/scenario/simulate.js';
import { variantOf } from '../../src/scenario/variant.js';
import { huntedIn, type Mutant } from '../support/mutants.js';
import {
  mutantsWithShortest,
  namedFailure,
  shortestCount,
  shortestOf,
  withoutOne,
} from '../support/shortest.js';

const all = mutantsWithShortest();

/** The first run of the hunt that shows what the shortest scenario shows, shrunk. */
async function shrunk(mutant: Mutant) {
  const { broken } = await shortestOf(mutant);
  const failure = namedFailure(mutant, simulate(broken));
  if (failure === undefined) throw new Error('it fails');
  const scenario = scenarioOf(await huntedIn(mutant));
  const { seed } = firstShowing(scenario, (run) => shows(run, failure));
  const work = shrink({ scenario, seed, edits: [], failure });
  for (let step = work.next(); ; step = work.next()) {
    if (step.done !== true) continue;
    if (step.value === undefined) throw new Error('the failure shows');
    const { file } = step.value;
    const fails = (less: ScenarioFile) => shows(simulate(variantOf(scenario, less)), failure);
    return { file, fails, byHand: sizeOf(broken.file) };
  }
}

function firstShowing(scenario: Scenario, wanted: (run: ReturnType<typeof simulate>) => boolean) {
  for (let nth = 0; nth < 10; nth++) {
    const run = simulate(scenario, `base-0/${nth}`);
    if (wanted(run)) return run;
  }
  throw new Error('it is easy to find');
}

describe('the shortest scenarios', () => {
  it('are at least twenty, each of a mutant of its name, over several families', () => {
    expect(all).toHaveLength(shortestCount());
    expect(all.length).toBeGreaterThanOrEqual(20);
    expect(all.filter(({ family }) => family === 'raft').length).toBeGreaterThanOrEqual(8);
    expect(new Set(all.map(({ family }) => family)).size).toBeGreaterThanOrEqual(5);
  });

  it.each(all)('of $family/$name fails with it and passes without it', async (mutant) => {
    const { correct, broken } = await shortestOf(mutant);
    const { protocol } = correct.file;
    const given = typeof protocol === 'object' && 'name' in protocol ? protocol : undefined;
    expect(given?.options ?? {}).toEqual(mutant.options);
    expect(namedFailure(mutant, simulate(broken))).toBeDefined();
    expect(simulate(correct).assessment).toMatchObject({ valid: true, expected: true });
  });

  it.each(all)('of $family/$name has no part that can go', async (mutant) => {
    const { broken } = await shortestOf(mutant);
    const failure = namedFailure(mutant, simulate(broken));
    for (const less of withoutOne(broken.file)) {
      expect(failure && shows(simulate(variantOf(broken, less)), failure)).toBe(false);
    }
  });
});

/** Quick to find and to shrink. */
const quick = [
  'no-retry',
  'neighbour-told-before-sync',
  'silent-for-ever',
  'recovered-and-silent',
  'dead-never-told',
  'unknown-is-refusal',
  'no-up-to-date-check',
  'truncates-always',
  'next-never-falls',
  'channels-forgotten',
];

describe('what shrinking leaves', () => {
  it.each(all.filter(({ name }) => quick.includes(name)))(
    'of $family/$name is about as short as by hand, and nothing can go',
    async (mutant) => {
      const { file, fails, byHand } = await shrunk(mutant);
      expect(fails(file)).toBe(true);
      expect(sizeOf(file)).toBeLessThanOrEqual(1.5 * byHand);
      for (const less of withoutOne(file)) expect(fails(less)).toBe(false);
    },
  );
});
