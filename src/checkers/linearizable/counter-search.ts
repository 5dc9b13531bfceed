// Counters: depth-first search from sum to sum.
import type { BoundName, Bounds, Searched } from './bounds.js';
import { CounterExplored } from './counter-explored.js';
import type { CounterLimits } from './counter-limits.js';
import type { CounterPart } from './counter-part.js';
import type { Stretch } from './counter-stretch.js';
import { CounterWalk, type Frame } from './counter-walk.js';

/** Ways to add up that are looked at for each configuration that may be visited. */
const looksEach = 32;

export class CounterSearch {
  configurations = 0;
  readonly #given: CounterPart;
  readonly #walk: CounterWalk;
  readonly #explored: CounterExplored;
  readonly #frames: Frame[] = [];
  #deepest = 0;
  #begun = false;

  constructor(given: CounterPart, limits: CounterLimits, stretch: Stretch) {
    this.#given = given;
    this.#walk = new CounterWalk(given, limits, stretch);
    const { tallies, words } = this.#walk;
    this.#explored = new CounterExplored(given.amounts, tallies, words);
  }

  /** Searches to the end or to a bound; from there it goes on when it is called again. */
  run(bounds: Bounds): Searched {
    const searched = (outcome: Searched['outcome']) => ({
      outcome,
      configurations: this.configurations,
    });
    const looksMax = looksEach * bounds.configurationsMax;
    if (!this.#begun && this.#begin()) return searched({ verdict: 'valid' });
    for (let top = this.#frames.at(-1); top !== undefined; top = this.#frames.at(-1)) {
      const bound = this.#boundMet(bounds);
      if (bound !== undefined) {
        return searched({ verdict: 'unknown', reached: this.#deepest, bound });
      }
      this.configurations++;
      if (!this.#walk.advance(top, looksMax)) {
        if (this.#walk.looks >= looksMax) continue;
        this.#frames.pop();
        const before = this.#frames.at(-1);
        if (before !== undefined) this.#walk.restore(before);
      } else if (!this.#walk.isDoomed()) {
        if (this.#walk.settle()) return searched({ verdict: 'valid' });
        if (!this.#visit()) this.#walk.restore(top);
      } else {
        this.#walk.restore(top);
      }
    }
    return searched({ verdict: 'invalid', stuck: this.#deepest });
  }

  #boundMet({ configurationsMax, bytesMax, progress }: Bounds): BoundName | undefined {
    if (this.configurations > configurationsMax) return 'configurationsMax';
    if (this.#walk.looks >= looksEach * configurationsMax) return 'configurationsMax';
    if ((this.configurations & 255) !== 0) return undefined;
    progress?.(this.#deepest / this.#given.part.events.length);
    return this.#bytes > bytesMax ? 'bytesMax' : undefined;
  }

  /** True if there is nothing to search. */
  #begin(): boolean {
    this.#begun = true;
    if (this.#walk.isDoomed()) return false;
    if (this.#walk.settle()) return true;
    this.#visit();
    return false;
  }

  get #bytes(): number {
    const frames = this.#frames.length * (600 + 80 * this.#given.amounts.length);
    return this.#explored.bytes + this.#walk.tallies.bytes + frames;
  }

  /** Remembers where it is; false if it has been there. */
  #visit(): boolean {
    const frame = this.#walk.visit(this.#explored);
    if (frame === undefined) return false;
    this.#deepest = Math.max(this.#deepest, frame.rank);
    this.#frames.push(frame);
    return true;
  }
}
