// Linearizability on all processors: the parts of a long history are dealt out to threads. Who
// judges a part changes nothing: the finding is that of one thread.
import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import type { Bounds } from '../checkers/linearizable/bounds.js';
import {
  checkOperations,
  checkShare,
  type Finding,
  gathered,
  type ShareFinding,
} from '../checkers/linearizable/check.js';
import type { Model } from '../checkers/linearizable/model.js';
import type { Operation } from '../checkers/linearizable/operation.js';
import { partsOf } from '../checkers/linearizable/timeline.js';
import { grown, Interner } from '../checkers/set-full/interner.js';
import { packed } from './packed-operations.js';
import type { Share } from './share.js';

/** Fewer operations than this are judged before a thread has started. */
const operationsMin = 100_000;
/** More threads than this are not started: each has memory of its own. */
const threadsMax = 8;

/** How many threads judge, this one too, and where the others come from. */
export interface Threads {
  readonly count: number;
  /** Starts a thread, which judges the share that it is given, or none. */
  readonly hire: () => (share: Share | undefined) => Promise<ShareFinding | undefined>;
}

/** As many threads as help with so many operations. */
export function threadsFor(operations: number): Threads {
  const count = operations < operationsMin ? 1 : Math.min(availableParallelism(), threadsMax);
  return { count, hire };
}

/** The finding of `checkOperations` with a model of the registry. */
export async function checkInParallel(
  operations: readonly Operation[],
  model: Model,
  bounds: Bounds,
  threads: Threads = threadsFor(operations.length),
): Promise<Finding> {
  if (threads.count <= 1) return checkOperations(operations, model, bounds);
  const hired = Array.from({ length: threads.count - 1 }, threads.hire); // They start meanwhile.
  const { partOf, sizes, keys } = numbered(operations, model);
  const shares = Math.min(threads.count, sizes.length);
  const shareOf = dealt(sizes, shares);
  const { configurationsMax, bytesMax } = bounds; // What hears of progress stays here.
  const limits = { configurationsMax, bytesMax };
  const more = { model: model.name, init: model.init, bounds: limits, parts: sizes.length };
  const others = hired.map((judge, nth) => {
    if (nth + 1 >= shares) return judge(undefined);
    const isIn = (part: number) => shareOf[part] === nth + 1;
    return judge({ operations: packed(operations, partOf, isIn), ...more });
  });
  const partsIn = (isIn: (part: number) => boolean) =>
    partsOf(
      operations.filter((_, at) => isIn(partOf[at] as number)),
      model.partition,
    );
  const own = checkShare(
    partsIn((part) => shareOf[part] === 0),
    model,
    bounds,
    sizes.length,
  );
  const findings = [own, ...(await Promise.all(others))];
  const placed = findings.flatMap((found, share) => (found ? placedIn(found, shareOf, share) : []));
  const finding = gathered(placed, sizes.length, (nth) => partsIn((part) => part === nth)[0]);
  const doubts = finding.doubts.map((doubt) => ({ ...doubt, key: keys[doubt.nth] }));
  return { ...finding, doubts };
}

/** Numbers the parts in the order in which they appear. */
function numbered(operations: readonly Operation[], { partition }: Model) {
  const interner = new Interner();
  const partOf = new Int32Array(operations.length);
  let sizes = new Int32Array(64);
  for (let at = 0; at < operations.length; at++) {
    const operation = operations[at] as Operation;
    const part = interner.numberOf(partition === undefined ? operation.key : partition(operation));
    if (part >= sizes.length) sizes = grown(sizes, part + 1);
    partOf[at] = part;
    sizes[part] = (sizes[part] as number) + 1;
  }
  const keys = interner.values;
  return { partOf, sizes: sizes.subarray(0, keys.length), keys };
}

/** The share of each part: each goes to who has least to do so far. */
function dealt(sizes: Int32Array, shares: number): Int32Array {
  const loads = new Float64Array(shares);
  return Int32Array.from(sizes, (size) => {
    let least = 0;
    for (let share = 1; share < shares; share++) {
      if ((loads[share] as number) < (loads[least] as number)) least = share;
    }
    loads[least] = (loads[least] as number) + size;
    return least;
  });
}

/** A share's finding with parts by their place among all. */
function placedIn(finding: ShareFinding, shareOf: Int32Array, share: number): ShareFinding {
  const places: number[] = [];
  for (let part = 0; part < shareOf.length; part++) if (shareOf[part] === share) places.push(part);
  const placed = <T extends { readonly nth: number }>(each: T): T => ({
    ...each,
    nth: places[each.nth] as number,
  });
  const { spent, doubts, invalid } = finding;
  return {
    spent: spent.map((visited) => visited.map(placed)),
    doubts: doubts.map(placed),
    ...(invalid !== undefined && { invalid: placed(invalid) }),
  };
}

function hire(): (share: Share | undefined) => Promise<ShareFinding | undefined> {
  const worker = new Worker(new URL('./share-worker.js', import.meta.url));
  const answer = new Promise<ShareFinding | undefined>((resolve, reject) => {
    worker.once('message', resolve);
    worker.once('error', reject);
  });
  return (share) => {
    worker.postMessage(share);
    return answer;
  };
}
