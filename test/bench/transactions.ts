// How many transactions a second list-append and rw-register judge: histories of a strictly
// serializable store in Elle's shape, a few keys at a time, each retired after some writes.
// `npm run bench -- transactions`
import { judge } from '../../src/checkers/checker.js';
import { checkers } from '../../src/checkers/index.js';
import { type History, historyOf } from '../../src/history/history.js';
import type { Op } from '../../src/history/op.js';
import { Xorshift } from './bare-heap.js';
import { measure } from './measure.js';

type Print = (line: string) => void;

interface Shape {
  readonly lists: boolean;
  readonly txns: number;
  readonly workers: number;
  readonly keys: number;
  readonly operationsMax: number;
  readonly writesPerKey: number;
}

const elle: Shape = {
  lists: true,
  txns: 100_000,
  workers: 20,
  keys: 10,
  operationsMax: 4,
  writesPerKey: 16,
};

/** Lists, with more of everything, then registers. */
export function transactions(print: Print): void {
  rate(print, 'list-append', elle);
  rate(print, 'list-append', { ...elle, workers: 100 });
  rate(print, 'list-append', { ...elle, txns: 300_000 });
  rate(print, 'list-append', { ...elle, writesPerKey: 100 });
  rate(print, 'rw-register', { ...elle, lists: false });
  rate(print, 'rw-register', { ...elle, lists: false, txns: 300_000 });
  rate(print, 'list-append', { ...elle, txns: 1_000_000 }, 1);
  const mebibytes = process.resourceUsage().maxRSS / 1_024;
  print(`peak memory, history included: ${mebibytes.toFixed(0)} MiB (goal < 2,000)`);
}

/** Like Elle's generator: newer keys are hotter; a key that has had its writes makes room. */
function storeHistory({ lists, txns, workers, keys, operationsMax, writesPerKey }: Shape): History {
  const random = new Xorshift();
  const pool = Array.from({ length: keys }, (_, key) => key);
  const written = new Map<number, number>();
  const store = new Map<number, number[]>();
  const ops: Op[] = [];
  const open: (unknown[][] | undefined)[] = new Array(workers).fill(undefined);
  let nextKey = keys;
  let begun = 0;
  const record = (process: number, type: 'invoke' | 'ok', value: unknown): void => {
    ops.push({ index: ops.length, timeUs: ops.length, process, type, f: 'txn', value });
  };
  const run = (request: unknown[][]): unknown[][] =>
    request.map(([f, key, value]) => {
      const seen = store.get(key as number);
      if (f === 'r') return [f, key, lists ? (seen?.slice() ?? null) : (seen?.at(-1) ?? null)];
      if (seen === undefined) store.set(key as number, [value as number]);
      else seen.push(value as number);
      return [f, key, value];
    });
  const requested = (): unknown[][] =>
    Array.from({ length: 1 + random.below(operationsMax) }, () => {
      const place = 31 - Math.clz32(1 + random.below(2 ** keys - 1));
      const key = pool[place] as number;
      if (random.below(2) === 0) return ['r', key, null];
      const value = (written.get(key) ?? 0) + 1;
      written.set(key, value);
      if (value >= writesPerKey) pool[place] = nextKey++;
      return [lists ? 'append' : 'w', key, value];
    });
  while (begun < txns) {
    const process = random.below(workers);
    const request = open[process];
    if (request === undefined) {
      open[process] = requested();
      record(process, 'invoke', open[process]);
      begun++;
    } else {
      record(process, 'ok', run(request));
      open[process] = undefined;
    }
  }
  return historyOf(ops);
}

function rate(print: Print, name: string, shape: Shape, rounds = 3): void {
  const history = storeHistory(shape);
  const checker = checkers.get(name);
  if (checker === undefined) throw new Error(`no checker ${name}`);
  let verdict: unknown;
  const title = `${name} ${shape.txns} txns, ${shape.workers} at a time`;
  const { ns, multiple } = measure(rounds, () => {
    verdict = judge(checker, history).valid;
    return shape.txns;
  });
  // A heap event is about 167 ns where the goal was set: 6 million a second.
  const scaled = Math.round(6_000_000 * multiple);
  const own = Math.round(1e9 / ns);
  print(`${title.padEnd(44)} ${own}/s, scaled ${scaled}/s, ${String(verdict)}`);
}
