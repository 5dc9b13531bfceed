// How long a program has been waited for, as far as it could have used that time: a machine that is
// busy with others, or that stands still itself, is no fault of the program's.

/** One wait for a program. */
export class Wait {
  readonly #starvedMs: () => number;
  readonly #nowMs: () => number;
  #lastMs: number;
  #spentMs = 0;
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

  /** Whether it has taken longer than `patienceMs`, the time not counted that others had. */
  isOver(patienceMs: number): boolean {
    if (this.spentMs() <= patienceMs) return false;
    return this.#spentMs - (this.#starvedMs() - (this.#starvedBefore ?? 0)) > patienceMs;
  }
}

/** Looks are milliseconds apart; what is beyond this was taken from us, so also from it. */
const stallMs = 50;

/** Waits are mostly over before; asking the kernel costs more. */
const briefMs = 20;
