// Properties of a whole cluster: when they are asked, what they see, what becomes of what they say.
import { describe, expect, it } from 'vitest';
import type { Always, AnyProperty, Property, View } from '../../src/node/property.js';
import type { AnyProtocol } from '../../src/node/protocol.js';
import { simulate } from '../../src/scenario/simulate.js';
import { createWorld, forkWorld } from '../../src/sim/create.js';
import { digestWorld } from '../../src/sim/inspect.js';
import { advance } from '../../src/sim/loop.js';
import { resultOf } from '../../src/sim/result.js';
import { specOf, tiny } from '../support/worlds.js';

interface Ticks {
  ticks: number;
}

/** Each node counts up once a second; n1 says so to n0. */
const ticking: Partial<AnyProtocol> = {
  name: 'ticking',
  init(ctx): Ticks {
    ctx.setTimer({ type: 'tick' }, 1_000_000);
    return { ticks: 0 };
  },
  on: { hello: () => {} },
  timers: {
    tick(state: Ticks, _, ctx) {
      state.ticks++;
      ctx.store.write('ticks', state.ticks);
      ctx.store.sync({ type: 'synced' });
      if (ctx.self === 'n1') ctx.send('n0', { type: 'hello' });
      ctx.setTimer({ type: 'tick' }, 1_000_000);
    },
  },
};

const below = (most: number): Property<Ticks> => ({
  name: `below-${most}`,
  about: `No node ticks ${most} times.`,
  kind: 'always',
  broken(cluster, node) {
    const ticks = node === undefined ? 0 : (cluster.state(node)?.ticks ?? 0);
    return ticks >= most ? `${node} has ticked ${ticks} times` : undefined;
  },
});

const counter: Property<Ticks, { asked: (string | undefined)[] }> = {
  name: 'counter',
  about: 'Keeps where it was asked.',
  kind: 'sometimes',
  memory: { asked: [] },
  reached(_, node, memory) {
    memory.asked.push(node);
    return false;
  },
};

function ended(properties: readonly AnyProperty[], more: Parameters<typeof specOf>[0] = {}) {
  const world = createWorld(specOf({ protocol: ticking, properties, ...more }));
  while (advance(world, 1_000));
  return world;
}

const asked = ({ watch }: ReturnType<typeof ended>): readonly (string | undefined)[] =>
  (watch?.states[0]?.memory as { asked: (string | undefined)[] } | undefined)?.asked ?? [];

/** Two properties of one view, which count their questions in its memory. */
function sharing(): readonly AnyProperty[] {
  const view: View<Ticks, { questions: number }> = {
    memory: { questions: 0 },
    changed: (_, node) => node !== undefined,
  };
  return ['one', 'other'].map((name) => ({
    ...{ name, about: 'The view has been asked of less than ten times.', kind: 'always', view },
    broken(_cluster: unknown, _node: unknown, _memory: unknown, seen: { questions: number }) {
      return ++seen.questions >= 10 ? `question ${seen.questions}` : undefined;
    },
  })) as readonly AnyProperty[];
}

