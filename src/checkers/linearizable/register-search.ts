// The search for registers whose values may repeat: depth first, never from a configuration where
// one that is as good has been explored; what it knows of registers is in the walk.
import type { BoundName, Bounds, Outcome, Searched } from './bounds.js';
import type { Classes } from './classes.js';
import { Explored } from './explored.js';
import { Frames } from './frames.js';
import type { Partials } from './partials.js';
import type { RegisterPart } from './register-part.js';
import { Moves, RegisterWalk } from './register-walk.js';

/** Configurations visited to find more partial orders after the first. */
const moreMax = 24;
/**
 * Whoever visits more configurations that lead no farther is lost and gives up: so many, and one
 * more for so many events passed.
 */
const idleMax = 500;
const eventsEach = 8;

/** How a part is searched. */
interface Manner {
  /** Looks for few ways to use unknown operations: then it finds orders sooner, but proves less. */
  readonly frugal?: boolean;
  /** Is told of longest partial orders. */
  readonly partials?: Partials;
}

/** Searches a part to the end, to a bound, or until it is lost. */
export function searchRegister(
  registers: RegisterPart,
  bounds: Bounds,
  manner: Manner = {},
): Searched & { readonly classes: Classes } {
  const search = new RegisterSearch(registers, manner);
  const outcome = search.run(bounds);
  return { outcome, configurations: search.configurations, classes: search.classes };
}

class RegisterSearch {
  configurations = 0;
  readonly #partials: Partials | undefined;
  readonly #walk: RegisterWalk;
  readonly #frames: Frames;
  readonly #explored: Explored;
  /** The moves of all frames, one after the other. */
  readonly #moves = new Moves();
  readonly #events: number;
  #deepest = 0;
  /** Configurations that led no farther. */
  #idle = 0;
  /** Configurations when the first partial order was found. */
  #noted = 0;
  /** Parts of a frame after its row. */
  readonly #cursorAt: number;
  readonly #movesAt: number;
  readonly #lengthAt: number;

  constructor(registers: RegisterPart, { frugal = false, partials }: Manner) {
    this.#partials = partials;
    this.#events = registers.part.events.length;
    this.#walk = new RegisterWalk(registers);
    this.#walk.frugal = frugal;
    const { width } = this.#walk;
    [this.#cursorAt, this.#movesAt, this.#lengthAt] = [width, width + 1, width + 2];
    this.#frames = new Frames(width + 3);
    this.#explored = new Explored(this.#walk);
  }

  run(bounds: Bounds): Outcome {
    const walk = this.#walk;
    if (walk.settle()) return this.#done();
    this.#visit();
    const frames = this.#frames;
    while (frames.depth > 0) {
      if (!this.#advance()) {
        this.#note();
        frames.depth--;
        if (frames.depth > 0) this.#restore();
        continue;
      }
      if (walk.settle()) return this.#done();
      if (!this.#visit()) this.#restore();
      const bound = this.#boundMet(bounds);
      if (bound !== undefined) return { verdict: 'unknown', reached: this.#deepest, bound };
    }
    // Whoever was frugal has not tried everything.
    if (walk.frugal) return this.#lost();
    return { verdict: 'invalid', stuck: this.#deepest };
  }

  #lost(): Outcome {
    return { verdict: 'unknown', reached: this.#deepest, bound: 'configurationsMax' };
  }

  get classes(): Classes {
    return this.#walk.classes;
  }

  #done(): Outcome {
    this.#note();
    return { verdict: 'valid' };
  }

  #note(): void {
    const { pending, order, length } = this.#walk;
    if (this.#partials === undefined || pending.rank !== this.#partials.stuck) return;
    this.#partials.note(this.#walk.shownOrder(order.subarray(0, length)));
    this.#noted ||= this.configurations;
  }

  /** Whether enough has been told of partial orders: others than the first are to cost little. */
  #isToldEnough(): boolean {
    if (this.#noted === 0) return false;
    return this.#partials?.full === true || this.configurations > this.#noted + moreMax;
  }

  #boundMet({ configurationsMax, bytesMax, progress }: Bounds): BoundName | undefined {
    if ((this.configurations & 1023) === 0) progress?.(this.#deepest / this.#events);

    const isLost = this.#idle > idleMax + this.#deepest / eventsEach;
    if (isLost || this.#isToldEnough() || this.configurations > configurationsMax) {
      return 'configurationsMax';
    }
    return this.#explored.bytes + this.#walk.used.bytes > bytesMax ? 'bytesMax' : undefined;
  }

  /** Remembers the configuration and makes it the topmost frame; false if it leads nowhere new. */
  #visit(): boolean {
    const walk = this.#walk;
    if (!this.#explored.add()) return false;
    this.configurations++;
    const { rank } = walk.pending;
    if (rank > this.#deepest) this.#deepest = rank;
    else this.#idle++;
    const start = this.#frames.push();
    const { rows } = this.#frames;
    walk.save(rows, start);
    rows[start + this.#cursorAt] = this.#moves.end;
    rows[start + this.#lengthAt] = walk.length;
    const doom = walk.doom();
    if (doom > this.#deepest) this.#deepest = doom;
    // Nobody need get beyond the end of partial orders.
    const end = this.#partials?.stuck ?? Number.POSITIVE_INFINITY;
    if (doom < 0 || doom >= end) walk.list(this.#moves);
    rows[start + this.#movesAt] = this.#moves.end;
    return true;
  }

  #restore(): void {
    const { rows, top } = this.#frames;
    this.#walk.load(rows, top);
    this.#walk.length = rows[top + this.#lengthAt] as number;
    this.#moves.end = rows[top + this.#movesAt] as number;
  }

  /** Makes the next move of the topmost frame; false when there is none left. */
  #advance(): boolean {
    const { rows, top } = this.#frames;
    const cursor = rows[top + this.#cursorAt] as number;
    if (cursor === rows[top + this.#movesAt]) return false;
    rows[top + this.#cursorAt] = cursor + 1;
    this.#walk.make(this.#moves.rows[cursor] as number);
    return true;
  }
}
