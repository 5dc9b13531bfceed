// The property that shrinking, what-if and diffing stand on: without any one operation, whatever
// was not caused by it happens as before, to the microsecond.
import { describe, expect, it } from 'vitest';
import { flood } from '../../src/protocols/broadcast/flood.js';
import { scenarioOf } from '../../src/scenario/from-code.js';
import { resolve } from '../../src/scenario/resolve.js';
import type { Scenario, ScenarioInput } from '../../src/scenario/scenario.js';
import { createWorld } from '../../src/sim/create.js';
import type { Edit } from '../../src/sim/edit.js';
import { advance } from '../../src/sim/loop.js';
import { kindOf, kinds } from '../../src/sim/schedule.js';
import type { WorldSpec } from '../../src/sim/spec.js';
import type { OpPlan, World } from '../../src/sim/world.js';

const operations = 400;

/**
 * Four hundred values over a grid, through everything that can befall a datagram. Nodes that crash
 * or pause are not those that clients talk to: an operation that waits for another is caused by it.
 */
const input: ScenarioInput = {
  protocol: flood,
  nodes: 9,
  workload: { name: 'broadcast', rate: 200, concurrency: 4, options: { topology: 'grid' } },
  network: {
    latency: { shape: 'exponential', min: '1ms', mean: '20ms' },
    loss: '5%',
    duplicate: '5%',
    reorder: '10%',
    clients: 'instant',
  },
  faults: [
    { at: '300ms', for: '400ms', fault: 'partition', shape: 'one' },
    { at: '600ms', for: '300ms', fault: 'loss', probability: '30%' },
    { at: '800ms', for: '400ms', fault: 'slow-link', factor: 3 },
    { at: '1s', for: '300ms', fault: 'cut', links: [['n4', '*']], mode: 'hold' },
    { at: '1.2s', for: '200ms', fault: 'crash', nodes: ['n5'] },
    { at: '1.4s', for: '200ms', fault: 'pause', nodes: ['n7'] },
  ],
  duration: '3s',
  recovery: '1s',
};

const timeoutUs = 60_000;

/** The same with clients whose messages get lost as others do: their processes come and go. */
const remote: ScenarioInput = {
  ...input,
  workload: {
    ...{ name: 'broadcast', rate: 25, concurrency: 8, timeout: `${timeoutUs}us` },
    options: { topology: 'grid' },
  },
  network: { ...input.network, clients: 'network', latency: '7ms', loss: '15%' },
  faults: [],
};

const specOf = (scenario: Scenario, edits: readonly Edit[]): WorldSpec =>
  resolve(scenario, { seed: 'deletion', edits, strict: false });

/** 53 bits of a key, as a number. */
const keyOf = (hi: number, lo: number): number => (hi >>> 0) * 2 ** 21 + (lo >>> 11);

/** An arrival that is scheduled: when, and by which event. Lost messages have none, copies have. */
interface Arrival {
  readonly atUs: number;
  readonly cause: number;
}

/** Runs to the end and writes down every arrival that is scheduled, by the message's key. */
function arrivalsOf(world: World): Map<number, Arrival> {
  const arrivals = new Map<number, Arrival>();
  const { queue } = world;
  const add = queue.add.bind(queue);
  queue.add = (atUs, kind, a, b, hi, lo, cause, payload) => {
    if (kindOf(kind) === kinds.deliver) arrivals.set(keyOf(hi, lo), { atUs, cause });
    return add(atUs, kind, a, b, hi, lo, cause, payload);
  };
  while (advance(world, 100_000));
  return arrivals;
}

interface Whole {
  readonly arrivals: ReadonlyMap<number, Arrival>;
  /** Which operation led to each arrival; −1: none did. */
  readonly opOf: ReadonlyMap<number, number>;
  readonly plan: OpPlan;
}

/** The run with all operations. */
function wholeOf(scenario: Scenario): Whole {
  const world = createWorld(specOf(scenario, []));
  const roots: number[] = [];
  world.observer = ({ index, cause, happening }) => {
    roots[index] = happening.kind === 'invoke' ? happening.op : (roots[cause] ?? -1);
  };
  const arrivals = arrivalsOf(world);
  const opOf = new Map([...arrivals].map(([key, { cause }]) => [key, roots[cause] ?? -1]));
  return { arrivals, opOf, plan: world.plan };
}

/** What meets another fate without the operation: messages by key, and how many too many. */
function changedWithout(scenario: Scenario, { arrivals, opOf }: Whole, op: number): unknown[] {
  const left = arrivalsOf(createWorld(specOf(scenario, [{ edit: 'omit-op', op }])));
  const changed: unknown[] = [...left].filter(
    ([key, { atUs }]) => arrivals.get(key)?.atUs !== atUs || opOf.get(key) === op,
  );
  const caused = [...opOf.values()].filter((other) => other === op).length;
  const surplus = left.size + caused - arrivals.size;
  return surplus === 0 ? changed : [...changed, surplus];
}

describe('without any one of 400 operations', () => {
  const scenario = scenarioOf(input);
  const whole = wholeOf(scenario);

  it('there are hundreds of operations and thousands of messages left to speak of', () => {
    expect(whole.plan.atUs.length).toBeGreaterThanOrEqual(operations);
    expect(whole.arrivals.size).toBeGreaterThan(10 * operations);
  });

  it('every message that it did not cause meets its fate as before', () => {
    for (let op = 0; op < operations; op++) {
      expect(changedWithout(scenario, whole, op), `operation ${op}`).toEqual([]);
    }
  });
});

describe('without an operation that no other waits for', () => {
  const scenario = scenarioOf(remote);
  const whole = wholeOf(scenario);

  it('every message that it did not cause meets its fate as before, clients’ too', () => {
    const ops = [...whole.plan.atUs.keys()].filter((op) => isAlone(whole.plan, op));
    expect(ops.length).toBeGreaterThan(40);
    for (const op of ops) {
      expect(changedWithout(scenario, whole, op), `operation ${op}`).toEqual([]);
    }
  });
});

/** Whether the worker has nothing else to do until the operation is answered or times out. */
function isAlone({ atUs, workers }: OpPlan, op: number): boolean {
  const startUs = atUs[op] as number;
  return atUs.every(
    (otherUs, other) =>
      other === op || workers[other] !== workers[op] || Math.abs(otherUs - startUs) > timeoutUs,
  );
}
