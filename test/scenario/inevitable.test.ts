// Futures of an instant, and the event at which a failure was decided.
import { describe, expect, it } from 'vitest';
import type { Property } from '../../src/node/property.js';
import type { AnyProtocol, Context } from '../../src/node/protocol.js';
import { scenarioOf } from '../../src/scenario/from-code.js';
import { type Inevitable, inevitable, intervalOf, shareOf } from '../../src/scenario/inevitable.js';
import { simulate } from '../../src/scenario/simulate.js';
import { createWorld } from '../../src/sim/create.js';
import { forkFuture } from '../../src/sim/future.js';
import { advance } from '../../src/sim/loop.js';
import { specOf, tiny } from '../support/worlds.js';

/** Once a second n0 tosses a coin; the third toss decides, one event before n1 is told. */
const tossing: AnyProtocol = tiny({
  name: 'tossing',
  init(ctx: Context) {
    if (ctx.self === 'n0') ctx.setTimer({ type: 'toss' }, 1_000_000);
    return { tosses: 0, told: -1 };
  },
  on: {
    told: (state: { told: number }, { body }: { body: { side?: number } }) => {
      state.told = body.side ?? -1;
    },
  },
  timers: {
    toss(state: { tosses: number }, _: unknown, ctx: Context) {
      state.tosses++;
      const side = ctx.random.below(2);
      ctx.note(`toss ${state.tosses}: ${side}`);
      if (state.tosses === 3) ctx.send('n1', { type: 'told', side } as never);
      if (state.tosses < 8) ctx.setTimer({ type: 'toss' }, 1_000_000);
    },
  },
} as unknown as Partial<AnyProtocol>);

const tails: Property<{ told: number }> = {
  name: 'no-tails',
  about: 'n1 is never told tails.',
  kind: 'always',
  broken: (cluster) => (cluster.state('n1')?.told === 1 ? 'n1 was told tails' : undefined),
};

const scenario = scenarioOf({
  protocol: { ...tossing, properties: [tails] },
  nodes: 2,
  duration: '10s',
});

/** A seed that fails. */
function failingSeed(): string {
  for (let seed = 1; ; seed++) {
    if (simulate(scenario, seed).assessment.valid === false) return String(seed);
  }
}

function driven(futures: number): Inevitable {
  const failure = { judge: 'properties', kind: 'no-tails' };
  const work = inevitable({ scenario, seed: failingSeed(), edits: [], failure }, { futures });
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

  it('has an interval that is never beyond what can be', () => {
    expect(intervalOf({ events: 0, futures: 40, failing: 0 })[0]).toBe(0);
    expect(intervalOf({ events: 0, futures: 40, failing: 40 })[1]).toBe(1);
    const [low, high] = intervalOf({ events: 0, futures: 100, failing: 50 });
    expect(low).toBeCloseTo(0.4038, 3);
    expect(high).toBeCloseTo(0.5962, 3);
  });
});

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
