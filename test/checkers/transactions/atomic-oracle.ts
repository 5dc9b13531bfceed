// Models between read committed and update atomic by their definitions: is there an order of these
// few transactions in which each read shows what its transaction had to see? Every order is tried,
// with and without transactions of unknown outcome. Exponential.
import type { History } from '../../../src/history/history.js';

export const atomicModels = [
  'read-committed',
  'monotonic-atomic-view',
  'read-atomic',
  'update-atomic',
  'cursor-stability',
] as const;
type AtomicModel = (typeof atomicModels)[number];

interface Write {
  readonly key: string;
  readonly value: unknown;
}

/** A read from outside, without what its transaction had appended itself. */
interface Read {
  readonly at: number;
  readonly key: string;
  readonly value: unknown;
}

interface Txn {
  readonly certain: boolean;
  readonly reads: readonly Read[];
  readonly writes: readonly (Write & { readonly at: number })[];
}

/** Undefined for histories in which a transaction contradicts itself: that is another matter. */
export function txnsIn(history: History, lists: boolean): readonly Txn[] | undefined {
  const txns: Txn[] = [];
  for (const invocation of history.ops) {
    const done = history.completionOf(invocation);
    if (invocation.type !== 'invoke' || done?.type === 'fail') continue;
    const certain = done?.type === 'ok';
    const operations = (certain ? done : invocation).value as [string, string, unknown][];
    const txn = { certain, reads: [] as Read[], writes: [] as (Write & { at: number })[] };
    const known = new Map<string, { outside: unknown; own: unknown[] }>();
    for (const [at, [f, key, value]] of operations.entries()) {
      if (f !== 'r') {
        txn.writes.push({ at, key, value });
        const before = known.get(key) ?? { outside: undefined, own: [] };
        known.set(key, { ...before, own: [...before.own, value] });
      } else if (certain) {
        const mine = known.get(key);
        const own = mine?.own ?? [];
        const list = (value ?? []) as readonly unknown[];
        if (lists && own.some((item, i) => list[list.length - own.length + i] !== item)) {
          return undefined;
        }
        if (!lists && own.length > 0 && own.at(-1) !== value) return undefined;
        if (!lists && own.length > 0) continue;
        const later = operations.slice(at).filter(([g, k]) => g !== 'r' && k === key);
        if (later.some(([, , item]) => (lists ? list.includes(item) : item === value))) {
          return undefined;
        }
        const outside = lists ? list.slice(0, list.length - own.length) : (value ?? null);
        if (mine?.outside !== undefined) {
          if (JSON.stringify(mine.outside) !== JSON.stringify(outside)) return undefined;
          continue;
        }
        known.set(key, { outside, own });
        txn.reads.push({ at, key, value: outside });
      }
    }
    txns.push(txn);
  }
  return txns;
}

/** Whether some order of the transactions explains all reads. */
export function isAtomic(all: readonly Txn[], model: AtomicModel, lists: boolean): boolean {
  const unknown = all.filter(({ certain }) => !certain);
  return Array.from({ length: 2 ** unknown.length }, (_, bits) => bits).some((bits) => {
    const present = all.filter(
      (txn) => txn.certain || Math.floor(bits / 2 ** unknown.indexOf(txn)) % 2 === 1,
    );
    return orders(present, (order) => order.every((_, place) => fits(order, place, model, lists)));
  });
}

function orders(left: readonly Txn[], test: (order: readonly Txn[]) => boolean): boolean {
  const extend = (order: readonly Txn[], rest: readonly Txn[]): boolean =>
    rest.length === 0
      ? test(order)
      : rest.some((txn) =>
          extend(
            [...order, txn],
            rest.filter((other) => other !== txn),
          ),
        );
  return extend([], left);
}

function fits(order: readonly Txn[], place: number, model: AtomicModel, lists: boolean): boolean {
  const txn = order[place] as Txn;
  const shown = txn.reads.map((read) => shownBy(order, read, lists));
  if (shown.some((writer) => writer === undefined || writer >= place)) return false;
  const places = shown as readonly number[];
  const last = (visible: readonly number[], key: string): number =>
    Math.max(-1, ...visible.filter((at) => order[at]?.writes.some((write) => write.key === key)));
  const earlier = order.flatMap((other, at) => {
    const both = other.writes.some(({ key }) => txn.writes.some((write) => write.key === key));
    return at < place && both ? [at] : [];
  });
  if (model === 'cursor-stability') {
    return txn.reads.every((read, i) => {
      const updates = txn.writes.some(({ key, at }) => key === read.key && at > read.at);
      const before = order.slice(0, place).map((_, at) => at);
      return !updates || last(before, read.key) === places[i];
    });
  }
  return txn.reads.every((read, i) => {
    if (model === 'read-committed') return true;
    const seen = places.filter((_, j) => model !== 'monotonic-atomic-view' || j <= i);
    const visible = [...seen, ...(model === 'update-atomic' ? earlier : [])].filter(
      (at) => at >= 0,
    );
    return last(visible, read.key) === places[i];
  });
}

/** Whose write a read shows, by place; −1 for nobody's; undefined if no version is like that. */
function shownBy(order: readonly Txn[], read: Read, lists: boolean): number | undefined {
  const text = JSON.stringify(read.value);
  const list: unknown[] = [];
  if (text === (lists ? '[]' : 'null')) return -1;
  for (const [at, { writes }] of order.entries()) {
    const own = writes.filter(({ key }) => key === read.key).map(({ value }) => value);
    if (own.length === 0) continue;
    list.push(...own);
    if (JSON.stringify(lists ? list : own.at(-1)) === text) return at;
  }
  return undefined;
}
