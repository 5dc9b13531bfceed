// Planted leaks are found at the event, the node and the handler that leaks; sound protocols raise
// no alarm.
import { describe, expect, it } from 'vitest';
import type { AnyProtocol } from '../../src/node/protocol.js';
import { compare, lockstep } from '../../src/scenario/determinism.js';
import type { Divergence } from '../../src/scenario/divergence.js';
import { scenarioOf } from '../../src/scenario/from-code.js';
import type { ScenarioInput } from '../../src/scenario/scenario.js';
import { simulate } from '../../src/scenario/simulate.js';
import type { Step } from '../../src/sim/step.js';

interface State {
  seen: Set<number>;
  count: number;
  extra: unknown;
}

// biome-ignore lint/suspicious/noExplicitAny: a leak may do anything with a context.
type Leak = (state: State, ctx: any) => void;

/** A flooding broadcast that leaks at the n-th broadcast which a node gets from a client. */
function leaky(leak: Leak, nth = 3): AnyProtocol {
  return {
    name: 'leaky',
    about: 'Leaks.',
    options: {},
    init: (): State => ({ seen: new Set(), count: 0, extra: undefined }),
    on: {
      // biome-ignore lint/suspicious/noExplicitAny: as above.
      broadcast(state: State, message: any, ctx: any) {
        ctx.reply(message, { type: 'broadcast_ok' });
        state.seen.add(message.body.message);
        state.count++;
        if (state.count >= nth) leak(state, ctx);
        for (const node of ctx.nodes) {
          if (node !== ctx.self) ctx.send(node, { type: 'gossip', value: message.body.message });
        }
      },
      // biome-ignore lint/suspicious/noExplicitAny: as above.
      gossip(state: State, message: any) {
        state.seen.add(message.body.value);
      },
      // biome-ignore lint/suspicious/noExplicitAny: as above.
      read(state: State, message: any, ctx: any) {
        ctx.reply(message, { type: 'read_ok', messages: [...state.seen] });
      },
    },
    timers: { later: () => {} },
  } as AnyProtocol;
}

const inputOf = (protocol: AnyProtocol): ScenarioInput => ({
  protocol,
  nodes: 3,
  workload: { name: 'broadcast', rate: 20 },
  duration: '2s',
  recovery: '500ms',
});

function divergenceOf(protocol: AnyProtocol, seed = '1'): Divergence | undefined {
  const pair = lockstep(scenarioOf(inputOf(protocol)), seed);
  for (;;) {
    const { divergence, more } = compare(pair, 10);
    if (!more) return divergence;
  }
}

/** Where the leak is: the first event at which some node gets its n-th broadcast. */
function firstLeak(nth = 3, seed = '1'): Pick<Step, 'index' | 'atUs'> & { node: string } {
  const counts = new Map<string, number>();
  const found: (Pick<Step, 'index' | 'atUs'> & { node: string })[] = [];
  const observer = ({ index, atUs, happening }: Step) => {
    if (happening.kind !== 'deliver' || happening.message.body.type !== 'broadcast') return;
    const { node } = happening;
    const count = (counts.get(node) ?? 0) + 1;
    counts.set(node, count);
    if (count === nth) found.push({ index, atUs, node });
  };
  simulate(inputOf(leaky(() => {})), seed, [], { observer });
  const [first] = found;
  if (first === undefined) throw new Error('no node got so many');
  return first;
}

let counter = 0;
let peers: string[] = [];

