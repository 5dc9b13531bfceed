// Making worlds: from a specification, or from another world by forking it.
import { Digest } from '../kernel/digest.js';
import { Isolator } from '../kernel/isolate.js';
import { Key, keyOf } from '../kernel/key.js';
import { clone, cloner, deepFreeze } from '../kernel/plain.js';
import { EventQueue } from '../kernel/queue.js';
import { KeyedRandom } from '../kernel/random.js';
import { createNetwork } from '../network/network.js';
import { careful } from './careful.js';
import { createWorkers, scheduleNextOp } from './clients.js';
import { WorldCluster } from './cluster.js';
import { NodeContext } from './context.js';
import { Doubles } from './double.js';
import { indexEdits } from './edit-index.js';
import { AtOnce, Effects } from './effects.js';
import { administrator, scheduleStart } from './lifecycle.js';
import { LinkKeys } from './link-keys.js';
import { numberOf } from './links.js';
import { planOps } from './op-plan.js';
import { addClient, addNode } from './parties.js';
import { type Program, programOf } from './program.js';
import { Roster } from './roster.js';
import { kinds } from './schedule.js';
import type { WorldSpec } from './spec.js';
import { TimerTable } from './timer-table.js';
import { createWatch, forkWatch } from './watch.js';
import {
  type Door,
  faultState,
  type NodeState,
  type Party,
  type Scratch,
  type World,
} from './world.js';

/** A world before its first event: everybody is about to start. O(nodes + operations). */
export function createWorld(given: WorldSpec): World {
  const spec = guarded(given);
  const parties: Party[] = [];
  const partyOf = new Map<string, number>();
  const roster = new Roster();
  const nodes = spec.nodes.map((name) => addNode({ parties, partyOf, roster }, name));
  addClient({ parties, partyOf, roster }, administrator, -1);
  const services = spec.services.map(({ name }, place) =>
    addNode({ parties, partyOf, roster }, name, 1 + place),
  );
  const programs = programsOf(spec);
  const zero = () => ({ sent: 0, delivered: 0, dropped: 0, duplicated: 0 });
  const world: World = connected({
    spec,
    programs,
    invariants: programs.some(({ protocol }) => protocol.invariant !== undefined),
    linkKeys: programs[0]?.protocol.hosted?.keyedByLink ? new LinkKeys(spec.seed) : undefined,
    edits: indexEdits(spec.edits),
    queue: new EventQueue(),
    parties,
    partyOf,
    roster,
    members: Object.freeze(nodes.map(({ index }) => roster.names[index] as string)),
    network: createNetwork(spec.network, (name) => numberOf({ partyOf }, name)),
    timers: new TimerTable(),
    ...{ heldMessages: [], awaiting: new Map() },
    faults: spec.faults.map(({ id, fault, forUs }) => faultState(id, fault, forUs)),
    milestones: spec.milestones.map(() => ({ count: 0, reachedUs: undefined })),
    workers: createWorkers(spec.clients),
    plan: planOps(spec.clients, spec.seed, spec.durationUs),
    generatorState: clone(spec.clients?.workload.generator.init),
    generatorDone: false,
    opNext: 0,
    phase: 'main',
    end: undefined,
    events: 0,
    digest: new Digest(),
    history: [],
    crashes: [],
    counts: { clients: zero(), servers: zero() },
    unhandled: new Map(),
    watch: createWatch(spec, programs),
    applied: new Set(),
    trace: undefined,
    ...{ observer: undefined, journal: undefined },
    scratch: createScratch(parties.length),
  });
  scheduleRoots(world, [...services, ...nodes]);
  return world;
}

/**
 * An independent world in the same instant: what happens in one is not seen in the other, and both
 * would go on in the same way. States are cloned; the trace and the observer stay behind. Throws
 * when nodes are hosted programs, which cannot be cloned.
 */
