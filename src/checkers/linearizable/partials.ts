// Longest partial linearizations: how far one can get, and in which order. A search that knows
// where it will be stuck writes down the first few ways to get there.

/** Orders of operations that explain everything before the return at which no order goes on. */
export class Partials {
  /** The rank of that return. */
  readonly stuck: number;
  readonly orders: (readonly number[])[] = [];
  readonly #max: number;

  constructor(stuck: number, max: number) {
    this.stuck = stuck;
    this.#max = max;
  }

  /** Whether there are as many as are wanted. */
  get full(): boolean {
    return this.orders.length >= this.#max;
  }

  /** Notes an order that leads as far as one can get. */
  note(order: Iterable<number>): void {
    if (!this.full) this.orders.push([...order]);
  }
}
