// The figures of the bench: the queue alone, the three storms, growth with the number of nodes, and
// one long run.
import { advance, createWorld, Trace, type WorldSpec } from '../../src/index.js';
import { EventQueue } from '../../src/kernel/queue.js';
import type { Latency } from '../../src/network/spec.js';
import type { AnyProtocol } from '../../src/node/protocol.js';
import { Xorshift } from './bare-heap.js';
import { measure, nsOf } from './measure.js';
import { gridFlood, pingStorm, tickers } from './storms.js';

type Print = (line: string) => void;

const million = 1_000_000;
const oneToTen: Latency = { shape: 'uniform', minUs: 1_000, maxUs: 10_000 };
const hundred: Latency = { shape: 'constant', us: 100_000 };
const ping = (nodes: number): WorldSpec => specOf(pingStorm, nodes, oneToTen);

/** What is measured beside the yardstick, by name. */
export function figures(print: Print): readonly (readonly [string, () => void])[] {
  const figure = (name: string, about: string, goal: string, work: () => () => number) =>
    [name, () => show(print, about, goal, work())] as const;
  return [
    figure('queue', 'queue alone, 4,000 waiting', '2.5×', () => queueAlone(1_000, million)),
    figure('w1', 'W1 ping storm, 1,000 nodes', '1.0×', () => running(ping(1_000), false)),
    figure('w1-trace', 'W1 with trace', '0.6×', () => running(ping(1_000), true)),
    figure('w2', 'W2 timers, 1,000 nodes, with trace', '0.5×', () =>
      running(specOf(tickers, 1_000, hundred), true),
    ),
    figure('w3', 'W3 flood on a grid of 25, with trace', '0.55×', () => flooding(million)),
  ];
}

function show(print: Print, about: string, goal: string, work: () => number): void {
  const { ns, multiple } = measure(9, work);
  const columns = [about.padEnd(44), `${ns.toFixed(0)} ns`.padStart(8), `${multiple.toFixed(2)}×`];
  print(`${columns.join('  ')}  goal ${goal}`);
}

/** What a delivery costs with more and more nodes, against ten. */
export function growth(print: Print): void {
  print('\ncost per delivery against 10 nodes');
  const small = running(ping(10), false);
  for (const [nodes, goal] of [
    [100, ''],
    [1_000, 'goal ≤ 1.5×'],
    [10_000, ''],
    [100_000, 'goal ≤ 6×'],
  ] as const) {
    const large = running(ping(nodes), false);
    large();
    const ratios = Array.from({ length: 5 }, () => nsOf(large) / nsOf(small));
    const ratio = ratios.toSorted((a, b) => a - b)[2] as number;
    print(`${String(nodes).padStart(9)} nodes  ${ratio.toFixed(2)}×  ${goal}`);
  }
}

/** Fifty million deliveries in one run. */
export function long(print: Print): void {
  print('\n50 million deliveries in one run, 1,000 nodes, trace on');
  const world = createWorld(ping(1_000));
  world.trace = new Trace();
  const ns = nsOf(() => {
    advance(world, 50 * million);
    return world.events;
  });
  const mebibytes = process.resourceUsage().maxRSS / 1_024;
  const perEvent = world.trace.bytes / world.trace.length;
  print(`${ns.toFixed(0)} ns a delivery, peak ${mebibytes.toFixed(0)} MiB (goal < 3,000)`);
  print(`${perEvent.toFixed(1)} bytes an event in memory (goal ≤ 24)`);
}

/** A world of one protocol on a quiet network, without clients. */
export function specOf(protocol: AnyProtocol, nodes: number, latency: Latency): WorldSpec {
  return {
    seed: 'bench',
    protocol,
    options: protocol.options,
    nodes: Array.from({ length: nodes }, (_, i) => `n${i}`),
    services: [],
    properties: [],
    clients: undefined,
    network: {
      latency,
      links: [],
      lossPpm: 0,
      duplicatePpm: 0,
      reorderPpm: 0,
      reorderWindowUs: 0,
      bytesPerSecond: undefined,
      transport: 'datagram',
      clients: 'instant',
    },
    disk: { syncUs: 1_000 },
    faults: [],
    milestones: [],
    edits: [],
    durationUs: 2 ** 45,
    recoveryUs: 0,
    limits: { eventsMax: 2 ** 40, pendingMax: 2 ** 22 },
    strict: false,
  };
}

/** A world that has run a little, and then runs a million events at every call. */
function running(spec: WorldSpec, traced: boolean): () => number {
  const world = createWorld(spec);
  advance(world, 5 * spec.nodes.length);
  return () => {
    if (traced) world.trace = new Trace();
    advance(world, million);
    return million;
  };
}

/**
 * Fresh worlds of the flood, a few thousand values each. There is always one: V8 throws compiled
 * code away whose objects have all died when the bench collects garbage between rounds.
 */
function flooding(events: number): () => number {
  const spec = specOf(gridFlood, 25, hundred);
  let world = createWorld(spec);
  return () => {
    let done = 0;
    while (done < events) {
      world = createWorld(spec);
      world.trace = new Trace();
      advance(world, 200_000);
      done += world.events;
    }
    return done;
  };
}

/** The ping storm on the queue alone: no nodes, no messages. */
function queueAlone(nodes: number, events: number): () => number {
  const queue = new EventQueue();
  const random = new Xorshift();
  const push = (): void => {
    const atUs = queue.nowUs + 1_000 + random.below(9_001);
    queue.add(atUs, 1, random.below(nodes), 0, 0, 0, 0, undefined);
  };
  for (let i = 0; i < 4 * nodes; i++) push();
  return () => {
    for (let i = 0; i < events; i++) {
      queue.release(queue.take());
      push();
    }
    return events;
  };
}
