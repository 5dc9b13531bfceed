// Causal broadcast: effects by the replicas that made them, each with what its maker had seen; one
// is delivered once all that it depends on is. Replicas ask each other for what they lack. Birman,
// Schiper & Stephenson 1991; the vector is of operations here, not of messages.
import type { Body, NodeId } from '../../node/message.js';
import type { Context } from '../../node/protocol.js';

interface Recorded {
  readonly type: string;
  readonly effect: unknown;
}

interface Entry extends Recorded {
  /** How many effects of each replica its maker had seen. */
  readonly after: readonly (readonly [actor: string, count: number])[];
}

/** Effects of one replica, the first of them with this number. */
interface Run {
  readonly actor: string;
  readonly from: number;
  readonly entries: readonly Entry[];
}

export interface Have extends Body {
  readonly type: 'have';
  readonly counts: readonly (readonly [actor: string, count: number])[];
}

export interface Effects extends Body {
  readonly type: 'effects';
  readonly runs: readonly Run[];
}

/** Delivered effects of each replica. */
export type Log = Map<string, Entry[]>;

export const emptyLog = (): Log => new Map();

const countsOf = (log: Log) => [...log].map(([actor, entries]) => [actor, entries.length] as const);

export const haveOf = (log: Log): Have => ({ type: 'have', counts: countsOf(log) });

/** Adds an effect of this replica's own. */
export function record(log: Log, actor: string, recorded: Recorded): void {
  const entry = { ...recorded, after: countsOf(log) };
  log.set(actor, [...(log.get(actor) ?? []), entry]);
}

/** Sends what the asker lacks. */
export function answer(log: Log, asker: NodeId, { counts }: Have, ctx: Context<Effects>): void {
  const known = new Map(counts);
  const runs = [...log].flatMap(([actor, entries]) => {
    const from = known.get(actor) ?? 0;
    return from < entries.length ? [{ actor, from, entries: entries.slice(from) }] : [];
  });
  if (runs.length > 0) ctx.send(asker, { type: 'effects', runs });
}

/** Takes up what came, causes first, and returns it in that order; what lacks a cause waits. */
export function deliver(log: Log, runs: readonly Run[]): Entry[] {
  const delivered: Entry[] = [];
  for (let grown = true; grown; ) {
    grown = false;
    for (const { actor, from, entries } of runs) {
      const own = log.get(actor) ?? [];
      const next = entries[own.length - from];
      if (next === undefined || !next.after.every(([of, n]) => (log.get(of)?.length ?? 0) >= n)) {
        continue;
      }
      log.set(actor, [...own, next]);
      delivered.push(next);
      grown = true;
    }
  }
  return delivered;
}
