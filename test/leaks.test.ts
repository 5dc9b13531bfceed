// Whatever breaks the promise of same seed, same run is found at the event, the node and the
// handler that broke it; and what does not break it raises no alarm.
import { describe, expect, it } from 'vitest';
import type { AnyProtocol, Context } from '../src/node/protocol.js';
import { protocols } from '../src/protocols/index.js';
import { compare, lockstep } from '../src/scenario/determinism.js';
import type { Divergence } from '../src/scenario/divergence.js';
import { scenarioOf } from '../src/scenario/from-code.js';
import type { Scenario, ScenarioInput } from '../src/scenario/scenario.js';
import { simulate } from '../src/scenario/simulate.js';
import type { Step } from '../src/sim/step.js';
import { type Leak, type Place, placeOf, planted } from './support/leaks.js';
import { swarm } from './support/swarm.js';

/** The first difference that a check finds, if any. */
function checked(scenario: Scenario, seed = '1'): Divergence | undefined {
  const pair = lockstep(scenario, seed);
  for (;;) {
    const { divergence, more } = compare(pair, 500);
    if (!more) return divergence;
  }
}

/** Three nodes with disks that fail now and then, and lives that end. */
const inputOf = (protocol: AnyProtocol): ScenarioInput => ({
  protocol,
  nodes: 3,
  workload: { name: 'broadcast', rate: 30, options: { topology: 'total' } },
  network: { loss: '2%' },
  disk: { sync: '5ms' },
  faults: [
    { at: '300ms', for: '300ms', fault: 'disk-fail', nodes: ['n1'] },
    { at: '700ms', for: '100ms', fault: 'crash', nodes: ['n1'] },
  ],
  duration: '1.5s',
  recovery: '500ms',
});

let count = 0;
const once = new Map<string, number>();
const shared = { peers: [] as string[] };

const leaks: readonly (readonly [name: string, place: Place, leak: Leak])[] = [
  [
    'Math.random in the state',
    'on.broadcast',
    (_, state) => Object.assign(state, { x: Math.random() }),
  ],
  [
    'Math.random at the start of a life',
    'init',
    (_, state) => Object.assign(state, { x: Math.random() }),
  ],
  ['Math.random in a message', 'timers.retry', (ctx) => ctx.send('n0', gossip(Math.random()))],
  [
    'Math.random in how much is sent',
    'on.gossip',
    (ctx) => {
      for (let n = Math.random(); n > 0.1; n -= 0.1) ctx.send('n0', gossip(1));
    },
  ],
  [
    'Math.random in whom it is sent to',
    'on.gossip_ok',
    (ctx) => ctx.send(`n${Math.floor(Math.random() * 1e6)}`, gossip(1)),
  ],
  [
    'Date.now in a timer’s delay',
    'timers.synced',
    (ctx) => ctx.setTimer({ type: 'never' }, Date.now() % 1_000_003),
  ],
  [
    'Date.now in a timer’s payload',
    'on.topology',
    (ctx) => ctx.setTimer({ type: 'never', at: Date.now() } as never, 1),
  ],
  [
    'new Date in the store',
    'diskFailed',
    (ctx) => ctx.store.write('when', new Date().toISOString()),
  ],
  [
    'Date.now in a key of the store',
    'timers.commit',
    (ctx) => ctx.store.write(`at ${Date.now()}`, 1),
  ],
  ['performance.now in a note', 'on.read', (ctx) => ctx.note(String(performance.now()))],
  [
    'process.hrtime in the state',
    'timers.synced',
    (_, state) => Object.assign(state, { at: Number(process.hrtime.bigint()) }),
  ],
  [
    'crypto.randomUUID in a message',
    'on.broadcast',
    (ctx) => ctx.send('n2', gossip(crypto.randomUUID())),
  ],
  [
    'crypto.getRandomValues in the state',
    'on.gossip',
    (_, state) => Object.assign(state, { x: [...crypto.getRandomValues(new Uint8Array(8))] }),
  ],
  [
    'a Set ordered by chance',
    'on.broadcast',
    (_, state) => Object.assign(state, { order: new Set(jumbled()) }),
  ],
  [
    'an inconsistent comparator',
    'timers.retry',
    (ctx) => ctx.send('n0', gossip(letters.toSorted(() => Math.random() - 0.5).join(''))),
  ],
  ['a counter of the module', 'on.gossip', (_, state) => Object.assign(state, { x: count++ })],
  [
    'a Map of the module',
    'on.gossip_ok',
    (ctx, state) => {
      once.set(ctx.self, (once.get(ctx.self) ?? 0) + 1);
      Object.assign(state, { seen: once.get(ctx.self) });
    },
  ],
  [
    'a list of the module, in a message',
    'on.broadcast',
    (ctx) => {
      shared.peers.push(ctx.self);
      ctx.send('n0', gossip(shared.peers.length));
    },
  ],
  [
    'an error by chance',
    'timers.synced',
    () => {
      if (count++ % 3 === 0) throw new Error('unlucky');
    },
  ],
  [
    'which timer is cleared',
    'timers.commit',
    (ctx) => ctx.clearTimer(Math.floor(Math.random() * 1e6)),
  ],
  ['setTimeout', 'on.gossip', () => setTimeout(() => {}, 0)],
  ['setImmediate', 'diskFailed', () => setImmediate(() => {})],
  ['queueMicrotask', 'init', () => queueMicrotask(() => {})],
];

