// What a node must not forget, as the fold of its journal: its claims, its seats as a seed, its
// part of home registers, packages. Everything here is changed by records alone, so that a node
// that starts again is what it was when it last spoke.
import type { NodeId } from '../../node/message.js';
import { type Epoch, later, never } from './epoch.js';
import type { Config, Line } from './log.js';
import type { TopoId, TopoSpec } from './spec.js';
import type { TopoRecord } from './topo-record.js';

/** A seed's duty for one topo. */
interface Seat {
  readonly spec: TopoSpec;
  /** In which attempt to find seeds it was asked for; −1: as a replacement. */
  round: number;
  /** The seed set, once it is known that this node is in it. */
  config: Config | undefined;
  promised: Epoch;
  /** In which epoch the log was accepted. */
  accepted: Epoch;
  log: Line[];
}

/** An acceptor's part of a home register. */
interface Slot {
  promised: Epoch;
  accepted: Epoch;
  value: TopoRecord | undefined;
}

export interface Durable {
  /** The configured members, of whom the homes are made: those of the first start. */
  nodes: readonly NodeId[];
  /** r, if it was changed while the node ran. */
  r: number | undefined;
  /** No claim or ballot of this node had a higher counter. */
  counter: number;
  /** The one topo that it owns or tries to; a restart voids it. */
  owned: TopoId | undefined;
  readonly seats: Map<TopoId, Seat>;
  readonly slots: Map<TopoId, Slot>;
  readonly packages: Map<string, string>;
}

export type JournalRecord =
  | { readonly kind: 'born'; readonly nodes: readonly NodeId[] }
  | { readonly kind: 'claim'; readonly topo: TopoId; readonly counter: number }
  | { readonly kind: 'disown'; readonly topo: TopoId }
  | { readonly kind: 'resize'; readonly r: number }
  | { readonly kind: 'ballot'; readonly counter: number }
  | { readonly kind: 'seat'; topo: TopoId; spec: TopoSpec; round: number }
  | { readonly kind: 'confirm'; readonly topo: TopoId; readonly config: Config }
  | { readonly kind: 'unseat'; readonly topo: TopoId }
  | { readonly kind: 'promise'; readonly topo: TopoId; readonly epoch: Epoch }
  | { readonly kind: 'log'; topo: TopoId; epoch: Epoch; from: number; entries: readonly Line[] }
  | { readonly kind: 'slot-promise'; readonly topo: TopoId; readonly ballot: Epoch }
  | { readonly kind: 'slot'; topo: TopoId; ballot: Epoch; value: TopoRecord }
  | { readonly kind: 'package'; readonly hash: string; readonly text: string };

export function emptyDurable(): Durable {
  return {
    nodes: [],
    r: undefined,
    counter: 0,
    owned: undefined,
    seats: new Map(),
    slots: new Map(),
    packages: new Map(),
  };
}

export function remember(durable: Durable, record: JournalRecord): void {
  switch (record.kind) {
    case 'born':
      durable.nodes = record.nodes;
      break;
    case 'claim':
      durable.owned = record.topo;
      durable.counter = Math.max(durable.counter, record.counter);
      break;
    case 'disown':
      if (durable.owned === record.topo) durable.owned = undefined;
      break;
    case 'resize':
      durable.r = record.r;
      break;
    case 'ballot':
      durable.counter = Math.max(durable.counter, record.counter);
      break;
    case 'package':
      durable.packages.set(record.hash, record.text);
      break;
    case 'slot-promise':
    case 'slot':
      rememberSlot(durable, record);
      break;
    default:
      rememberSeat(durable, record);
  }
}

type SlotRecord = Extract<JournalRecord, { kind: 'slot' | 'slot-promise' }>;

function rememberSlot({ slots }: Durable, record: SlotRecord): void {
  const slot = slots.get(record.topo) ?? { promised: never, accepted: never, value: undefined };
  slots.set(record.topo, slot);
  slot.promised = later(slot.promised, record.ballot);
  if (record.kind === 'slot-promise') return;
  slot.accepted = record.ballot;
  slot.value = record.value;
}

type SeatRecord = Extract<
  JournalRecord,
  { kind: 'seat' | 'confirm' | 'unseat' | 'promise' | 'log' }
>;

function rememberSeat({ seats }: Durable, record: SeatRecord): void {
  const { topo } = record;
  if (record.kind === 'unseat') {
    seats.delete(topo);
    return;
  }
  const seat = seats.get(topo);
  if (record.kind === 'seat') {
    if (seat !== undefined) seat.round = record.round;
    else seats.set(topo, freshSeat(record.spec, record.round));
    return;
  }
  if (seat === undefined) return;
  if (record.kind === 'confirm') {
    seat.config = record.config;
  } else if (record.kind === 'promise') {
    seat.promised = later(seat.promised, record.epoch);
  } else {
    seat.promised = later(seat.promised, record.epoch);
    seat.accepted = record.epoch;
    seat.log.splice(record.from, seat.log.length, ...record.entries);
  }
}

function freshSeat(spec: TopoSpec, round: number): Seat {
  return { spec, round, config: undefined, promised: never, accepted: never, log: [] };
}
