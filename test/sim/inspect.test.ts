// Looking at a world: copies to keep, and a digest that sees whatever can change what comes next.
import { describe, expect, it } from 'vitest';
import { KEY_HI, slotAt } from '../../src/kernel/queue.js';
import { createWorld, forkWorld } from '../../src/sim/create.js';
import { digestState, digestWorld, inspect, type NodeView } from '../../src/sim/inspect.js';
import { advance } from '../../src/sim/loop.js';
import type { World } from '../../src/sim/world.js';
import { acting, clientsOf, type Setting, second, specOf } from '../support/worlds.js';

/** Two nodes in the middle of a lot: a sync, a timer, messages, a cut that holds, a pause. */
const busy: Setting = {
  protocol: acting([
    [
      1_000,
      'n0',
      (ctx, state) => {
        state.list = [1, 2];
        ctx.store.write('a', 1);
        ctx.store.sync({ type: 'synced' });
        ctx.setTimer({ type: 'later' }, second);
      },
    ],
    [5_000, 'n0', (ctx) => ctx.store.write('b', 2)],
    [6_000, 'n0', (ctx) => ctx.send('n1', { type: 'a' })],
    [7_000, 'n1', (ctx) => ctx.send('n0', { type: 'b' })],
  ]),
  clients: clientsOf({}),
  faults: [
    [100, { f: 'clock-offset', nodes: ['n0'], offsetUs: 50 }],
    [8_000, { f: 'pause', nodes: ['n1'] }],
    [6_500, { f: 'cut', links: [['n1', 'n0']], mode: 'hold' }],
  ],
};

function advancedTo(atUs: number): World {
  const world = createWorld(specOf(busy));
  while (world.queue.nowUs < atUs && advance(world, 1));
  return world;
}

describe('inspect', () => {
  it('shows a node as it is', () => {
    const world = advancedTo(16_000);
    expect(inspect(world, 'n0')).toMatchObject({
      name: 'n0',
      status: 'up',
      incarnation: 1,
      state: { list: [1, 2] },
      durable: new Map([['a', 1]]),
      unsynced: 1,
      clockUs: world.queue.nowUs + 50,
      faults: ['f0'],
    });
    expect(inspect(world, 'n1')).toMatchObject({ status: 'paused', faults: ['f1'] });
  });

  it('knows nobody of another name, and no client', () => {
    const world = advancedTo(16_000);
    expect([inspect(world, 'n9'), inspect(world, 'c0')]).toEqual([undefined, undefined]);
  });

  it('gives copies', () => {
    const world = advancedTo(16_000);
    const before = digestWorld(world);
    const view = inspect(world, 'n0') as NodeView;
    (view.state as { list: number[] }).list.push(3);
    (view.durable as Map<string, unknown>).clear();
    expect(digestWorld(world)).toBe(before);
  });
});

describe('digestWorld', () => {
  const changes: readonly (readonly [string, (world: World) => unknown])[] = [
    ['a state', ({ roster }) => Object.assign(roster.states[0] as object, { x: 1 })],
    ['a timer', ({ timers }) => timers.take(0, timers.idsOf(0)[0] as number)],
    ['the next timer’s number', ({ roster }) => roster.setTimerNext(0, 99)],
    ['a durable value', ({ parties }) => parties[0]?.node?.disk.durable.set('z', 1)],
    ['an unsynced write', ({ parties }) => parties[0]?.node?.disk.unsynced.pop()],
    ['a clock', ({ parties }) => Object.assign(parties[0]?.node?.clock ?? {}, { driftPpm: 5 })],
    ['a status', ({ parties }) => Object.assign(parties[0]?.node ?? {}, { status: 'down' })],
    ['a waiting event', ({ queue }) => queue.remove(queue.waiting()[0] as number)],
    ['a new event', ({ queue }) => queue.add(2 * second, 2, 0, 1, 5, 6, 7, { type: 'x' })],
    [
      'the key of an event',
      ({ queue }) => {
        const at = slotAt(queue.waiting()[0] as number) + KEY_HI;
        queue.words[at] = (queue.words[at] as number) ^ 1;
      },
    ],
    ['a held message', (world) => world.heldMessages.pop()],
    ['what waits at a paused node', ({ parties }) => parties[1]?.node?.held.pop()],
    ['a rule of the network', (world) => Object.assign(world.network, { rules: [] })],
    ['the queue of a link', ({ network }) => network.busyUntilUs.set(1, 5)],
    ['a connection', ({ network }) => network.connections.set(1, { epoch: 2, lastUs: [0, 0] })],
    ['a worker', ({ workers }) => Object.assign(workers[0] ?? {}, { process: 7 })],
    ['the generator', (world) => Object.assign(world, { generatorState: 77 })],
    ['the members', (world) => Object.assign(world, { members: ['n0'] })],
    ['the phase', (world) => Object.assign(world, { phase: 'final' })],
    ['the history', ({ history }) => history.pop()],
  ];

  it.each(changes)('sees %s', (_, change) => {
    const world = advancedTo(100_000);
    const before = digestWorld(world);
    change(world);
    expect(digestWorld(world)).not.toBe(before);
  });

  it('is the same for worlds that went the same way', () => {
    expect(digestWorld(advancedTo(100_000))).toBe(digestWorld(advancedTo(100_000)));
  });

  it('does not see where the queue keeps its events', () => {
    const world = advancedTo(100_000);
    const twin = forkWorld(world);
    for (const { queue } of [world, twin]) {
      const order = queue === twin.queue ? [0, 1] : [1, 0];
      const slots = order.map((n) => [n, queue.add(9 * second + n, 2, 0, 1, 5, n, 0, undefined)]);
      expect(slots).toHaveLength(2);
    }
    expect(digestWorld(twin)).toBe(digestWorld(world));
  });
});

describe('digestState', () => {
  it('is of one node’s state alone, and of none while it is down', () => {
    const world = advancedTo(16_000);
    const before = [digestState(world, 'n0'), digestState(world, 'n1')];
    Object.assign(world.roster.states[0] as object, { x: 1 });
    expect(digestState(world, 'n0')).not.toBe(before[0]);
    expect(digestState(world, 'n1')).toBe(before[1]);
    expect(digestState(createWorld(specOf({})), 'n0')).toBe('');
  });
});