export function forkWorld(world: World): World {
  const { spec, programs, edits, plan, network, parties } = world;
  const { immutables } = world.scratch;
  if (programs.some(({ protocol }) => protocol.hosted !== undefined)) {
    throw new TypeError('a world of hosted programs cannot be forked: run it again instead');
  }
  // One memory for all: a timer's payload may be part of its node's state.
  const clone = cloner(immutables);
  const nodes = parties.map(({ node }) => (node === undefined ? undefined : clone(node)));
  return connected({
    ...world,
    spec,
    programs,
    edits,
    plan,
    queue: world.queue.clone(clone),
    parties: parties.map((party, i) => ({ ...party, node: nodes[i] })),
    partyOf: new Map(world.partyOf),
    roster: world.roster.clone(clone),
    network: {
      ...network,
      connections: clone(network.connections),
      busyUntilUs: new Map(network.busyUntilUs),
      decision: clone(network.decision),
    },
    timers: world.timers.clone(),
    heldMessages: clone(world.heldMessages),
    awaiting: clone(world.awaiting),
    faults: clone(world.faults),
    milestones: clone(world.milestones),
    workers: clone(world.workers),
    generatorState: clone(world.generatorState),
    digest: Object.assign(new Digest(), { hi: world.digest.hi, lo: world.digest.lo }),
    history: [...world.history],
    crashes: [...world.crashes],
    counts: clone(world.counts),
    unhandled: new Map(world.unhandled),
    watch: forkWatch(world.watch, clone),
    applied: new Set(world.applied),
    trace: undefined,
    ...{ observer: undefined, journal: undefined },
    scratch: createScratch(parties.length, immutables),
  });
}

/** What the members run, and then what each service does. */
function programsOf(spec: WorldSpec): readonly Program[] {
  const services = spec.services.map(({ name }) => name);
  return [spec, ...spec.services].map(({ protocol, options }) =>
    programOf(protocol, options, services),
  );
}

/** With options of its own that nobody can change: handlers and generators see them. */
function guarded(given: WorldSpec): WorldSpec {
  const frozen = <T extends object>(options: T): T => deepFreeze(clone(options));
  const services = given.services.map((service) => ({
    ...service,
    options: frozen(service.options),
  }));
  const spec = { ...given, services, options: frozen(given.options) };
  const { clients } = spec;
  if (clients === undefined) return spec;
  const workload = careful(clients.workload);
  return { ...spec, clients: { ...clients, workload, options: frozen(clients.options) } };
}

/** Completes a world with what points back to it. */
function connected(world: Omit<World, 'cluster' | 'context'>): World {
  const whole = world as { -readonly [K in keyof World]: World[K] };
  whole.context = new NodeContext(whole) as unknown as Door;
  whole.cluster = new WorldCluster(whole);
  return whole;
}

function createScratch(parties: number, immutables = new WeakSet<object>()): Scratch {
  const body = { type: '' };
  return {
    atOnce: new AtOnce(),
    effects: new Effects(),
    isolator: new Isolator(),
    random: new KeyedRandom(),
    key: new Key(),
    immutables,
    doubles: new Doubles(immutables),
    passage: {
      source: 0,
      target: 0,
      body,
      nowUs: 0,
      hi: 0,
      lo: 0,
      forced: undefined,
    },
    envelope: { source: 0, target: 0, body, hi: 0, lo: 0, cause: -1 },
    stamp: 0,
    stamps: new Int32Array(parties),
    sent: new Int32Array(parties),
    hi: 0,
    lo: 0,
    breaks: { event: -1, pairs: new Set() },
    rows: [],
    outcome: '',
    crash: undefined,
  };
}

/** What happens of itself: starts, set-up, phases, planned faults, the first operation. */
function scheduleRoots(world: World, nodes: readonly NodeState[]): void {
  const { spec } = world;
  for (const node of nodes) scheduleStart(world, node, -1);
  for (const [number, { id, atUs }] of spec.faults.entries()) {
    const { hi, lo } = keyOf(spec.seed, 'fault', id);
    world.queue.add(atUs, kinds.fault, number, 0, hi, lo, -1, undefined);
  }
  for (const [i, atUs] of [spec.durationUs, spec.durationUs + spec.recoveryUs].entries()) {
    const { hi, lo } = keyOf(spec.seed, 'phase', i);
    world.queue.add(atUs, kinds.phase, i, 0, hi, lo, -1, undefined);
  }
  scheduleNextOp(world);
}
