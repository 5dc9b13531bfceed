// `npm run bench`: how fast the engine is, each figure as a multiple of a bare typed-array binary
// heap measured in the same run. `npm run bench -- --long` adds 50 million deliveries.

import { tune } from '../../src/files/tune.js';
import { advance, createWorld, Trace, type World, type WorldSpec } from '../../src/index.js';
import { EventQueue } from '../../src/kernel/queue.js';
import type { Latency } from '../../src/network/spec.js';
import type { AnyProtocol } from '../../src/node/protocol.js';
import { Xorshift } from './bare-heap.js';
import { type Figure, measure, nsOf } from './measure.js';
import { startUp } from './start-up.js';
import { gridFlood, pingStorm, tickers } from './storms.js';

const milliseconds = (from: number, to: number): Latency => ({
  shape: 'uniform',
  minUs: from * 1_000,
  maxUs: to * 1_000,
});
const hundred: Latency = { shape: 'constant', us: 100_000 };

function specOf(protocol: AnyProtocol, nodes: number, latency: Latency): WorldSpec {
  return {
    seed: 'bench',
    protocol,
    options: protocol.options,
    nodes: Array.from({ length: nodes }, (_, i) => `n${i}`),
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

/** A world that has run a little, and then runs `events` at every call. */
function running(spec: WorldSpec, events: number, traced: boolean): () => number {
  const world = createWorld(spec);
  advance(world, 5 * spec.nodes.length);
  return () => {
    if (traced) world.trace = new Trace();
    advance(world, events);
    return events;
  };
}

/** Fresh worlds of the flood, a few thousand values each, as long as anybody lets one run. */
function flooding(events: number): () => number {
  return () => {
    let done = 0;
    while (done < events) {
      const world: World = createWorld(specOf(gridFlood, 25, hundred));
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

function show({ name, ns, multiple }: Figure, goal: string): void {
  const columns = [name.padEnd(44), `${ns.toFixed(0)} ns`.padStart(9), `${multiple.toFixed(2)}×`];
  print(`${columns.join('  ')}  ${goal}`);
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}

function speeds(): void {
  const ping = (nodes: number): WorldSpec => specOf(pingStorm, nodes, milliseconds(1, 10));
  const million = 1_000_000;
  show(measure('queue alone, 4,000 waiting', 7, queueAlone(1_000, million)), 'goal 2.5×');
  show(measure('W1 ping storm, 1,000 nodes', 7, running(ping(1_000), million, false)), 'goal 1.0×');
  show(measure('W1 with trace', 7, running(ping(1_000), million, true)), 'goal 0.6×');
  const beat = specOf(tickers, 1_000, hundred);
  show(measure('W2 timers, with trace', 7, running(beat, million, true)), 'goal 0.5×');
  show(measure('W3 flood on a grid of 25, with trace', 7, flooding(million)), 'goal 0.55×');
}

function growth(): void {
  print('\ncost per delivery against 10 nodes');
  const at = (nodes: number): (() => number) =>
    running(specOf(pingStorm, nodes, milliseconds(1, 10)), 1_000_000, false);
  const small = at(10);
  for (const [nodes, goal] of [
    [100, ''],
    [1_000, 'goal ≤ 1.5×'],
    [10_000, ''],
    [100_000, 'goal ≤ 6×'],
  ] as const) {
    const large = at(nodes);
    large();
    const ratios = Array.from({ length: 5 }, () => nsOf(large) / nsOf(small));
    const ratio = ratios.toSorted((a, b) => a - b)[2] as number;
    print(`${String(nodes).padStart(9)} nodes  ${ratio.toFixed(2)}×  ${goal}`);
  }
}

function long(): void {
  print('\n50 million deliveries in one run, 1,000 nodes, trace on');
  const world = createWorld(specOf(pingStorm, 1_000, milliseconds(1, 10)));
  world.trace = new Trace();
  const ns = nsOf(() => {
    advance(world, 50_000_000);
    return world.events;
  });
  const mebibytes = process.resourceUsage().maxRSS / 1_024;
  const perEvent = world.trace.bytes / world.trace.length;
  print(`${ns.toFixed(0)} ns a delivery, peak ${mebibytes.toFixed(0)} MiB (goal < 3,000)`);
  print(`${perEvent.toFixed(1)} bytes an event in memory (goal ≤ 24)`);
}

tune();
speeds();
growth();
if (process.argv.includes('--long')) long();
startUp(print);
