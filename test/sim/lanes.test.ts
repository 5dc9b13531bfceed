// The short way for events on a quiet network and the long way are one: whoever watches, traces,
// checks or edits a run gets the same run.
import { describe, expect, it } from 'vitest';
import { digestOf } from '../../src/kernel/digest.js';
import { hex64 } from '../../src/kernel/mix.js';
import type { Body } from '../../src/node/message.js';
import type { AnyProperty, Cluster } from '../../src/node/property.js';
import type { AnyProtocol, Context } from '../../src/node/protocol.js';
import { protocols } from '../../src/protocols/index.js';
import { scenarioOf } from '../../src/scenario/from-code.js';
import { resolve } from '../../src/scenario/resolve.js';
import type { ScenarioInput } from '../../src/scenario/scenario.js';
import { createWorld, forkWorld } from '../../src/sim/create.js';
import type { Edit } from '../../src/sim/edit.js';
import { digestWorld } from '../../src/sim/inspect.js';
import { advance } from '../../src/sim/loop.js';
import type { WorldSpec } from '../../src/sim/spec.js';
import { Trace } from '../../src/sim/trace.js';
import type { World } from '../../src/sim/world.js';
import { swarm } from '../support/swarm.js';

const nothing: Edit = { edit: 'drop', message: '0123456789abcdef' };

/** Ways to look at a run, most of which take the long way, each for another reason. */
const ways: readonly (readonly [string, (spec: WorldSpec) => World])[] = [
  [
    'with an observer',
    (spec) => {
      const world = createWorld(spec);
      world.observer = () => {};
      return world;
    },
  ],
  [
    'with a journal',
    (spec) => {
      const world = createWorld(spec);
      world.journal = { sent: () => {}, arrived: () => {}, logged: () => {} };
      return world;
    },
  ],
  ['in strict mode', (spec) => createWorld({ ...spec, strict: true })],
  ['with edits that find nothing', (spec) => createWorld({ ...spec, edits: [nothing] })],
  [
    'as a fork from half-way',
    (spec) => {
      const world = createWorld(spec);
      advance(world, 5_000);
      return forkWorld(world);
    },
  ],
  [
    'with a trace',
    (spec) => {
      const world = createWorld(spec);
      world.trace = new Trace();
      return world;
    },
  ],
];

/** What remains of a run: its digest, that of the whole world at its end, what properties found. */
function outcome(world: World): string {
  while (advance(world, 997));
  const { digest, events, end } = world;
  world.applied.clear();
  for (const fault of world.faults) fault.touched = Math.min(fault.touched, 1);
  const found = world.watch?.states.map(({ standing, breach, memory }) => {
    return { standing, breach, memory: digestOf(memory) };
  });
  return `${digest} ${events} ${end} ${digestWorld(world)} ${JSON.stringify(found)}`;
}

/** What an observer is told of messages and of nodes' lives, as a journal is told it. */
function observed(spec: WorldSpec): readonly string[] {
  const world = createWorld(spec);
  const told: string[] = [];
  world.observer = ({ atUs, key, happening, effects, crash }) => {
    const log = (text: string) =>
      'node' in happening ? told.push(`${happening.node} ${text}`) : 0;
    if (happening.kind === 'deliver' || happening.kind === 'lost' || happening.kind === 'held') {
      const { kind, message } = happening;
      const outcome = kind === 'lost' ? happening.why : kind === 'held' ? 'held' : '';
      told.push(JSON.stringify([atUs, key, message.src, message.dest, message.body, outcome]));
    }
    if (happening.kind === 'start') log('started');
    for (const row of effects) {
      if (row.effect === 'note') log(row.text);
      if (row.effect !== 'send') continue;
      const { fate, why, copies } = { why: undefined, copies: 0, ...row.fate };
      told.push(JSON.stringify([atUs, row.key, row.dest, row.body, fate, why, copies]));
    }
    if (crash !== undefined) log(`crashed: ${crash}`);
    if (happening.kind !== 'fault' && happening.kind !== 'fault-end') return;
    const { fault } = happening;
    const text = happening.kind === 'fault' ? fault.f : `${fault.f} ends`;
    if ('nodes' in fault) told.push(...fault.nodes.map((node) => `${node} ${text}`));
  };
  while (advance(world, 997));
  return told;
}

function journalled(spec: WorldSpec): readonly string[] {
  const world = createWorld(spec);
  const told: string[] = [];
  world.journal = {
    arrived({ atUs, hi, lo, src, dest, body }, outcome) {
      told.push(JSON.stringify([atUs, hex64(hi, lo), src, dest, body, outcome]));
    },
    sent({ atUs, hi, lo, dest, body }, { outcome, why, copyDelayUs }) {
      const copies = outcome !== 'sent' ? 0 : copyDelayUs >= 0 ? 2 : 1;
      const reason = outcome === 'lost' ? why : undefined;
      told.push(JSON.stringify([atUs, hex64(hi, lo), dest, body, outcome, reason, copies]));
    },
    logged: (node, _atUs, text) => told.push(`${node} ${text}`),
  };
  while (advance(world, 997));
  return told;
}

function specOf(input: ScenarioInput, protocol: AnyProtocol): WorldSpec {
  const spec = resolve(scenarioOf(input), { seed: 'lanes', edits: [], strict: false });
  const { invariant: _, ...quiet } = protocol;
  return { ...spec, protocol: quiet as AnyProtocol };
}

