// What clients of kafka do: send and poll, half and half; now and then ask for other keys; seldom
// crash. Keys come from Elle's pool and are written as texts. Source: jepsen.tests.kafka.
import type { Plain } from '../../kernel/plain.js';
import { drawPlace, filled, type KeyPool, keyAt, written } from '../key-pool.js';
import type { Generator, GeneratorContext, WorkloadOptions } from '../workload.js';

type State = {
  readonly pool: KeyPool;
  /** The highest acknowledged offset of each key, where nobody has polled so far. */
  readonly unpolled: Map<string, number>;
};

/** One of so many operations is an assignment instead. */
const assignOneIn = 64;
/** One of so many assignments has all keys that need to be polled, too. */
const catchUpOneIn = 3;
/** A client crashes once in this time, on average. */
const crashSeconds = 30;

export const nextOp: Generator['next'] = (plain, ctx) => {
  const { pool: before, unpolled } = plain as State;
  const { options, random } = ctx;
  if (random.chance(crashPpm(ctx))) return { op: { f: 'crash', value: undefined }, state: plain };
  const pool = filled(before, options);
  const place = drawPlace(pool, random);
  const key = String(keyAt(pool, place));
  const kept = { pool, unpolled };
  if (random.below(assignOneIn) === 0) {
    const others = random.below(catchUpOneIn) === 0 ? [...unpolled.keys()] : [];
    const keys = [...new Set([key, ...others])];
    return { op: { f: 'list_committed_offsets', value: { keys } }, state: kept };
  }
  if (random.below(2) === 0) return { op: { f: 'poll', value: undefined }, state: kept };
  const next = written(pool, place, options);
  const op = { f: 'send', value: { key, msg: next.value } };
  return { op, state: { pool: next.pool, unpolled } };
};

/** Every worker crashes; operations are spread evenly over all. */
function crashPpm({ ratePerSecond, concurrency }: GeneratorContext): number {
  return Math.floor((1_000_000 * concurrency) / (crashSeconds * ratePerSecond));
}

/** Notes which keys there are, also those that a script names, and which somebody ought to poll. */
export const noteEnd: NonNullable<Generator['update']> = (before, { op, completion }) => {
  const plain = op.f === 'send' ? knowing(before as State, op.value) : before;
  const { unpolled } = plain as State;
  if (completion.type !== 'ok') return plain;
  if (op.f === 'send') {
    const { key } = op.value as { readonly key: string };
    const { offset } = completion.value as { readonly offset: number };
    unpolled.set(key, Math.max(offset, unpolled.get(key) ?? offset));
  } else if (op.f === 'poll') {
    const { msgs } = completion.value as { readonly msgs: Readonly<Record<string, Plain>> };
    for (const [key, records] of Object.entries(msgs)) {
      const last = (records as readonly (readonly [number, Plain])[]).at(-1);
      if (last !== undefined && last[0] >= (unpolled.get(key) ?? 0)) unpolled.delete(key);
    }
  }
  return plain;
};

function knowing(state: State, value: Plain): State {
  const key = Number((value as { readonly key: string }).key);
  const { pool } = state;
  return key < pool.keyNext ? state : { ...state, pool: { ...pool, keyNext: key + 1 } };
}

/** A new client polls every key from its beginning until nothing is left: see session.ts. */
export function finalOps(options: WorkloadOptions, plain: Plain) {
  const { pool } = plain as State;
  // A script fills no pool, and may name keys that were never in it.
  const keyNext = Math.max(pool.keyNext, filled(pool, options).keyNext);
  const keys = Array.from({ length: keyNext }, (_, key) => String(key));
  return [
    { f: 'crash', value: undefined },
    { f: 'assign', value: keys },
    { f: 'poll', value: undefined },
  ];
}
