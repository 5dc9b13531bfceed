// Futures of an instant, and the event at which a failure was decided.
import { describe, expect, it } from 'vitest';
import type { Checker } from '../../src/checkers/checker.js';
import type { Property } from '../../src/node/property.js';
import type { AnyProtocol, Context } from '../../src/node/protocol.js';
import { shows } from '../../src/scenario/failure.js';
import { scenarioOf } from '../../src/scenario/from-code.js';
import {
  type Inevitable,
  inevitable,
  intervalOf,
  type Point,
  shareOf,
} from '../../src/scenario/inevitable.js';
import { finish } from '../../src/scenario/run.js';
import type { Scenario } from '../../src/scenario/scenario.js';
import { simulate } from '../../src/scenario/simulate.js';
import { createWorld } from '../../src/sim/create.js';
import { forkFuture } from '../../src/sim/future.js';
import { advance } from '../../src/sim/loop.js';
import type { Step } from '../../src/sim/step.js';
import { specOf, tiny } from '../support/worlds.js';

/**
 * Once a second n0 tosses a coin of so many sides; the third toss decides, one event before n1 is
 * told. `sides` knows the toss before.
 */
const tossingWith = (sides: (toss: number, before: number) => number, tossesMax = 8): AnyProtocol =>
  tiny({
    name: 'tossing',
    init(ctx: Context) {
      if (ctx.self === 'n0') ctx.setTimer({ type: 'toss' }, 1_000_000);
      return { tosses: 0, side: 0, told: -1 };
    },
    on: {
      told: (state: { told: number }, { body }: { body: { side?: number } }) => {
        state.told = body.side ?? -1;
      },
    },
    timers: {
      toss(state: { tosses: number; side: number }, _: unknown, ctx: Context) {
        state.tosses++;
        state.side = ctx.random.below(sides(state.tosses, state.side));
        const { side } = state;
        ctx.note(`toss ${state.tosses}: ${side}`);
        if (state.tosses === 3) ctx.send('n1', { type: 'told', side } as never);
        if (state.tosses < tossesMax) ctx.setTimer({ type: 'toss' }, 1_000_000);
      },
    },
  } as unknown as Partial<AnyProtocol>);

const tossing = tossingWith(() => 2);

const tails: Property<{ told: number }> = {
  name: 'no-tails',
  about: 'n1 is never told tails.',
  kind: 'always',
  broken: (cluster) => (cluster.state('n1')?.told === 1 ? 'n1 was told tails' : undefined),
};

const scenarioWith = (protocol: AnyProtocol, duration = '10s') =>
  scenarioOf({ protocol: { ...protocol, properties: [tails] }, nodes: 2, duration });
const scenario = scenarioWith(tossing);
const failure = { judge: 'properties', kind: 'no-tails' };

/** A seed that fails, and in which n0 notes what is wanted. */
function failingSeed(of: Scenario, wanted = ''): string {
  for (let seed = 1; ; seed++) {
    let noted = wanted === '';
    const observer = ({ effects }: Step) => {
      noted ||= effects.some((row) => row.effect === 'note' && row.text === wanted);
    };
    const { assessment } = simulate(of, seed, [], { observer });
    if (assessment.valid === false && noted) return String(seed);
  }
}

function driven(futures: number, seed = failingSeed(scenario), of = scenario): Inevitable {
  return toTheEnd(inevitable({ scenario: of, seed, edits: [], failure }, { futures }));
}

function toTheEnd(work: Generator<Inevitable, Inevitable>): Inevitable {
  for (let step = work.next(); ; step = work.next()) if (step.done === true) return step.value;
}

