// Sets that are read whole, and shrink or get a member twice: a search from read to read. Members
// have nothing to do with each other but for these reads. So between two of them only members on
// which they differ change, and of a member only what whoever must return next waits for.
import type { Bounds, Searched } from './bounds.js';
import { Multisets } from './multisets.js';
import { type Slots, slotsOf } from './pending.js';
import type { SetPart } from './set-part.js';
import { open } from './timeline.js';
import { TupleTable } from './tuple-table.js';

/** What operations are: they wait for nothing, for a member to be there or not, or for all. */
const [idle, looks, flips, readsAll] = [0, 1, 2, 3];

/** Operations that change a member in one direction: `2 * member`, one more to put it there. */
interface Flips {
  /** Calls of those of known outcome. */
  readonly known: number[];
  readonly unknown: number[];
}

interface Plan {
  readonly given: SetPart;
  readonly slots: Slots;
  /** By operation: its kind; then its member and direction, as in `Flips`. */
  readonly kinds: Uint8Array;
  readonly ways: Int32Array;
  /** By member and direction. */
  readonly flips: readonly Flips[];
  readonly sets: ReadonlyMap<number, ReadonlySet<number>>;
}

/** Decides a set; undefined where somebody was not told whether it changed the set. */
export function searchSet(given: SetPart, bounds: Bounds): Searched | undefined {
  const plan = planOf(given);
  return plan && new SetSearch(plan).run(bounds);
}

function planOf(given: SetPart): Plan | undefined {
  const { part, actions, memberOf, members, reads } = given;
  const kinds = new Uint8Array(actions.length);
  const ways = new Int32Array(actions.length).fill(-1);
  const all: Flips[] = Array.from({ length: 2 * members }, () => ({ known: [], unknown: [] }));
  for (const [at, action] of actions.entries()) {
    if (action.kind === 'all') kinds[at] = readsAll;
    if (action.kind !== 'member') continue;
    const { action: own } = action;
    const unknown = part.returns[at] === open;
    if (own.kind !== 'read' && own.kind !== 'write' && own.kind !== 'cas') return undefined;
    if (own.kind === 'write' && !unknown) return undefined;
    const value = own.kind === 'cas' ? own.to : own.value;
    const way = 2 * (memberOf[at] as number) + (value === true ? 1 : 0);
    kinds[at] = own.kind === 'read' ? looks : flips;
    ways[at] = way;
    if (own.kind === 'read') continue;
    const { known, unknown: lost } = all[way] as Flips;
    (unknown ? lost : known).push(part.calls[at] as number);
  }
  return { given, slots: slotsOf(part), kinds, ways, flips: all, sets: new Map(reads) };
}

/** Where to come back to, and what can be tried there. */
interface Frame {
  readonly rank: number;
  readonly used: number;
  readonly trail: number;
  readonly mask: Int32Array;
  readonly operationIn: Int32Array;
  readonly reads: readonly (readonly [at: number, differs: number])[];
  next: number;
}

class SetSearch {
  configurations = 0;
  readonly #plan: Plan;
  readonly #seen: TupleTable;
  readonly #usedSets = new Multisets();
  readonly #frames: Frame[] = [];
  /** Ways in which members have changed. */
  readonly #trail: number[] = [];
  readonly #present: Uint8Array;
  #size = 0;
  #rank = 0;
  #used = 0;
  #mask: Int32Array;
  #operationIn: Int32Array;
  /** Reads of all that wait: in how many members what they saw differs from what is there. */
  #reads = new Map<number, number>();
  #deepest = 0;