const leaks: readonly (readonly [name: string, label: RegExp, leak: Leak])[] = [
  [
    'Math.random in the state',
    /^state\.extra$/,
    (state) => {
      state.extra = Math.random();
    },
  ],
  [
    'Math.random deep in the state',
    /^state\.extra\.a\[1\]$/,
    (state) => {
      state.extra = { a: [0, Math.random()] };
    },
  ],
  [
    'Math.random in a message',
    /^send #1 to n0: body\.value$/,
    (_, ctx) => ctx.send('n0', { type: 'gossip', value: Math.random() }),
  ],
  [
    'Math.random in whom it sends to',
    /^destination of send #1 to n\d$/,
    (_, ctx) => ctx.send(Math.random() < 0.3 ? 'n0' : 'n1', { type: 'gossip', value: 1 }),
  ],
  [
    'Date.now in a timer',
    /^time of timer #1 later$/,
    (_, ctx) => ctx.setTimer({ type: 'later' }, 1_000 + (Date.now() % 7)),
  ],
  [
    'new Date in the state',
    /^state\.extra$/,
    (state) => {
      state.extra = new Date().getFullYear();
    },
  ],
  ['performance.now in a note', /^note #1: text$/, (_, ctx) => ctx.note(String(performance.now()))],
  [
    'process.hrtime in the store',
    /^write #1 of k: value$/,
    (_, ctx) => ctx.store.write('k', Number(process.hrtime.bigint())),
  ],
  [
    'randomUUID in the state',
    /^state\.extra$/,
    (state) => {
      state.extra = crypto.randomUUID();
    },
  ],
  [
    'a Set ordered by chance',
    /^state\.seen\[\d\]$/,
    (state) => {
      state.seen = new Set([...state.seen].sort(() => Math.random() - 0.5));
    },
  ],
  [
    'a counter of the module',
    /^state\.extra$/,
    (state) => {
      state.extra = counter++;
    },
  ],
  [
    'a list of the module',
    /^state\.extra$|^send/,
    (state, ctx) => {
      peers = [...peers, ctx.self];
      state.extra = peers.length;
    },
  ],
  [
    'a note of the time',
    /^note #1/,
    (_, ctx) => {
      if (Date.now() % 2 === 0) ctx.note('even');
      else ctx.note('odd');
    },
  ],
  [
    'an error by chance',
    /^crash$/,
    () => {
      if (Math.random() < 0.4) throw new Error('unlucky');
    },
  ],
  [
    'work for later',
    /^setTimeout was called$/,
    () => {
      setTimeout(() => {}, 1);
    },
  ],
  ['a promise', /^queueMicrotask was called$/, () => queueMicrotask(() => {})],
];

describe('a leak', () => {
  it.each(leaks)('%s is found where it is', (_name, label, leak) => {
    const where = firstLeak();
    const divergence = divergenceOf(leaky(leak));
    expect(divergence).toMatchObject({ ...where, handler: 'on.broadcast' });
    expect(divergence?.label).toMatch(label);
  });

  it('shows both values', () => {
    const { left, right } =
      divergenceOf(
        leaky((state) => {
          state.extra = new Date().getFullYear();
        }),
      ) ?? {};
    expect([left, right]).toEqual([2001, 2033]);
  });

  it('in `init` is found at the start', () => {
    const protocol = { ...leaky(() => {}), init: () => ({ seen: new Set(), id: Math.random() }) };
    expect(divergenceOf(protocol as AnyProtocol)).toMatchObject({
      index: 0,
      node: 'n0',
      handler: 'init',
      label: 'state.id',
    });
  });

  it('that strict mode alone can see is found by it', () => {
    // A closure that counts calls in a way that two worlds side by side agree on.
    const calls: number[] = [];
    const leak: Leak = (state) => {
      calls.push(1);
      state.extra = Math.floor((calls.length - 1) / 2) % 2;
    };
    expect(divergenceOf(leaky(leak))).toMatchObject({ ...firstLeak(), handler: 'on.broadcast' });
  });
});

describe('a sound protocol', () => {
  it('raises no alarm with any of a thousand seeds', () => {
    const protocol = leaky((state, ctx) => {
      state.extra = ctx.random.below(1_000);
      ctx.setTimer({ type: 'later' }, 1_000 + ctx.random.below(1_000));
      ctx.store.write('count', state.count);
      ctx.store.sync({ type: 'later' });
    });
    for (let seed = 1; seed <= 1_000; seed++) {
      expect(divergenceOf(protocol, String(seed))).toBeUndefined();
    }
  });

  it('raises no alarm if it remembers what does not matter', () => {
    const memo = new Map<string, number>();
    const leak: Leak = (state, ctx) => {
      const known = memo.get(ctx.self) ?? ctx.self.length;
      memo.set(ctx.self, known);
      state.extra = known;
    };
    expect(divergenceOf(leaky(leak))).toBeUndefined();
  });
});