describe('inevitable', () => {
  const found = driven(60);

  it('finds the event at which it was decided, and no other', () => {
    const [jump, ...others] = found.jumps;
    const row = found.track.rows.at(jump?.event ?? -1);
    expect(others).toEqual([]);
    expect(row?.step.happening).toMatchObject({ kind: 'timer', node: 'n0' });
    expect(row?.step.effects).toContainEqual({ effect: 'note', text: 'toss 3: 1' });
  });

  it('gives the probability before and after', () => {
    const before = found.points.filter(({ events }) => events <= (found.jumps[0]?.event ?? 0));
    const after = found.points.filter(({ events }) => events > (found.jumps[0]?.event ?? 0));
    expect(before.length).toBeGreaterThan(1);
    for (const point of before) {
      const [low, high] = intervalOf(point);
      expect([low < 0.5, 0.5 < high]).toEqual([true, true]);
    }
    expect(after.map(shareOf)).toEqual(after.map(() => 1));
  });

  it('says the same each time', () => {
    expect(driven(60).points).toEqual(found.points);
  });

  it('looks more closely at the jump that it tells than at other points', () => {
    const [jump] = found.jumps;
    expect([jump?.before.futures, jump?.after.futures]).toEqual([240, 240]);
    expect(found.points[0]?.futures).toBe(60);
  });

  it('says of a future what its whole run says, which it need not live through', () => {
    const long = scenarioWith(
      tossingWith(() => 2, 700),
      '800s',
    );
    const { track, points } = driven(8, failingSeed(long), long);
    const [start] = points;
    const { scenario: told, seed, timeline } = track;
    const failing = Array.from({ length: start?.futures ?? 0 }, (_, nth) => {
      const world = forkFuture(timeline.at(0), `future-${nth}`);
      while (advance(world, 1_000));
      return shows(finish({ scenario: told, seed, edits: [], world }), failure);
    });
    expect(start?.events).toBe(0);
    expect(failing.filter((each) => each).length).toBe(start?.failing);
    expect(start?.failing).toBeLessThan(8);
  });

  it('tells no event at which the failure became less likely', () => {
    // Tails at the third toss are all but certain after tails at the second, and rare after heads.
    const sides = (toss: number, before: number) => (toss === 3 ? (before === 1 ? 2 : 10) : 2);
    const other = scenarioWith(tossingWith(sides));
    const { jumps, points } = driven(60, failingSeed(other, 'toss 2: 0'), other);
    const shares = points.map(shareOf);
    expect(Math.min(...shares)).toBeLessThan((shares[0] ?? 0) - 0.1);
    expect(jumps).toHaveLength(1);
    expect(shareOf(jumps[0]?.after as Point)).toBe(1);
  });

  it('looks beyond the witness where that is there before the failure is certain', () => {
    const { found: late, decided } = latelySeen();
    expect(late.violation.event).toBeLessThan(decided);
    expect(late.jumps.map(({ event }) => event)).toEqual([decided]);
  });

  it('has an interval that is never beyond what can be', () => {
    expect(intervalOf({ events: 0, futures: 40, failing: 0 })[0]).toBe(0);
    expect(intervalOf({ events: 0, futures: 40, failing: 40 })[1]).toBe(1);
    const [low, high] = intervalOf({ events: 0, futures: 100, failing: 50 });
    expect(low).toBeCloseTo(0.4038, 3);
    expect(high).toBeCloseTo(0.5962, 3);
  });
});

/** The second value is lost, and the checker points to the first one. */
function latelySeen(): { readonly found: Inevitable; readonly decided: number } {
  const checker: Checker = {
    name: 'second',
    about: 'Every read has the second value.',
    options: {},
    check({ ops }) {
      const reads = ops.filter(({ f, type }) => f === 'read' && type === 'ok');
      const missed = reads.some(({ value }) => !(value as number[]).includes(6));
      if (!missed) return { valid: true };
      return { valid: false, anomalies: [{ kind: 'missed', about: 'six is missing', ops: [0] }] };
    },
  };
  const operations = [
    { at: '1s', f: 'broadcast', value: 5 },
    { at: '1500ms', f: 'broadcast', value: 6 },
  ];
  const lossy = scenarioOf({
    protocol: 'broadcast/flood',
    nodes: 2,
    workload: { name: 'broadcast', concurrency: 1, operations },
    checkers: [checker],
    network: { latency: '10ms', loss: '50%' },
    duration: '2s',
    recovery: '1s',
  });
  const seed = failingSeed(lossy);
  const wanted = { judge: 'second', kind: 'missed' };
  const subject = { scenario: lossy, seed, edits: [], failure: wanted };
  const lived = toTheEnd(inevitable(subject, { futures: 40 }));
  const decided = lived.track.timeline.eventAt(1_500_000) + 1;
  return { found: lived, decided };
}

describe('a future', () => {
  const world = () => {
    const made = createWorld(specOf({ protocol: tossing }));
    advance(made, 3);
    return made;
  };
  const digestOf = (name: string): string => {
    const future = forkFuture(world(), name);
    while (advance(future, 1_000));
    return future.digest.toString();
  };

  it('is another one, and of the same name the same', () => {
    expect(digestOf('a')).not.toBe(digestOf('b'));
    expect(digestOf('a')).toBe(digestOf('a'));
  });

  it('leaves the present as it is', () => {
    const present = world();
    const before = [...present.queue.waiting()].map((slot) => present.queue.timeOf(slot));
    forkFuture(present, 'a');
    expect([...present.queue.waiting()].map((slot) => present.queue.timeOf(slot))).toEqual(before);
    while (advance(present, 1_000));
    const plain = createWorld(specOf({ protocol: tossing }));
    while (advance(plain, 1_000));
    expect(present.digest.toString()).toBe(plain.digest.toString());
  });
});
