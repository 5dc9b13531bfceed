// Deals the blocks of one scenario's hunt out to threads, and adds up what comes back: those of
// this shard, in order, until all are done, time is up, a signal comes or a failure is enough.
import type { Hunted } from '../../scenario/hunt/blocks.js';
import { added, type Finding, type Tally } from '../../scenario/hunt/tally.js';
import { blocksOf } from '../../scenario/strategy.js';
import type { Batch, PlanFigures } from './errand.js';
import type { Desk } from './pool.js';
import type { Shard } from './shard.js';

/** When no more blocks are dealt out. */
interface Terms {
  readonly shard: Shard | undefined;
  readonly untilFailure: boolean;
  /** Whether time is up, or a signal has come. */
  over(): boolean;
  /** Told of each kind of finding when it comes up first. */
  found(finding: Finding): void;
}

export interface Dealing extends Desk {
  /** All that has come back so far. */
  tally(): Tally;
  /** Whether all blocks were dealt out and have come back, or a failure was enough. */
  complete(): boolean;
  plan(): PlanFigures | undefined;
  /** The first block of this shard that has not come back; those of a queue are in the queue. */
  open?(): number;
  /** How many runs this shard has; `undefined`: without end, or not known yet. */
  expected(): number | undefined;
}

export function dealingOf(start: Tally, terms: Terms): Dealing {
  const { shard = { index: 0, count: 1 }, untilFailure } = terms;
  const known = new Set<string>();
  const done: { readonly batch: Batch; readonly tally: Tally }[] = [];
  let sum = start;
  let next = 0;
  const returns = returnsTo(shard);
  let plan: PlanFigures | undefined;
  /** The first block with a failure, if one is enough: what comes after it does not count. */
  let last = Number.POSITIVE_INFINITY;
  const own = (): number => {
    if (plan === undefined) return 0;
    const all = blocksOf(plan);
    return all === Number.POSITIVE_INFINITY ? all : Math.ceil((all - shard.index) / shard.count);
  };
  const take = (batch: Batch, { tally, cut }: Hunted): void => {
    returns.add(batch);
    if (batch.from > last) return;
    if (cut) last = batch.from + (batch.count - 1) * batch.stride;
    if (untilFailure) done.push({ batch, tally });
    sum = untilFailure ? upTo(start, done, last) : added(sum, tally);
    for (const finding of tally.findings) {
      const name = `${finding.kind} ${finding.name}`;
      if (!known.has(name)) terms.found(finding);
      known.add(name);
    }
  };
  return {
    untilFailure,
    planned: (figures) => {
      plan = figures;
    },
    next: (blocks) => {
      const count = Math.min(blocks, own() - next);
      if (count <= 0 || last < Number.POSITIVE_INFINITY || terms.over()) return undefined;
      const batch = { from: shard.index + next * shard.count, count, stride: shard.count };
      next += count;
      return batch;
    },
    take,
    tally: () => sum,
    complete: () =>
      last < Number.POSITIVE_INFINITY || (plan !== undefined && returns.back() >= own()),
    plan: () => plan,
    open: returns.open,
    expected: () =>
      plan?.trials === undefined ? undefined : Math.min(plan.trials, own() * plan.blockSize),
  };
}

/** Which blocks of a shard have come back, in whatever order. */
function returnsTo({ index, count }: Pick<Shard, 'index' | 'count'>) {
  let back = 0;
  /** All before this one have; of those behind it some have, each with its number of blocks. */
  let open = 0;
  const ahead = new Map<number, number>();
  return {
    add: (batch: Batch): void => {
      back += batch.count;
      ahead.set((batch.from - index) / count, batch.count);
      while (ahead.has(open)) open += ahead.get(open) as number;
    },
    open: () => open,
    back: () => back,
  };
}

/** The sum of what was tried before a block; batches do not overlap. */
function upTo(
  start: Tally,
  done: readonly { readonly batch: Batch; readonly tally: Tally }[],
  last: number,
): Tally {
  return done.reduce(
    (sum, { batch, tally }) => (batch.from > last ? sum : added(sum, tally)),
    start,
  );
}
