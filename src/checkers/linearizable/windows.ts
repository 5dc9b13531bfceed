// A stretch of a register's history by itself: what happened before it is forgotten, so that any
// value may be there at its beginning, and whoever was pending may have taken effect or not. If
// even so no order explains the stretch, none explains the whole.
import { kindOf } from './register-action.js';
import { type RegisterPart, registerPart } from './register-part.js';
import { open } from './timeline.js';

export interface Window {
  readonly registers: RegisterPart;
  /** The values that may be there at its beginning. */
  readonly initial: readonly number[];
  /** Operations that may have taken effect before it. */
  readonly optional: readonly number[];
  /** By event of the window: its rank in the whole. */
  readonly ranks: readonly number[];
}

/** All of a register's history. */
export function wholeOf(registers: RegisterPart): Window {
  return { registers, initial: [0], optional: [], ranks: [] };
}

/** The events of ranks from `first` to `last`. O(operations called up to `last`). */
export function windowOf(registers: RegisterPart, first: number, last: number): Window {
  const { part, kinds } = registers;
  const originals = seenIn(registers, first, last);
  const calls = new Int32Array(originals.length);
  const returns = new Int32Array(originals.length).fill(open);
  const events: number[] = [];
  const ranks: number[] = [];
  const optional: number[] = [];
  const names = new Map<number, number>();
  const happen = (event: number, rank: number) => {
    ranks.push(rank);
    return events.push(event) - 1;
  };
  for (const [at, original] of originals.entries()) {
    names.set(original, at);
    const rank = part.calls[original] as number;
    if (rank >= first) continue;
    calls[at] = happen(at << 1, rank);
    if ((part.returns[original] as number) <= last) optional.push(at);
  }
  for (let rank = first; rank <= last; rank++) {
    const event = part.events[rank] as number;
    const at = names.get(event >> 1);
    if (at === undefined) continue;
    if ((event & 1) === 0) calls[at] = happen(at << 1, rank);
    else returns[at] = happen((at << 1) | 1, rank);
  }
  const pick = (list: Int32Array) => Int32Array.from(originals, (at) => list[at] as number);
  const own = { key: part.key, operations: [], events: Int32Array.from(events), calls, returns };
  const known = {
    kinds: Uint8Array.from(originals, (at) => kinds[at] as number),
    from: pick(registers.from),
    to: pick(registers.to),
  };
  const window = registerPart(own, known, registers.values + 1);
  const initial = first > 0 ? initialOf(window, registers.values) : [0];
  return { registers: window, initial, optional, ranks };
}

/** The operations that matter in a window: of those that are in it partly, those that change. */
function seenIn({ part, kinds }: RegisterPart, first: number, last: number): readonly number[] {
  const seen: number[] = [];
  for (let at = 0; at < part.calls.length && (part.calls[at] as number) <= last; at++) {
    const done = part.returns[at] as number;
    if (done < first) continue;
    const partly = (part.calls[at] as number) < first || done > last;
    if (!partly || kinds[at] === kindOf.write || kinds[at] === kindOf.cas) seen.push(at);
  }
  return seen;
}

/** Whatever somebody asks for, and something that nobody does. */
function initialOf({ kinds, from }: RegisterPart, other: number): readonly number[] {
  const values = new Set<number>();
  for (let at = 0; at < kinds.length; at++) {
    const kind = kinds[at];
    if (kind !== kindOf.write && kind !== kindOf.nothing) values.add(from[at] as number);
  }
  return [...values, other];
}

/**
 * The window with one value told from the others. All others are one, 0, of which unknown
 * operations make as much as anybody wants: if even so no order explains the window, none does.
 */
export function blurred(window: Window, clear: number): Window {
  const { registers } = window;
  const number = (value: number) => (value === clear ? 1 : 0);
  const from = registers.from.map(number);
  const kinds = registers.kinds.map((kind, at) =>
    kind === kindOf.mismatch && from[at] === 0 ? kindOf.nothing : kind,
  );
  const to = registers.to.map(number);
  return {
    ...window,
    registers: registerPart(registers.part, { kinds, from, to }, 2, { plenty: 0 }),
    initial: [...new Set(window.initial.map(number))],
  };
}