describe('properties', () => {
  it('may take functions out of the cluster', () => {
    const broken: Always<Ticks>['broken'] = ({ state, status, incarnation, durable }, node) => {
      if (node === undefined || (state(node)?.ticks ?? 0) < 3) return undefined;
      return `${node} ${status(node)} ${incarnation(node)} ${String(durable(node, 'ticks'))}`;
    };
    const about = 'Nobody ticks three times.';
    const world = ended([{ name: 'taken-out', about, kind: 'always', broken } as AnyProperty]);
    expect(world.watch?.states[0]?.breach?.about).toMatch(/^n\d up 1 2$/);
  });

  it('of one view share its memory, and no other world does', () => {
    const properties = sharing();
    for (let run = 0; run < 2; run++) {
      const { watch } = ended(properties);
      expect(watch?.states.map(({ breach }) => breach?.about)).toEqual([
        'question 11',
        'question 10',
      ]);
    }
  });

  it('are asked after every event at a node, and of nobody when a fault strikes or ends', () => {
    const world = ended([counter], {
      nodes: ['n0'],
      faults: [[1_500_000, { f: 'pause', nodes: ['n0'] }, 100_000]],
      durationUs: 2_500_000,
      recoveryUs: 100_000,
    });
    // Start; tick and sync; the pause begins and ends; tick and sync; recovery; the end.
    const expected = ['n0', 'n0', 'n0', undefined, undefined, 'n0', 'n0', undefined, undefined];
    expect(asked(world)).toEqual(expected);
  });

  it('that share a view are asked after those events only that changed what it shows', () => {
    const view: View<Ticks, Map<string, number>> = {
      memory: new Map(),
      changed(cluster, node, memory) {
        const ticks = node === undefined ? 0 : (cluster.state(node)?.ticks ?? 0);
        if (node === undefined || memory.get(node) === ticks) return false;
        memory.set(node, ticks);
        return true;
      },
    };
    const world = createWorld(
      specOf({
        protocol: ticking,
        properties: [
          { ...counter, view },
          { ...below(3), view },
        ],
      }),
    );
    while (world.queue.nowUs < 1_500_000) advance(world, 1);
    const fork = forkWorld(world);
    while (advance(world, 1_000) || advance(fork, 1_000));
    const ticks = asked(fork);
    expect(ticks.slice(0, 4)).toEqual(['n0', 'n1', 'n0', 'n1']); // Starts and ticks, no syncs.
    expect(ticks).toEqual(asked(world));
    expect(resultOf(fork).properties[1]).toMatchObject({
      standing: 'broken',
      breach: { node: 'n0' },
    });
  });

  it('that share a view share it in a fork, apart from the world that was forked', () => {
    const world = createWorld(specOf({ protocol: ticking, properties: sharing() }));
    const fork = forkWorld(world);
    while (advance(fork, 1_000));
    while (advance(world, 1_000));
    expect(resultOf(fork).properties).toEqual(resultOf(world).properties);
    expect(fork.watch?.groups[0]?.view?.memory).not.toBe(world.watch?.groups[0]?.view?.memory);
  });

  it('are not asked any more once they are settled, whatever their view shows', () => {
    let questions = 0;
    const once: Property<Ticks> = {
      ...{ name: 'once', about: 'Is reached at once.', kind: 'sometimes' },
      view: { memory: undefined, changed: () => true },
      reached: () => ++questions > 0,
    };
    expect(resultOf(ended([once, counter])).properties[0]?.standing).toBe('reached');
    expect(questions).toBe(1);
  });

  it('are asked as if there were no view while it throws', () => {
    const view: View<Ticks> = {
      memory: undefined,
      changed() {
        throw new Error('cannot see');
      },
    };
    const [seen, all] = [{ ...counter, view }, counter].map((each) => asked(ended([each])));
    expect(seen).toEqual(all);
  });

  it('keep the first breach, with time, event and node', () => {
    const { properties } = resultOf(ended([below(3)]));
    expect(properties).toMatchObject([
      {
        name: 'below-3',
        standing: 'broken',
        breach: { about: 'n0 has ticked 3 times', atUs: 3_000_000, node: 'n0' },
      },
    ]);
  });

  it('see what is durable, who is down, and how often each has started', () => {
    const seen: unknown[] = [];
    const looking: Property = {
      name: 'looking',
      about: 'Looks.',
      kind: 'always',
      broken(cluster, node) {
        if (node !== undefined || cluster.nowUs > 2_600_000) return undefined;
        const { nowUs, healed, members, nodes } = cluster;
        const state = cluster.state('n0');
        const durable = cluster.durable('n0', 'ticks');
        const life = [cluster.status('n0'), cluster.incarnation('n0'), cluster.status('n9')];
        seen.push({ nowUs, healed, members, nodes, state, durable, life });
        return undefined;
      },
    };
    ended([looking], {
      faults: [[2_500_000, { f: 'crash', nodes: ['n0'], lost: 'all' }, 1_000_000]],
    });
    expect(seen).toEqual([
      {
        nowUs: 2_500_000,
        healed: false,
        members: ['n0', 'n1'],
        nodes: ['n0', 'n1'],
        state: undefined,
        durable: 2,
        life: ['down', 1, undefined],
      },
    ]);
  });

  it.each([
    [300_000, 10_300_000],
    [undefined, 11_000_000],
  ])('ask what must come within %s µs of the heal at %i µs', (withinUs, atUs) => {
    const world = ended([
      {
        name: 'twenty',
        about: 'Everybody has ticked twenty times.',
        kind: 'eventually',
        ...(withinUs !== undefined && { withinUs }),
        missing: (cluster) => `at ${cluster.nowUs}, ${cluster.healed}`,
      },
    ]);
    expect(resultOf(world).properties).toMatchObject([
      { standing: 'broken', breach: { about: `at ${atUs}, true`, atUs } },
    ]);
  });

  it('let what must come in the end be watched for on the way', () => {
    const seen: Property<Ticks, { ticks: number; atUs: number }> = {
      name: 'seen',
      about: 'A third tick is seen.',
      kind: 'eventually',
      memory: { ticks: 0, atUs: 0 },
      observe(cluster, node, memory) {
        const ticks = node === undefined ? undefined : cluster.state(node)?.ticks;
        if (ticks === 3 && memory.ticks < 3) Object.assign(memory, { ticks, atUs: cluster.nowUs });
      },
      missing: (_, { ticks, atUs }) => `${ticks} at ${atUs}`,
    };
    expect(resultOf(ended([seen])).properties).toMatchObject([
      { standing: 'broken', breach: { about: '3 at 3000000' } },
    ]);
  });

  it('cannot decide what the recovery is too short for, unless it has come already', () => {
    const patient = (missing: string | undefined): Property => ({
      name: `patient-${missing}`,
      about: 'Comes late.',
      kind: 'eventually',
      withinUs: 60_000_000,
      missing: () => missing,
    });
    const { properties } = resultOf(ended([patient('rain'), patient(undefined)]));
    expect(properties.map(({ standing }) => standing)).toEqual(['undecided', 'held']);
  });

  it('that throw give up', () => {
    const throwing: Property = {
      name: 'throwing',
      about: 'Throws.',
      kind: 'always',
      broken() {
        throw new Error('oh');
      },
    };
    const run = simulate({ protocol: tiny(ticking), nodes: 2, properties: [throwing] });
    expect(run.assessment.judgements).toMatchObject([
      { valid: 'unknown', reason: 'the property throwing gave up: oh' },
    ]);
  });

  it('change neither the digest nor what strict mode finds', () => {
    const plain = ended([]).digest.toString();
    expect(ended([below(3), counter]).digest.toString()).toBe(plain);
    expect(ended([below(3), counter], { strict: true }).digest.toString()).toBe(plain);
  });

  it('remember per world: a fork goes its own way', () => {
    const world = createWorld(specOf({ protocol: ticking, properties: [counter, below(3)] }));
    advance(world, 6);
    const fork = forkWorld(world);
    const before = asked(world).length;
    while (advance(fork, 1_000));
    expect(asked(world)).toHaveLength(before);
    expect(asked(fork).length).toBeGreaterThan(before);
    while (advance(world, 1_000));
    expect(digestWorld(world)).toBe(digestWorld(fork));
    expect(resultOf(world).properties).toEqual(resultOf(fork).properties);
  });

  it('of a protocol hold in every run of it; a breach is an anomaly named after it', () => {
    const protocol = { ...tiny(ticking), properties: [below(3)] };
    const expectation = { object: 'properties', anomaly: 'below-3' };
    const { assessment, result } = simulate({ protocol, nodes: 2, expect: expectation });
    expect(assessment.expected).toBe(true);
    expect(assessment.judgements).toMatchObject([
      {
        name: 'properties',
        valid: false,
        anomalies: [{ kind: 'below-3', event: result.properties[0]?.breach?.event }],
      },
    ]);
  });

  it('say which of the states that some run must reach this one has reached', () => {
    const twice: Property<Ticks> = {
      name: 'twice',
      about: 'Somebody ticks twice.',
      kind: 'sometimes',
      reached: (cluster, node) => node !== undefined && cluster.state(node)?.ticks === 2,
    };
    const never: Property = { ...twice, name: 'never', reached: () => false } as Property;
    const run = simulate({ protocol: tiny(ticking), nodes: 2, properties: [twice, never] });
    expect(run.assessment.judgements).toMatchObject([
      { valid: true, stats: { count: 2, reached: ['twice'], unreached: ['never'] } },
    ]);
  });
});
