// Small worlds for tests of the simulator: protocols that are written in the test, nodes that do
// what a list of acts says, and a log of what they noted.
import type { Plain } from '../../src/kernel/plain.js';
import type { Fault, Milestone, PlannedFault } from '../../src/nemesis/fault.js';
import type { Body, Message } from '../../src/node/message.js';
import type { AnyProtocol, Context } from '../../src/node/protocol.js';
import { createWorld } from '../../src/sim/create.js';
import { advance } from '../../src/sim/loop.js';
import { type RunResult, resultOf } from '../../src/sim/result.js';
import type { ClientSpec, WorldSpec } from '../../src/sim/spec.js';
import type { EffectRow, Step } from '../../src/sim/step.js';
import type { World } from '../../src/sim/world.js';
import type { Workload } from '../../src/workloads/workload.js';
import { plainSpec } from './routes.js';

export const second = 1_000_000;

/** A fault at a time, for a while or until the main phase ends. */
export type FaultAt = readonly [atUs: number, fault: Fault, forUs?: number];

/** What makes a world differ from one with two nodes on a quiet network of 10 ms. */
export interface Setting extends Omit<Partial<WorldSpec>, 'protocol' | 'faults' | 'network'> {
  readonly protocol?: Partial<AnyProtocol>;
  /** Called `f0`, `f1` … */
  readonly faults?: readonly FaultAt[];
  readonly network?: Partial<WorldSpec['network']>;
}

/** A protocol with what tests do not care about filled in. */
export function tiny(parts: Partial<AnyProtocol>): AnyProtocol {
  return {
    name: 'tiny',
    about: 'Does what a test needs.',
    options: {},
    init: () => ({}),
    on: {},
    ...parts,
  };
}

export function specOf({ protocol = {}, faults = [], network, ...rest }: Setting): WorldSpec {
  return {
    seed: '1',
    protocol: tiny(protocol),
    options: {},
    nodes: ['n0', 'n1'],
    services: [],
    properties: [],
    clients: undefined,
    network: { ...plainSpec, ...network },
    disk: { syncUs: 1_000 },
    faults: faults.map(planned),
    milestones: [],
    edits: [],
    durationUs: 10 * second,
    recoveryUs: second,
    limits: { eventsMax: 100_000, pendingMax: 10_000 },
    strict: false,
    ...rest,
  };
}

function planned([atUs, fault, forUs]: FaultAt, index: number): PlannedFault {
  return { id: `f${index}`, atUs, fault, forUs };
}

/** A milestone of fault `m0`, strikes once, at the node where it is reached. */
export function milestone(
  parts: Pick<Milestone, 'when' | 'fault'> & Partial<Milestone>,
): Milestone {
  return { id: 'm0', node: undefined, count: 1, afterUs: 0, forUs: undefined, ...parts };
}

/** A run that is over and all that could be seen of it. */
export interface Watched {
  readonly world: World;
  readonly steps: readonly Step[];
  readonly result: RunResult;
  /** `10000 n0 text`: what nodes noted, with the virtual time. */
  readonly notes: readonly string[];
}

/** Runs a world to its end and watches it. */
export function watch(setting: Setting): Watched {
  const world = createWorld(specOf(setting));
  const steps: Step[] = [];
  world.observer = (step) => steps.push(step);
  while (advance(world, 1_000));
  return { world, steps, result: resultOf(world), notes: steps.flatMap(notesOf) };
}

/** The digest of a run that nobody watches. */
export function digestOfRun(setting: Setting): string {
  const world = createWorld(specOf(setting));
  while (advance(world, 1_000));
  return resultOf(world).digest;
}

function notesOf({ atUs, happening, effects }: Step): string[] {
  const node = 'node' in happening ? happening.node : '';
  return effects.flatMap((row) => (row.effect === 'note' ? [`${atUs} ${node} ${row.text}`] : []));
}

/** Something that a node does at a time of its own. */
export type Act = readonly [
  atUs: number,
  node: string,
  act: (ctx: Context<Body & Record<string, Plain>>, state: Record<string, unknown>) => void,
];

const types = ['a', 'b', 'c', 'd', 'e'] as const;

/**
 * A protocol whose nodes do what they are told, once in their first life, and note every message
 * of type `a` … `e` that they get, as `a n0`, with its `n` if it has one.
 */
export function acting(acts: readonly Act[], parts: Partial<AnyProtocol> = {}): AnyProtocol {
  const note = (_: unknown, { src, body }: Message, ctx: Context): void => {
    const { n } = body as Body & { n?: number };
    ctx.note(`${body.type} ${src}${n === undefined ? '' : ` ${n}`}`);
  };
  return tiny({
    init(ctx) {
      if (ctx.incarnation > 1) return {};
      for (const [nth, [atUs, node]] of acts.entries()) {
        if (node === ctx.self) ctx.setTimer({ type: 'act', nth } as never, atUs);
      }
      return {};
    },
    ...parts,
    on: { ...Object.fromEntries(types.map((type) => [type, note])), ...parts.on },
    timers: {
      act: (state, { nth }: { nth: number }, ctx) => acts[nth]?.[2](ctx as never, state),
      ...parts.timers,
    },
  });
}

/** The effects of one kind, with the event that had them. */
export function effectsOf<K extends EffectRow['effect']>(
  steps: readonly Step[],
  kind: K,
): (Extract<EffectRow, { effect: K }> & { readonly step: Step })[] {
  return steps.flatMap((step) =>
    step.effects.flatMap((row) =>
      row.effect === kind ? [{ ...(row as Extract<EffectRow, { effect: K }>), step }] : [],
    ),
  );
}

/** Whether each planned fault changed anything, in their order. */
export function effectiveness({ result }: Watched): boolean[] {
  return result.faults.map(({ effective }) => effective);
}

/** Clients that ask for operations as a list says, each at its node, one a tenth of a second. */
export function clientsOf(
  workload: Partial<Workload>,
  spec: Partial<Omit<ClientSpec, 'workload'>> = {},
): ClientSpec {
  return {
    workload: {
      name: 'tiny',
      about: 'Asks what a test needs.',
      options: {},
      generator: {
        init: 0,
        next: (state) => ({ op: { f: 'ask', value: state }, state: Number(state) + 1 }),
      },
      request: ({ value }) => ({ type: 'ask', value }) as Body,
      complete: (_, reply) => ({ type: 'ok', value: (reply as Body & { value?: Plain }).value }),
      idempotent: [],
      checkers: [],
      ...workload,
    },
    script: undefined,
    options: {},
    ratePerSecond: 10,
    concurrency: 1,
    timeoutUs: second,
    ...spec,
  };
}
