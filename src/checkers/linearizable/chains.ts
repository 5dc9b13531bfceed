// Registers in which every value is made once: near-linear. A value that a compare-and-set took
// from another one follows it at once, so values form chains, and a chain with its reads is one
// block of any linearization. A block that must last (some operation of it returns before another
// is called) is a forward zone, any other a backward one. Blocks can be put in order iff no two
// forward zones overlap and no backward zone lies inside a forward one. Sources: Gibbons & Korach
// 1997, §4; chains of compare-and-sets are ours.
import type { Blocks, Versions } from './blocks.js';
import type { Outcome } from './bounds.js';
import { spansOf } from './mismatches.js';
import { kindOf } from './register-action.js';
import type { RegisterPart } from './register-part.js';
import { open } from './timeline.js';

/** Decides a part; undefined where a value is made twice, or where a mismatch finds no place. */
export function decideByChains(registers: RegisterPart): Outcome | undefined {
  const chained = chainsOf(registers);
  if (chained === undefined || 'verdict' in chained) return chained;
  const { versions, blocks } = chained;
  if (!registers.kinds.includes(kindOf.mismatch)) return { verdict: 'valid' };
  return spansOf(registers, versions, blocks) ? { verdict: 'valid' } : undefined;
}

/** Chains that can be put in order, or why they cannot; undefined where a value is made twice. */
export function chainsOf(
  registers: RegisterPart,
): { readonly versions: Versions; readonly blocks: Blocks } | Outcome | undefined {
  const versions = versionsIn(registers);
  if (versions === undefined) return undefined;
  const lack = need(registers, versions);
  if (lack.length > 0) return invalid(registers, lack);
  const blocks = blocksOf(registers, versions);
  if (blocks.broken) return invalid(registers, blocks.stuck);
  const clash = clashOf(blocks, registers.part.events.length);
  return clash.length > 0 ? invalid(registers, clash) : { versions, blocks };
}

/**
 * Operations conflict whose calls or returns have these ranks; −1 is before the history. Those that
 * link them in a chain are not named.
 */
function invalid({ part }: RegisterPart, ranks: readonly number[]): Outcome {
  const { events, returns, calls } = part;
  const known = ranks.filter((rank) => rank >= 0 && rank < events.length);
  if (known.length === 0) return { verdict: 'invalid', stuck: events.length - 1 };
  const conflict = [...new Set(known.map((rank) => (events[rank] as number) >> 1))];
  const ends = conflict.map((at) =>
    returns[at] === open ? (calls[at] as number) : (returns[at] as number),
  );
  return { verdict: 'invalid', stuck: Math.max(...ends), conflict };
}

/** Who makes which value, and who reads it; undefined where two make one. */
function versionsIn({ part, kinds, from, to, values }: RegisterPart): Versions | undefined {
  const makers = new Int32Array(values).fill(-1);
  makers[0] = -2;
  for (let at = 0; at < kinds.length; at++) {
    const kind = kinds[at] as number;
    if (kind !== kindOf.write && kind !== kindOf.cas) continue;
    const made = kind === kindOf.cas ? (to[at] as number) : (from[at] as number);
    if (makers[made] !== -1) return undefined;
    makers[made] = at;
  }
  const parents = new Int32Array(values).fill(-1);
  const readCalls = new Int32Array(values).fill(-1);
  const readReturns = new Int32Array(values).fill(open);
  for (let at = 0; at < kinds.length; at++) {
    const value = from[at] as number;
    const kind = kinds[at] as number;
    if (kind === kindOf.cas) {
      parents[to[at] as number] = value;
    } else if (kind === kindOf.read) {
      // Calls ascend.
      readCalls[value] = part.calls[at] as number;
      const done = part.returns[at] as number;
      if (done < (readReturns[value] as number)) readReturns[value] = done;
    }
  }
  const children = new Int32Array(values).fill(-1);
  const needed = new Uint8Array(values);
  return { makers, parents, children, readCalls, readReturns, needed };
}

