// A history: the operations of all processes in the order in which they were seen, with each
// invocation paired to its completion. It knows neither nodes nor messages.
import { assert } from '../kernel/assert.js';
import type { Op } from './op.js';

/** A finished, well-formed history. Building it costs one pass; pairing is O(1) afterwards. */
export interface History<O extends Op = Op> {
  readonly ops: readonly O[];
  /** The completion of an invocation; `undefined` while it is open. */
  completionOf(op: O): O | undefined;
  /** The invocation of a completion. */
  invocationOf(op: O): O;
}

/** What keeps a list of operations from being a history: the first thing, and where. */
export interface Flaw {
  /** The position of the operation, from 0. */
  readonly index: number;
  readonly field: 'index' | 'timeUs' | 'process' | 'f';
  readonly expected: string;
  readonly found: string;
}

/**
 * Pairs the operations. Asserts what must hold of a history of ours: indices without gaps, times
 * that never run back, one open operation a process, no completion without its invocation, and no
 * process that comes back after an `info`.
 */
export function historyOf<O extends Op>(ops: readonly O[]): History<O> {
  const partner = pair(ops);
  if (!(partner instanceof Int32Array)) {
    const { index, field, expected, found } = partner;
    assert(false, `operation ${index} has, as its ${field}, ${expected}`, { found });
  }
  return pairedHistory(ops, partner);
}

/** A history of which it is known who belongs together: by position the partner, −1 for none. */
export function pairedHistory<O extends Op>(ops: readonly O[], partner: Int32Array): History<O> {
  const at = (index: number): O | undefined => ops[partner[index] ?? -1];
  return {
    ops,
    completionOf: (op) => at(op.index),
    invocationOf: (op) => {
      const invocation = at(op.index);
      assert(invocation !== undefined, 'a completion has an invocation', { index: op.index });
      return invocation;
    },
  };
}

/** The first flaw, for histories that others recorded; `undefined` when there is none. O(n). */
export function flawOf(ops: readonly Op[]): Flaw | undefined {
  const partner = pair(ops);
  return partner instanceof Int32Array ? undefined : partner;
}

/** How far a list of operations has been followed. */
interface Progress {
  count: number;
  timeUs: number;
  /** What each process did last. */
  readonly last: Map<number, Op>;
}

/** Nothing has been followed yet. */
export function noProgress(): Progress {
  return { count: 0, timeUs: 0, last: new Map() };
}

/** What keeps `op` from being the next; if nothing does, `progress` has followed it. O(1). */
export function flawOfNext(progress: Progress, op: Op): Flaw | undefined {
  const { count: index, timeUs, last } = progress;
  if (op.index !== index) return flaw(index, 'index', `${index}`, `${op.index}`);
  if (op.timeUs < timeUs) {
    return flaw(index, 'timeUs', `a time not before ${timeUs}`, `${op.timeUs}`);
  }
  if (op.process !== 'nemesis') {
    const wrong = flawAfter(last.get(op.process), op);
    if (wrong !== undefined) return wrong;
    last.set(op.process, op);
  }
  progress.count++;
  progress.timeUs = op.timeUs;
  return undefined;
}

/** The index of each operation's partner, −1 where there is none. */
function pair(ops: readonly Op[]): Int32Array | Flaw {
  const partner = new Int32Array(ops.length).fill(-1);
  const progress = noProgress();
  for (const [index, op] of ops.entries()) {
    const before = op.process === 'nemesis' ? undefined : progress.last.get(op.process);
    const wrong = flawOfNext(progress, op);
    if (wrong !== undefined) return wrong;
    if (op.type === 'invoke' || before === undefined) continue;
    partner[index] = before.index;
    partner[before.index] = index;
  }
  return partner;
}

/** Whether a process can do `op` after `before`, the last that it did. */
function flawAfter(before: Op | undefined, op: Op): Flaw | undefined {
  const found = `process ${op.process}`;
  if (op.type !== 'invoke') {
    if (before?.type !== 'invoke') {
      return flaw(op.index, 'process', 'a process with an open operation', found);
    }
    if (before.f !== op.f) return flaw(op.index, 'f', `'${before.f}', as invoked`, `'${op.f}'`);
    return undefined;
  }
  if (before?.type === 'invoke') {
    const expected = 'a process without an open operation';
    return flaw(op.index, 'process', expected, `${found}, open since operation ${before.index}`);
  }
  if (before?.type === 'info') {
    const expected = 'a new process number after an info';
    return flaw(op.index, 'process', expected, `${found}, unknown since operation ${before.index}`);
  }
  return undefined;
}

function flaw(index: number, field: Flaw['field'], expected: string, found: string): Flaw {
  return { index, field, expected, found };
}
