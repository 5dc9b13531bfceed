// How long a program has been waited for, as far as it could have used that time: a machine that is
// busy with others, or that stands still itself, is no fault of the program's.

/** How long, by the wall's clock, a program may take. */
export interface Patience {
  /** To become quiescent; then it counts as one with timers of its own. */
  readonly quiescentMs: number;
  /** To say the line that is awaited. */
  readonly awaitedMs: number;
}

/** One wait for a program: for a line, if one is awaited, and then for it to be quiescent. */
export class Wait {
  readonly #starvedMs: () => number;
  readonly #nowMs: () => number;
  #lastMs: number;
  #spentMs = 0;
  /** A line is awaited. */
  #awaits = false;
  /** Before so much is spent it need not be asked what it has starved. */
  #earliestMs = 0;
  /** What it had starved when that was asked for first. */
  #starvedBefore: number | undefined;

  /** `starvedMs`: how long the program has waited for a processor since it was started. */
  constructor(starvedMs: () => number, nowMs = () => performance.now()) {
    this.#starvedMs = starvedMs;
    this.#nowMs = nowMs;
    this.#lastMs = nowMs();
  }

  /** Milliseconds so far; a look that comes late counts as one that came in time. */
  spentMs(): number {
    const now = this.#nowMs();
    this.#spentMs += Math.min(now - this.#lastMs, stallMs);
    this.#lastMs = now;
    if (this.#spentMs > briefMs) this.#starvedBefore ??= this.#starvedMs();
    return this.#spentMs;
  }

  /**
   * Whether it has taken longer than it may, the time not counted that others had. `awaits`: it has
   * yet to say what is awaited; when it has, it is waited for anew, until it is quiescent.
   */
  isOver({ awaitedMs, quiescentMs }: Patience, awaits = false): boolean {
    if (this.#awaits && !awaits) this.#beginAnew();
    this.#awaits = awaits;
    return this.#isBeyond(awaits ? awaitedMs : quiescentMs);
  }

  #beginAnew(): void {
    this.#spentMs = 0;
    this.#earliestMs = 0;
    this.#starvedBefore = undefined;
  }

  #isBeyond(patienceMs: number): boolean {
    const spent = this.spentMs();
    if (spent <= Math.max(patienceMs, this.#earliestMs)) return false;
    const used = spent - (this.#starvedMs() - (this.#starvedBefore ?? 0));
    this.#earliestMs = spent + patienceMs - used;
    return used > patienceMs;
  }
}

/** Looks are milliseconds apart; what is beyond this was taken from us, so also from it. */
const stallMs = 50;

/** Waits are mostly over before; asking the kernel costs more. */
const briefMs = 20;