/**
 * Finds the values that must have been made, and links each to the one it was made from. Returns
 * the ranks of returns that show that a value is missing, or was taken by two; or none.
 */
function need({ part }: RegisterPart, versions: Versions): readonly number[] {
  const { makers, parents, children, readReturns, needed } = versions;
  /** By value: the rank of a return that shows that it was there. */
  const shown = new Int32Array(makers.length).fill(-1);
  needed[0] = 1;
  for (let value = 0; value < makers.length; value++) {
    const maker = makers[value] as number;
    const done = maker >= 0 ? (part.returns[maker] as number) : open;
    const evident = Math.min(done, readReturns[value] as number);
    if (evident === open) continue;
    // Up the chain: what was taken must have been there.
    for (let v = value; needed[v] === 0; ) {
      needed[v] = 1;
      shown[v] = evident;
      const parent = parents[v] as number;
      if (makers[v] === -1) return [evident];
      if (parent < 0) break;
      const other = children[parent] as number;
      if (other >= 0) return [evident, shown[other] as number];
      children[parent] = v;
      v = parent;
    }
  }
  return [];
}

/** Follows each chain; what stands later in it must not return before what stands earlier. */
function blocksOf({ part }: RegisterPart, versions: Versions): Blocks {
  const { makers, parents, children, readCalls, readReturns, needed } = versions;
  const roots: number[] = [];
  const returns: number[] = [];
  const calls: number[] = [];
  let [linked, total] = [0, 0];
  /** The earliest call found that must come before a return that it follows; and that return. */
  let stuck: readonly number[] = [];
  const clash = (call: number, done: number) => {
    if (done < call && call < (stuck[0] ?? open)) stuck = [call, done];
  };
  for (let root = 0; root < makers.length; root++) {
    total += needed[root] as number;
    if (needed[root] === 0 || parents[root] !== -1) continue;
    let first = open;
    let last = -1;
    for (let value = root; value >= 0; value = children[value] as number) {
      linked++;
      const maker = makers[value] as number;
      const done = maker < 0 ? -1 : (part.returns[maker] as number);
      if (maker >= 0) clash(last, done);
      if (maker >= 0) last = Math.max(last, part.calls[maker] as number);
      const read = readReturns[value] as number;
      clash(last, read);
      last = Math.max(last, readCalls[value] as number);
      first = Math.min(first, done, read);
    }
    roots.push(root);
    returns.push(first);
    calls.push(last);
  }
  // What no chain leads to was taken in a circle.
  return {
    roots: Int32Array.from(roots),
    returns: Int32Array.from(returns),
    calls: Int32Array.from(calls),
    stuck,
    broken: stuck.length > 0 || linked < total,
  };
}

/** The ranks at which the zones of two blocks that clash begin and end: a sweep. */
function clashOf({ returns, calls }: Blocks, ranks: number): readonly number[] {
  /** By rank: the forward zone that begins there, the backward one that begins there; + 1. */
  const forward = new Int32Array(ranks + 1);
  const backward = new Int32Array(ranks + 1);
  for (let block = 0; block < returns.length; block++) {
    const done = returns[block] as number;
    const call = calls[block] as number;
    if (done < call) forward[done + 1] = block + 1;
    else if (call >= 0) backward[call + 1] = block + 1;
  }
  let [start, end] = [-1, -1];
  for (let rank = -1; rank < ranks; rank++) {
    const beginning = forward[rank + 1] as number;
    if (beginning > 0) {
      if (rank < end) return [start, end, rank, calls[beginning - 1] as number];
      [start, end] = [rank, calls[beginning - 1] as number];
    }
    const inside = backward[rank + 1] as number;
    if (inside > 0 && (returns[inside - 1] as number) < end) {
      return [start, end, rank, returns[inside - 1] as number];
    }
  }
  return [];
}
