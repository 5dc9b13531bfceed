// A building block: the state of a node that works off records one by one, and its options. A task
// is a processor of the topology. Plain data only.
import type { Micros } from '../../../kernel/time.js';
import type { Body, NodeId } from '../../../node/message.js';
import type { Context, OptionProblem } from '../../../node/protocol.js';
import { type Asks, askDefaults } from '../../leaning/asks.js';
import { type Session, sessionDefaults } from '../../leaning/session.js';
import { type ClientBodies, type Gate, gatewayDefaults } from '../gateway.js';
import type { OwnAim } from '../owning.js';
import { topologies, topologyOf } from '../topology/named.js';
import { flawOf, type Plan } from '../topology/plan.js';

/** A record on its way to a task. Its id is partition, offset and branch, whoever makes it. */
export interface Production extends Body {
  readonly type: 'production';
  readonly from: number;
  readonly to: number;
  /** Rises, for productions of `from`, whichever node has it. */
  readonly n: number;
  /** All of `from` below this number have been acknowledged, and are never sent again. */
  readonly floor: number;
  readonly p: number;
  readonly o: number;
  readonly fan: number;
  readonly key: string;
  readonly value: number;
}

/** It is applied, and on disk. */
export interface Produced extends Body {
  readonly type: 'produced';
  readonly from: number;
  readonly to: number;
  readonly n: number;
}

/** An id that was applied, by whom it was sent under which number, and when. */
export type Seen = readonly [id: string, from: number, n: number, atUs: Micros];

/** What is written at once for a key: state, ids and productions. */
export interface Row {
  readonly value: number | undefined;
  readonly seen: readonly Seen[];
  /** By sender: whatever has a lower number was applied, if it was ever sent. */
  readonly floors: ReadonlyMap<number, number>;
  readonly out: readonly Production[];
}

/** A key that a task has to do with. */
export interface Cell {
  row: Row;
  /** What is being written, and what it makes of it. */
  draft: { readonly row: Row; readonly of: readonly Production[] } | undefined;
  waiting: Production[];
}

/** Productions of a record that are sent before anything is written. */
interface Weak {
  readonly of: Production;
  readonly left: Set<number>;
}

export interface Task {
  readonly id: number;
  readonly epoch: number;
  ready: boolean;
  readonly cells: Map<string, Cell>;
  /** By number what is not acknowledged; what is in a draft is not sent yet. */
  readonly out: Map<number, { readonly production: Production; sentUs: Micros | undefined }>;
  n: number;
  puts: number;
  readonly weak: Map<string, Weak>;
  /** Spouts: what was read, how far, and up to where all is acknowledged on disk. */
  buffer: string[];
  next: number;
  noted: number;
  busy: boolean;
  /** Sinks: what is to be shown. */
  shows: Production[];
  emitted: number;
}

interface OfTask {
  readonly task: number;
  readonly epoch: number;
}

export type Aim =
  | Gate
  | OwnAim
  | (OfTask & { readonly do: 'rows' })
  | (OfTask & { readonly do: 'fetch' | 'note' })
  | (OfTask & { readonly do: 'show'; readonly count: number })
  | (OfTask & { readonly do: 'row'; readonly key: string });

export interface MillState {
  readonly asks: Asks<Aim>;
  readonly session: Session<Aim>;
  readonly plan: Plan;
  readonly tasks: Map<number, Task>;
  /** By task the node that owned it when anybody last looked. */
  readonly places: Map<number, NodeId>;
}

export const millDefaults = {
  ...{ ...gatewayDefaults, ...sessionDefaults, ...askDefaults },
  /** A list of vertices, or the name of a topology. */
  topology: topologies.get('word-count') as unknown,
  partitions: 2,
  /** strong: written before it is sent. weak: vertices without a state write nothing. */
  productions: 'strong',
  tickUs: 20_000,
  resendUs: 200_000,
  windowMax: 64,
  fetchMax: 50,
  /** With `gc-by-clock`: how long an id is remembered. */
  memoryUs: 500_000,
  /** dedup-in-memory: ids are not written. gc-by-clock: they are forgotten after `memory`. */
  defects: '',
};

export type MillOptions = typeof millDefaults;
export type MillBodies = ClientBodies | Production | Produced;
export type MillCtx = Context<MillBodies | Body, never, MillOptions>;

const defectNames = ['dedup-in-memory', 'gc-by-clock'];

export function millProblem(options: MillOptions): OptionProblem | undefined {
  const { topology, partitions, productions, defects, windowMax } = options;
  for (const [option, value] of Object.entries({ partitions, windowMax })) {
    if (value < 1) return { option, expected: 'at least 1' };
  }
  const kinds = ['strong', 'weak'];
  if (!kinds.includes(productions)) {
    return { option: 'productions', expected: kinds.join(' or '), names: kinds };
  }
  if (defects !== '' && !defectNames.includes(defects)) {
    return { option: 'defects', expected: defectNames.join(' or '), names: defectNames };
  }
  const flaw = flawOf(topologyOf(topology), { partitions, lawful: true, ids: true });
  return flaw === undefined ? undefined : { option: 'topology', expected: flaw };
}

export function freshTask(id: number, epoch: number): Task {
  return {
    id,
    ...{ epoch, ready: false, cells: new Map(), out: new Map() },
    // No epoch makes so many productions.
    ...{ n: epoch * 1_000_000, puts: 0, weak: new Map() },
    ...{ buffer: [], next: 0, noted: 0, busy: false, shows: [], emitted: 0 },
  };
}