const letters = [...'abcdefghijklmnop'];
const gossip = (value: unknown) => ({ type: 'gossip', messages: [], value }) as never;

function jumbled(): string[] {
  return letters
    .map((letter) => ({ letter, by: Math.random() }))
    .sort((a, b) => a.by - b.by)
    .map(({ letter }) => letter);
}

describe('a leak', () => {
  const sound = protocols.get('broadcast/durable') as AnyProtocol;
  const steps: Step[] = [];
  simulate(inputOf(sound), '1', [], { observer: (step) => steps.push(step) });

  it.each(leaks)(
    'by %s, in %s, is found at the event, the node and the handler',
    (_, place, leak) => {
      const where = { place, node: 'n1', fromUs: place === 'init' ? 500_000 : 250_000 };
      const { index, atUs } = placeOf(steps, where) as Step;
      const found = checked(scenarioOf(inputOf(planted(sound, where, leak))));
      expect(found).toMatchObject({ index, atUs, node: 'n1', handler: place });
    },
  );

  it('by one state that all nodes share is found', () => {
    const one = { seen: new Set<number>() };
    const protocol = {
      ...sound,
      init: (ctx: Context) => Object.assign(one, sound.init(ctx as never)),
    };
    expect(checked(scenarioOf(inputOf(protocol as AnyProtocol)))).toBeDefined();
  });
});

/** A storm of the swarm that is over after half a second. */
function squall(protocol: AnyProtocol, number: number): Scenario {
  const { faults = [], ...rest } = swarm(protocol, number);
  const generators = faults.filter((entry) => 'every' in entry);
  const quick = generators.map((entry) => ({ ...entry, every: '100ms' }));
  return scenarioOf({ ...rest, faults: quick, duration: '400ms', recovery: '200ms' });
}

describe('no leak', () => {
  const kinds = [...protocols.values()];
  const storms = 3;
  const seeds = Math.ceil(1_000 / storms / kinds.length);

  it.each(kinds.map((protocol) => [protocol.name, protocol] as const))(
    'is in %s, and no alarm is raised with any of many seeds',
    (_, protocol) => {
      for (let number = 0; number < storms; number++) {
        const scenario = squall(protocol, number);
        for (let seed = 0; seed < seeds; seed++) {
          expect(checked(scenario, String(seed)), `storm ${number}, seed ${seed}`).toBeUndefined();
        }
      }
    },
  );

  it('is in a thousand runs or more', () => {
    expect(kinds.length * storms * seeds).toBeGreaterThanOrEqual(1_000);
  });
});
