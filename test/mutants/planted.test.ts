// Planted failures, fixtures/mutants/planted/: each fails as its file says and its original does
// not; and for a few that cost little, that `inevitable` points to what was planted. All are
// measured by `npm run bench:inevitable`.
import { describe, expect, it } from 'vitest';
import { shows } from '../../src/scenario/failure.js';
import { type Inevitable, inevitable } from '../../src/scenario/inevitable.js';
import { simulate } from '../../src/scenario/simulate.js';
import { extendTrack, openTrack, type Track } from '../../src/scenario/walk.js';
import {
  causeAmong,
  distanceOf,
  isNear,
  mistakesIn,
  othersFailing,
  othersFailingMax,
  type Planted,
  pairOf,
  planted,
  triggerIn,
} from '../support/planted.js';

const all = planted();
const cheap = ['acknowledged-all', 'silent-for-ever', 'sent-again', 'two-votes'];
const chosen = all.filter(({ mutant }) => cheap.includes(mutant.name));

function trackOf({ broken, seed }: Awaited<ReturnType<typeof pairOf>>): Track {
  const track = openTrack(broken, seed);
  while (extendTrack(track, 8_192));
  return track;
}

describe('planted failures', () => {
  it('are twenty or more, of several families, eight or more of Raft', () => {
    const families = all.map(({ mutant }) => mutant.family);
    expect(all.length).toBeGreaterThanOrEqual(20);
    expect(new Set(families).size).toBeGreaterThanOrEqual(4);
    expect(families.filter((family) => family === 'raft').length).toBeGreaterThanOrEqual(8);
  });

  it.each(all)('$mutant.name fails with the mistake and not without', async (failing) => {
    const { broken, right, seed, failure } = await pairOf(failing);
    expect(shows(simulate(broken, seed), failure)).toBe(true);
    expect(shows(simulate(right, seed), failure)).toBe(false);
  });
});

describe('what was planted', () => {
  it.each(chosen)('in $mutant.name is the mistake and the trigger in its file', async (failing) => {
    const pair = await pairOf(failing);
    const track = trackOf(pair);
    const cause = causeAmong(mistakesIn(track, pair));
    expect(cause).toBe(failing.mistake.event);
    const shown = track.violations.find(({ kind }) => kind === pair.failure.kind);
    const end = Math.max(cause ?? 0, shown?.event ?? 0);
    expect(triggerIn(track, end, pair)).toBe(failing.trigger?.event);
  });

  it.each(chosen)('in $mutant.name seldom fails at other seeds', async (failing) => {
    const { broken, failure } = await pairOf(failing);
    expect(othersFailing(broken, failure)).toBe(failing.others);
    expect(failing.others).toBeLessThanOrEqual(othersFailingMax);
  });
});

describe('the largest jump of inevitable', () => {
  it('is looked for in four of them', () => {
    expect(chosen).toHaveLength(cheap.length);
  });

  it.each(chosen)('lies near what was planted in $mutant.name', async (failing) => {
    const { jumps, track } = await livedThrough(failing);
    const [jump] = jumps;
    expect(jump).toBeDefined();
    expect(isNear(distanceOf(failing, jump?.event ?? -1, track))).toBe(true);
  });
});

async function livedThrough(failing: Planted): Promise<Inevitable> {
  const { broken: scenario, seed, failure } = await pairOf(failing);
  const work = inevitable({ scenario, seed, edits: [], failure }, { futures: 24 });
  for (let step = work.next(); ; step = work.next()) if (step.done === true) return step.value;
}