  constructor(plan: Plan) {
    this.#plan = plan;
    const { words, count } = plan.slots;
    this.#seen = new TupleTable(2 + words);
    this.#mask = new Int32Array(words);
    this.#operationIn = new Int32Array(count).fill(-1);
    this.#present = plan.given.initial.slice();
    for (const there of this.#present) this.#size += there;
  }

  run({ configurationsMax, bytesMax, progress }: Bounds): Searched {
    const { events } = this.#plan.given.part;
    const searched = (outcome: Searched['outcome']) => ({
      outcome,
      configurations: this.configurations,
    });
    if (this.#settle()) return searched({ verdict: 'valid' });
    this.#visit();
    for (let top = this.#frames.at(-1); top !== undefined; top = this.#frames.at(-1)) {
      if (!this.#advance(top)) {
        this.#frames.pop();
        const before = this.#frames.at(-1);
        if (before !== undefined) this.#restore(before);
        continue;
      }
      if (this.#settle()) return searched({ verdict: 'valid' });
      if (!this.#visit()) this.#restore(top);
      const reached = this.#deepest;
      if (this.configurations > configurationsMax) {
        return searched({ verdict: 'unknown', reached, bound: 'configurationsMax' });
      }
      if ((this.configurations & 255) !== 0) continue;
      progress?.(reached / events.length);
      const frames = this.#frames.length * (200 + 8 * this.#operationIn.length);
      if (this.#seen.bytes + this.#usedSets.bytes + frames > bytesMax) {
        return searched({ verdict: 'unknown', reached, bound: 'bytesMax' });
      }
    }
    return searched({ verdict: 'invalid', stuck: this.#deepest });
  }

  /** Remembers where it is; false if it has been there. Who has taken effect says what is there. */
  #visit(): boolean {
    const { scratch } = this.#seen;
    scratch[0] = this.#rank;
    scratch[1] = this.#used;
    for (let word = 0; word < this.#mask.length; word++) {
      scratch[2 + word] = this.#mask[word] as number;
    }
    if (this.#seen.add() >= 0) return false;
    this.configurations++;
    this.#deepest = Math.max(this.#deepest, this.#rank);
    const { returns } = this.#plan.given.part;
    this.#frames.push({
      rank: this.#rank,
      used: this.#used,
      trail: this.#trail.length,
      mask: this.#mask.slice(),
      operationIn: this.#operationIn.slice(),
      reads: [...this.#reads].sort(([a], [b]) => (returns[a] as number) - (returns[b] as number)),
      next: 0,
    });
    return true;
  }

  #restore({ rank, used, trail, mask, operationIn, reads }: Frame): void {
    while (this.#trail.length > trail) this.#put((this.#trail.pop() as number) ^ 1);
    this.#rank = rank;
    this.#used = used;
    this.#mask = mask.slice();
    this.#operationIn = operationIn.slice();
    this.#reads = new Map(reads);
  }

  /** A member is there from now on, or not. */
  #put(way: number): void {
    this.#present[way >> 1] = way & 1;
    this.#size += (way & 1) === 1 ? 1 : -1;
  }

  /** Tries what is next: what whoever must return waits for, or what a read of all does. */
  #advance(frame: Frame): boolean {
    const { kinds } = this.#plan;
    const returning = (this.#plan.given.part.events[frame.rank] as number) >> 1;
    const reads = frame.reads;
    for (; frame.next <= reads.length; ) {
      const nth = frame.next++;
      const done =
        nth > 0
          ? this.#reach((reads[nth - 1] as readonly [number, number])[0])
          : kinds[returning] !== readsAll && this.#serve(returning);
      if (done && !this.#doomed(frame.trail)) return true;
      this.#restore(frame);
    }
    return false;
  }

  /** The member that an operation waits for changes, by itself or by another. */
  #serve(operation: number): boolean {
    const way = this.#plan.ways[operation] as number;
    const there = this.#present[way >> 1] as number;
    if (this.#plan.kinds[operation] === flips && there !== (way & 1)) {
      this.#change(way, this.#plan.slots.slotOf[operation] as number);
      return true;
    }
    return this.#flip((way & ~1) | (1 - there));
  }

  /** The members become what a read of all saw. */
  #reach(read: number): boolean {
    const { kinds, ways, sets, flips: all } = this.#plan;
    const members = sets.get(read) as ReadonlySet<number>;
    const needed = this.#reads.get(read) as number;
    const found = new Set<number>();
    const note = (way: number) => {
      const there = this.#present[way >> 1] as number;
      if (there !== (way & 1) && members.has(way >> 1) === ((way & 1) === 1)) found.add(way);
    };
    for (const [slot, at] of this.#operationIn.entries()) {
      if (at >= 0 && kinds[at] === flips && !this.#has(slot)) note(ways[at] as number);
    }
    if (found.size < needed) {
      for (const [way, { unknown }] of all.entries()) {
        const next = unknown[this.#usedSets.count(this.#used, way)];
        if (next !== undefined && next < this.#rank) note(way);
      }
    }
    if (found.size < needed) return false;
    for (const way of found) if (!this.#flip(way)) return false;
    return true;
  }

  /** Somebody changes a member: of those who have an outcome the first to return. */
  #flip(way: number): boolean {
    const { ways, kinds, given, flips: all } = this.#plan;
    let first = -1;
    for (let slot = 0; slot < this.#operationIn.length; slot++) {
      const at = this.#operationIn[slot] as number;
      if (at < 0 || ways[at] !== way || kinds[at] !== flips || this.#has(slot)) continue;
      const best =
        first < 0 ? open : (given.part.returns[this.#operationIn[first] as number] as number);
      if ((given.part.returns[at] as number) < best) first = slot;
    }
    if (first >= 0) {
      this.#change(way, first);
      return true;
    }
    const unknown = (all[way] as Flips).unknown[this.#usedSets.count(this.#used, way)];
    if (unknown === undefined || unknown > this.#rank) return false;
    this.#used = this.#usedSets.with(this.#used, way);
    this.#change(way, -1);
    return true;
  }

  /** A member changes; whoever waits for that has it. */
  #change(way: number, by: number): void {
    const { kinds, ways, sets, slots } = this.#plan;
    if (by >= 0) this.#mark(by);
    this.#put(way);
    this.#trail.push(way);
    for (let slot = 0; slot < this.#operationIn.length; slot++) {
      const at = this.#operationIn[slot] as number;
      if (at < 0 || kinds[at] !== looks || ways[at] !== way || this.#has(slot)) continue;
      this.#mark(slot);
    }
    for (const [read, differs] of this.#reads) {
      const fits = (sets.get(read) as ReadonlySet<number>).has(way >> 1) === ((way & 1) === 1);
      const now = differs + (fits ? -1 : 1);
      if (now > 0) this.#reads.set(read, now);
      else this.#saw(read, slots.slotOf[read] as number);
    }
  }

  #saw(read: number, slot: number): void {
    this.#mark(slot);
    this.#reads.delete(read);
  }

  /** Whether somebody waits for what nobody can bring about, since what changed after `trail`. */
  #doomed(trail: number): boolean {
    const { kinds, ways, sets, given } = this.#plan;
    for (let nth = trail; nth < this.#trail.length; nth++) {
      const member = (this.#trail[nth] as number) >> 1;
      const there = this.#present[member] as number;
      const other = 2 * member + 1 - there;
      let until = -1;
      for (let slot = 0; slot < this.#operationIn.length; slot++) {
        const at = this.#operationIn[slot] as number;
        if (at < 0 || ways[at] !== other || kinds[at] !== looks || this.#has(slot)) continue;
        if (!this.#canChange(other, given.part.returns[at] as number)) return true;
      }
      for (const read of this.#reads.keys()) {
        if ((sets.get(read) as ReadonlySet<number>).has(member) === (there === 1)) continue;
        const done = given.part.returns[read] as number;
        if (until < 0 || done < until) until = done;
      }
      if (until >= 0 && !this.#canChange(other, until)) return true;
    }
    return false;
  }

  /** Whether somebody can change a member who is called before a rank. */
  #canChange(way: number, until: number): boolean {
    const { kinds, ways, flips: all } = this.#plan;
    for (let slot = 0; slot < this.#operationIn.length; slot++) {
      const at = this.#operationIn[slot] as number;
      if (at >= 0 && ways[at] === way && kinds[at] === flips && !this.#has(slot)) return true;
    }
    const { known, unknown } = all[way] as Flips;
    const lost = unknown[this.#usedSets.count(this.#used, way)];
    if (lost !== undefined && lost < until) return true;
    let [low, high] = [0, known.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((known[middle] as number) < this.#rank) low = middle + 1;
      else high = middle;
    }
    return low < known.length && (known[low] as number) < until;
  }

  /** Passes calls, and returns of those that have taken effect. True at the end. */
  #settle(): boolean {
    const { given, slots } = this.#plan;
    const { events } = given.part;
    for (; this.#rank < events.length; this.#rank++) {
      const event = events[this.#rank] as number;
      const slot = slots.slotOf[event >> 1] as number;
      if ((event & 1) === 0) {
        if (slot >= 0) this.#call(event >> 1, slot);
        continue;
      }
      if (!this.#has(slot)) return false;
      this.#mark(slot);
      this.#operationIn[slot] = -1;
    }
    return true;
  }

  #call(operation: number, slot: number): void {
    const { kinds, ways, sets } = this.#plan;
    this.#operationIn[slot] = operation;
    const kind = kinds[operation];
    const way = ways[operation] as number;
    if (kind === idle) this.#mark(slot);
    if (kind === looks && this.#present[way >> 1] === (way & 1)) this.#mark(slot);
    if (kind !== readsAll) return;
    const members = sets.get(operation) as ReadonlySet<number>;
    let differs = this.#size;
    for (const member of members) differs += this.#present[member] === 1 ? -1 : 1;
    if (differs === 0) this.#mark(slot);
    else this.#reads.set(operation, differs);
  }

  #has(slot: number): boolean {
    return (((this.#mask[slot >> 5] as number) >>> (slot & 31)) & 1) === 1;
  }

  /** Somebody takes effect; or, who had, returns. */
  #mark(slot: number): void {
    this.#mask[slot >> 5] = (this.#mask[slot >> 5] as number) ^ (1 << (slot & 31));
  }
}
