// A building block: Elle's transactions, of reads and one kind of write, for both txn workloads.
import type { Plain } from '../kernel/plain.js';
import type { Random } from '../kernel/random.js';
import {
  drawPlace,
  emptyPool,
  filled,
  type KeyPool,
  keyAt,
  poolDefaults,
  poolProblem,
  written,
} from './key-pool.js';
import { completion, list } from './reply.js';
import { request } from './request.js';
import type { Workload, WorkloadOptions } from './workload.js';

/** What differs: the word for a write, and who judges. */
type Flavour = Pick<Workload, 'name' | 'about' | 'checkers'> & { readonly write: 'append' | 'w' };

/** Lengths are uniform from 1 to `maxTxnLength`; an operation is a read or a write, as likely. */
export function transactional({ write, ...rest }: Flavour): Workload {
  return {
    ...rest,
    options: { ...poolDefaults, maxTxnLength: 4 },
    problem: (options) =>
      poolProblem(options) ??
      (Number(options.maxTxnLength) < 1
        ? { option: 'maxTxnLength', expected: 'at least 1' }
        : undefined),
    generator: {
      init: emptyPool,
      next: (state, ctx) => {
        const pool = filled(state as KeyPool, ctx.options);
        const drawn = drawTransaction(pool, write, ctx);
        return { op: { f: 'txn', value: drawn.operations }, state: drawn.pool };
      },
    },
    request: (op) => request('txn', { txn: op.value }),
    complete: (_, reply) => completion(reply, 'txn_ok', { txn: list }, ({ txn }) => txn),
    idempotent: [],
  };
}

interface Drawn {
  readonly operations: readonly Plain[];
  readonly pool: KeyPool;
}

function drawTransaction(
  from: KeyPool,
  write: string,
  { random, options }: { readonly random: Random; readonly options: WorkloadOptions },
): Drawn {
  const operations: Plain[] = [];
  let pool = from;
  const length = 1 + random.below(Number(options.maxTxnLength));
  while (operations.length < length) {
    const place = drawPlace(pool, random);
    const key = keyAt(pool, place);
    if (random.below(2) === 0) {
      operations.push(['r', key, null]);
      continue;
    }
    const next = written(pool, place, options);
    operations.push([write, key, next.value]);
    pool = next.pool;
  }
  return { operations, pool };
}
