// The algebra that makes replicated data types converge, tried on states that random histories of
// replicas have led to; and that states, deltas and operations are three ways to one value.
import { fc, test } from '@fast-check/vitest';
import { describe, expect, it } from 'vitest';
import type { Dot, Operation } from '../../../src/protocols/crdt/crdt.js';
import { gCounter } from '../../../src/protocols/crdt/g-counter.js';
import { lwwRegister } from '../../../src/protocols/crdt/lww-register.js';
import { orSet } from '../../../src/protocols/crdt/or-set.js';
import { same } from '../../../src/protocols/crdt/same.js';
import { type AnyCrdt, types } from '../../../src/protocols/crdt/types.js';
import { simulate } from '../../../src/scenario/simulate.js';

/** What happens among three replicas: one does something, or one hears of another's state. */
type Happening =
  | { readonly actor: number; readonly op: number; readonly arg: number; readonly timeUs: number }
  | { readonly actor: number; readonly from: number };

const happenings = fc.array(
  fc.oneof(
    fc.record({ actor: fc.nat(2), op: fc.nat(1), arg: fc.nat(3), timeUs: fc.nat(4) }),
    fc.record({ actor: fc.nat(2), from: fc.nat(2) }),
  ),
  { maxLength: 14 },
);

interface Replicas {
  readonly states: unknown[];
  readonly deltas: { readonly actor: number; readonly delta: unknown; readonly before: unknown }[];
}

/** Three replicas after what happened, by joins of whole states. */
function replicasAfter(crdt: AnyCrdt, all: readonly Happening[]): Replicas {
  const states: unknown[] = [crdt.bottom, crdt.bottom, crdt.bottom];
  const deltas: Replicas['deltas'] = [];
  for (const [n, one] of all.entries()) {
    const before = states[one.actor];
    if ('from' in one) {
      states[one.actor] = crdt.join(before, states[one.from]);
      continue;
    }
    const delta = crdt.delta(before, operationOf(crdt, one), dotOf(one.actor, n, one.timeUs));
    deltas.push({ actor: one.actor, delta, before });
    states[one.actor] = crdt.join(before, delta);
  }
  return { states, deltas };
}

const dotOf = (actor: number, n: number, timeUs: number): Dot => ({
  actor: `n${actor}`,
  n: n + 1,
  timeUs,
});

const operationOf = (crdt: AnyCrdt, { op, arg }: { op: number; arg: number }): Operation => ({
  op: crdt.ops[op % crdt.ops.length] as string,
  arg,
});

const seed = 20;

describe.each([...types])('%s', (_, crdt) => {
  test.prop([happenings], { seed })('joins commute, associate and are idempotent', (all) => {
    const [a, b, c] = replicasAfter(crdt, all).states;
    expect(same(crdt.join(a, b), crdt.join(b, a))).toBe(true);
    expect(same(crdt.join(crdt.join(a, b), c), crdt.join(a, crdt.join(b, c)))).toBe(true);
    expect(same(crdt.join(a, a), a)).toBe(true);
    expect(same(crdt.join(a, crdt.bottom), a)).toBe(true);
  });

  test.prop([happenings], { seed })('operations only grow the state', (all) => {
    for (const { delta, before } of replicasAfter(crdt, all).deltas) {
      const after = crdt.join(before, delta);
      expect(same(crdt.join(before, after), after)).toBe(true);
    }
  });

  test.prop([happenings], { seed })('deltas, in any order and twice, make the state', (all) => {
    const { states, deltas } = replicasAfter(crdt, all);
    const whole = states.reduce((a, b) => crdt.join(a, b), crdt.bottom);
    const parts = [...deltas, ...deltas.toReversed()].map(({ delta }) => delta);
    const joined = parts.reduce((a, b) => crdt.join(a, b), crdt.bottom);
    expect(crdt.value(joined)).toEqual(crdt.value(whole));
  });

  test.prop([happenings], { seed })('operations, once each, causes first, do too', (all) => {
    const { states } = replicasAfter(crdt, all);
    const whole = states.reduce((a, b) => crdt.join(a, b), crdt.bottom);
    expect(crdt.value(byOperations(crdt, all))).toEqual(crdt.value(whole));
  });
});

