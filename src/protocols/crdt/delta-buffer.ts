// A replica's deltas in the order in which it made or heard them, and how far each other replica
// has acknowledged them. What goes to another replica is an interval that begins where its last
// acknowledgement ended, so it never joins a delta whose predecessors it lacks; if the buffer does
// not reach back so far, the whole state goes. Almeida, Shoker & Baquero 2018, algorithm 2; there
// replicas keep state and numbers for good, here they say when they have forgotten them.
import type { Body, NodeId } from '../../node/message.js';
import type { Context } from '../../node/protocol.js';
import type { AnyCrdt } from './types.js';

/** States by type. */
export type States = readonly (readonly [crdt: string, state: unknown])[];

export interface Deltas extends Body {
  readonly type: 'deltas';
  readonly states: States;
  /** The number of the last delta of the interval. */
  readonly upTo: number;
  /** The lives of sender and receiver: who has lost its memory has acknowledged nothing. */
  readonly lives: readonly [sender: number, receiver: number];
  /** Everything, not an interval. */
  readonly whole: boolean;
}

export interface DeltasOk extends Body {
  readonly type: 'deltas_ok';
  /** −1: the interval did not fit; send everything. */
  readonly upTo: number;
  readonly lives: readonly [sender: number, receiver: number];
}

export interface Buffer {
  /** The number of the first delta in `deltas`. */
  first: number;
  readonly deltas: (readonly [crdt: string, delta: unknown])[];
  readonly acked: Map<NodeId, { upTo: number; life: number }>;
}

/** More are not kept. */
const deltasMax = 64;

type Ctx = Pick<Context, 'incarnation'>;

export const emptyBuffer = (): Buffer => ({ first: 0, deltas: [], acked: new Map() });

/** Adds deltas that changed this replica. */
export function keep(buffer: Buffer, deltas: States): void {
  buffer.deltas.push(...deltas);
  const excess = buffer.deltas.length - deltasMax;
  if (excess <= 0) return;
  buffer.deltas.splice(0, excess);
  buffer.first += excess;
}

/** What `partner` has not acknowledged; `undefined`: nothing. */
export function owed(
  { first, deltas, acked }: Buffer,
  partner: NodeId,
  states: States,
  crdts: ReadonlyMap<string, AnyCrdt>,
  { incarnation }: Ctx,
): Deltas | undefined {
  const { upTo: known, life } = acked.get(partner) ?? { upTo: -1, life: 0 };
  const upTo = first + deltas.length - 1;
  // Whoever has crashed and has nothing to say says so: nobody owes it anything, for all they know.
  const isNews = incarnation > 1 && !acked.has(partner);
  if (known >= upTo && !isNews) return undefined;
  const whole = known < first;
  const interval = whole ? states : joined(deltas.slice(known + 1 - first), crdts);
  return { type: 'deltas', states: interval, upTo, lives: [incarnation, life], whole };
}

/** Deltas of one type travel as one. */
function joined(deltas: States, crdts: ReadonlyMap<string, AnyCrdt>): States {
  const byType = new Map<string, unknown>();
  for (const [type, delta] of deltas) {
    const before = byType.get(type);
    byType.set(type, before === undefined ? delta : crdts.get(type)?.join(before, delta));
  }
  return [...byType];
}

/** The answer to an interval; one with −1 is not to be joined. */
export function receive({ upTo, lives, whole }: Deltas, { incarnation }: Ctx): DeltasOk {
  const [sender, receiver] = lives;
  const fits = whole || receiver === incarnation;
  return { type: 'deltas_ok', upTo: fits ? upTo : -1, lives: [sender, incarnation] };
}

/** Whoever is in a later life than that of its acknowledgements has forgotten what they were of. */
export function heard({ acked }: Buffer, partner: NodeId, { lives: [life] }: Deltas): void {
  const known = acked.get(partner);
  if (known !== undefined && known.life < life) acked.set(partner, { upTo: -1, life });
}

/** An acknowledgement counts for the life in which the interval was sent. */
export function acknowledged(
  { acked }: Buffer,
  partner: NodeId,
  { upTo, lives }: DeltasOk,
  { incarnation }: Ctx,
): void {
  const [sender, receiver] = lives;
  if (sender !== incarnation) return;
  const known = acked.get(partner);
  const anew = known === undefined || known.life < receiver || upTo < 0;
  if (anew || upTo > known.upTo) acked.set(partner, { upTo, life: receiver });
}

/** Takes what was sent for received. */
export function assume({ acked }: Buffer, partner: NodeId, { upTo, lives }: Deltas): void {
  acked.set(partner, { upTo, life: lives[1] });
}
