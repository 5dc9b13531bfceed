// A building block: values by their origins. A node numbers what its own clients tell it, so that
// one number an origin says which values somebody has (a version vector), and what is owed to a
// peer need not be listed: it is what lies between two vectors. Scuttlebutt's reconciliation (van
// Renesse et al. 2008), without its limits on message size.
import { assert } from '../../kernel/assert.js';
import type { NodeId } from '../../node/message.js';
import type { Context } from '../../node/protocol.js';
import type { Value } from './bodies.js';

/** A node in one of its lives: what it forgot in a crash is not mixed up with what came later. */
export type Origin = string;

/** How many values of each origin somebody has, from the first without gaps. */
export type Have = ReadonlyMap<Origin, number>;

/** Values of one origin, the first of them with this number (from 0). */
export interface Run {
  readonly origin: Origin;
  readonly from: number;
  readonly values: readonly Value[];
}

export interface Logs {
  readonly byOrigin: Map<Origin, Value[]>;
  /** All values, for reads. */
  readonly held: Set<Value>;
}

export const noLogs = (): Logs => ({ byOrigin: new Map(), held: new Set() });

type Ctx = Pick<Context, 'self' | 'incarnation'>;

const originOf = ({ self, incarnation }: Ctx): Origin => `${self}#${incarnation}`;

/** The node that an origin is a life of. */
export const nodeOf = (origin: Origin): NodeId => origin.slice(0, origin.lastIndexOf('#'));

/** Adds what a client of this node has told it; `undefined` if it is known already. */
export function append({ byOrigin, held }: Logs, value: Value, ctx: Ctx): Run | undefined {
  if (held.has(value)) return undefined;
  held.add(value);
  const origin = originOf(ctx);
  const own = byOrigin.get(origin);
  if (own === undefined) byOrigin.set(origin, [value]);
  else own.push(value);
  return { origin, from: own === undefined ? 0 : own.length - 1, values: [value] };
}

/** Adds what follows on what is held; true if anything did. What leaves a gap comes again. */
export function merge({ byOrigin, held }: Logs, runs: readonly Run[]): boolean {
  let grown = false;
  for (const { origin, from, values } of runs) {
    const log = byOrigin.get(origin) ?? [];
    if (from > log.length || from + values.length <= log.length) continue;
    for (const value of values.slice(log.length - from)) {
      log.push(value);
      held.add(value);
    }
    byOrigin.set(origin, log);
    grown = true;
  }
  return grown;
}

/** This node's version vector. */
export function haveOf({ byOrigin }: Logs): Have {
  return new Map([...byOrigin].map(([origin, log]) => [origin, log.length]));
}

/** What somebody who has `have` lacks, of the origins that are `wanted`. */
export function lackedBy(
  { byOrigin }: Logs,
  have: Have,
  wanted: (origin: Origin) => boolean = () => true,
): Run[] {
  const runs: Run[] = [];
  for (const [origin, log] of byOrigin) {
    const from = have.get(origin) ?? 0;
    if (from < log.length && wanted(origin)) runs.push({ origin, from, values: log.slice(from) });
  }
  return runs;
}

/** The larger number of each origin. */
export function union(a: Have, b: Have): Have {
  const result = new Map(a);
  for (const [origin, count] of b) result.set(origin, Math.max(count, result.get(origin) ?? 0));
  return result;
}

/** What holds of every log: whatever is held is logged, by one origin or more. O(origins). */
export function assertWhole({ byOrigin, held }: Readonly<Logs>): void {
  let logged = 0;
  for (const log of byOrigin.values()) logged += log.length;
  assert(logged >= held.size, 'what is held is logged', { logged, held: held.size });
}