/** What all effects come to at a replica that hears of them in the order of their making. */
function byOperations(crdt: AnyCrdt, all: readonly Happening[]): unknown {
  const states: unknown[] = [crdt.bottom, crdt.bottom, crdt.bottom];
  const heard: unknown[][] = [[], [], []];
  const every: unknown[] = [];
  for (const [n, one] of all.entries()) {
    const own = heard[one.actor] as unknown[];
    const fresh: unknown[] = [];
    if ('from' in one) {
      fresh.push(
        ...every.filter((effect) => heard[one.from]?.includes(effect) && !own.includes(effect)),
      );
    } else {
      const dot = dotOf(one.actor, n, one.timeUs);
      fresh.push({ effect: crdt.effect(states[one.actor], operationOf(crdt, one), dot) });
      every.push(...fresh);
    }
    for (const made of fresh as { effect: unknown }[]) {
      states[one.actor] = crdt.apply(states[one.actor], made.effect);
      own.push(made);
    }
  }
  return (every as { effect: unknown }[]).reduce(
    (state, { effect }) => crdt.apply(state, effect),
    crdt.bottom as unknown,
  );
}

describe('what is special', () => {
  const dot = (actor: string, n: number, timeUs = 0): Dot => ({ actor, n, timeUs });

  it('an addition beside a remove wins', () => {
    const first = orSet.delta(orSet.bottom, { op: 'add', arg: 1 }, dot('a', 1));
    const removed = orSet.join(first, orSet.delta(first, { op: 'remove', arg: 1 }, dot('b', 1)));
    const again = orSet.join(first, orSet.delta(first, { op: 'add', arg: 1 }, dot('a', 2)));
    expect(orSet.value(removed)).toEqual([]);
    expect(orSet.value(orSet.join(removed, again))).toEqual([1]);
  });

  it('a causal context has no more entries than actors once gaps are closed', () => {
    let state = orSet.bottom;
    for (let n = 1; n <= 50; n++) {
      const delta = orSet.delta(state, { op: n % 2 ? 'add' : 'remove', arg: n % 3 }, dot('a', n));
      if (n % 2) state = orSet.join(state, delta);
    }
    expect(state.context.upTo.size).toBe(1);
  });

  it('equal times go to the greater name, on both sides', () => {
    const write = (actor: string, arg: number) =>
      lwwRegister.delta(lwwRegister.bottom, { op: 'write', arg }, dot(actor, 1, 7));
    const [a, b] = [write('a', 1), write('b', 2)];
    expect(lwwRegister.value(lwwRegister.join(a, b))).toBe(2);
    expect(lwwRegister.value(lwwRegister.join(b, a))).toBe(2);
  });

  it('a writer whose clock is late writes after what it has seen', () => {
    const seen = lwwRegister.delta(lwwRegister.bottom, { op: 'write', arg: 1 }, dot('b', 1, 1_000));
    const later = lwwRegister.delta(seen, { op: 'write', arg: 2 }, dot('a', 1, 3));
    expect(lwwRegister.value(lwwRegister.join(seen, later))).toBe(2);
  });

  it('a counter that joins by adding up is not idempotent', () => {
    const one = gCounter.delta(gCounter.bottom, { op: 'increment', arg: 1 }, dot('a', 1));
    expect(gCounter.value(gCounter.join(one, one))).toBe(1);
  });
});

describe('replicas', () => {
  const scenario = (protocol: string, form: string) => ({
    protocol: { name: protocol, options: { form } },
    nodes: 4,
    workload: { name: 'crdt', rate: 20 },
    network: { latency: '20ms', loss: '50%', duplicate: '10%' },
    duration: '4s',
    recovery: '6s',
  });

  it.each(['state', 'delta', 'operation'])('converge by %s, whatever is lost', (form) => {
    for (const run of ['a', 'b', 'c']) {
      expect(simulate(scenario('crdt/document', form), run).assessment.valid).toBe(true);
    }
  });

  it('do not converge where deltas that were sent count as received', () => {
    const runs = ['a', 'b', 'c', 'd', 'e', 'f'].map((run) =>
      simulate(scenario('crdt/hasty', 'delta'), run),
    );
    const caught = runs.filter(({ assessment }) => assessment.valid === false);
    expect(caught.length).toBeGreaterThanOrEqual(4);
  });

  it('miscount where counters are added up', () => {
    const run = simulate({ ...scenario('crdt/adding', 'state'), expect: 'convergence' }, 'a');
    expect(run.assessment.expected).toBe(true);
  });
});