/** The same without faults and on the plainest network: most of its events take the short way. */
const calm = (protocol: AnyProtocol): ScenarioInput => {
  const { faults: _, ...rest } = swarm(protocol, 3);
  return { ...rest, nodes: 5, network: { latency: '20ms' } };
};

/** Everything that a handler can do, in every order; now and then it throws. */
const restless: AnyProtocol = {
  name: 'restless',
  about: 'Does all that can be done, in any order.',
  options: {},
  init: (ctx) => {
    ctx.setTimer({ type: 'wake' }, 1_000 * ctx.random.below(50));
    return { last: 0, count: 0 };
  },
  on: {
    echo: (state, message, ctx) => {
      ctx.reply(message, { type: 'echo_ok', echo: message.body.echo });
      act(state, ctx);
    },
    flat: (state, _, ctx) => act(state, ctx),
    deep: (state, _, ctx) => act(state, ctx),
  },
  timers: {
    wake: (state, _, ctx) => act(state, ctx),
    written: (state, _, ctx) => act(state, ctx),
  },
  properties: [asked('always'), asked('eventually'), asked('sometimes')],
};

/** Remembers each time that it was asked and about which node; the 500th time it has found it. */
function asked(kind: AnyProperty['kind']): AnyProperty {
  const about = 'it was asked 500 times';
  const ask = (cluster: Cluster, node: string | undefined, memory: Asked): boolean => {
    memory.times += 1;
    const status = node && cluster.status(node);
    memory.last = `${memory.last.slice(-200)} ${cluster.nowUs} ${node} ${status}`;
    return memory.times === 500;
  };
  const base = { name: `asked-${kind}`, about, memory: { times: 0, last: '' } };
  if (kind === 'sometimes') return { kind, ...base, reached: ask };
  if (kind === 'always') {
    const broken = (cluster: Cluster, node: string | undefined, memory: Asked) =>
      ask(cluster, node, memory) ? about : undefined;
    return { kind, ...base, broken };
  }
  const missing = (cluster: Cluster) => `it is missing at ${cluster.nowUs}`;
  return { kind, ...base, withinUs: 100_000, observe: ask, missing };
}

interface Asked {
  times: number;
  last: string;
}

// biome-ignore lint/suspicious/noExplicitAny: bodies of any form.
function act(state: { last: number; count: number }, ctx: Context<any>): void {
  state.count++;
  for (let left = ctx.random.below(6); left > 0; left--) {
    const dest = ctx.nodes[ctx.random.below(2)] as string;
    switch (ctx.random.below(9)) {
      case 0:
      case 1:
      case 2:
        if (state.count < 200) ctx.send(dest, { type: 'flat', count: state.count, left });
        break;
      case 3:
        if (state.count < 200) ctx.send(dest, { type: 'deep', at: [ctx.nowUs], self: ctx.self });
        break;
      case 4:
        state.last = ctx.setTimer({ type: 'wake' }, 1_000 + ctx.random.below(100_000));
        break;
      case 5:
        ctx.clearTimer(state.last);
        break;
      case 6:
        ctx.note(`${left}`);
        break;
      case 7:
        ctx.store.write('count', state.count);
        ctx.store.sync({ type: 'written' });
        break;
      default:
        ctx.send('nobody', { type: 'flat', count: 0 });
    }
  }
  if (ctx.random.below(400) === 0) throw new Error('enough');
}

/** Thousands of flat messages, which are packed: among them some are held, cut off and copied. */
const chatter: AnyProtocol = {
  name: 'chatter',
  about: 'Sends on whatever it hears, one number higher.',
  options: {},
  init: (ctx) => {
    for (const dest of ctx.nodes) ctx.send(dest, { type: 'hop', at: 0, from: -1 } as Body);
    return { heard: 0 };
  },
  on: {
    hop: (state, { body }, ctx) => {
      state.heard += body.at;
      ctx.send(ctx.random.pick(ctx.nodes), { type: 'hop', at: body.at + 1, from: ctx.incarnation });
    },
  },
};

describe('packed messages', () => {
  const hold = { at: '1s', for: '300ms', fault: 'partition', components: [['n0']], mode: 'hold' };
  const faults = [hold, { at: '2s', for: '1s', fault: 'crash', nodes: ['n1'] }];
  const rough = { at: '2500ms', for: '200ms', fault: 'duplicate', probability: '10%' };
  const input = { protocol: chatter, nodes: 20, duration: '4s', recovery: '1s' } as ScenarioInput;
  const spec = specOf({ ...input, faults: [...faults, rough] } as ScenarioInput, chatter);

  it.each(ways)('arrive the same %s', (_way, make) => {
    expect(outcome(make(spec))).toBe(outcome(createWorld(spec)));
  });

  it('are told to a journal as to an observer', () => {
    expect(journalled(spec)).toEqual(observed(spec));
  });
});

describe.each([...protocols, ['restless', restless] as const])('%s', (_, protocol) => {
  const inputs = [calm(protocol), ...[0, 1, 2, 3].map((number) => swarm(protocol, number))];
  const specs = inputs.map((input) => specOf(input, protocol));
  const plain = specs.map((spec) => outcome(createWorld(spec)));

  it.each(ways)('runs the same %s', (_way, make) => {
    expect(specs.map((spec) => outcome(make(spec)))).toEqual(plain);
  });

  it('tells a journal what it tells an observer', () => {
    const [, , stormy] = specs as [WorldSpec, WorldSpec, WorldSpec, ...WorldSpec[]];
    expect(journalled(stormy)).toEqual(observed(stormy));
  });
});
