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

  /** Notes the first `length` operations of `order` if they lead as far as one can get. */
  note(rank: number, order: Int32Array, length: number): void {
    if (rank === this.stuck && this.orders.length < this.#max) {
      this.orders.push([...order.subarray(0, length)]);
    }
  }
}
