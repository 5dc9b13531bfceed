// A stack of configurations to come back to, as rows of integers.

/** Rows of `width` integers; the topmost can be read and written in place. */
export class Frames {
  readonly width: number;
  depth = 0;
  rows: Int32Array<ArrayBuffer>;

  constructor(width: number) {
    this.width = width;
    this.rows = new Int32Array(width * 16);
  }

  /** Where the topmost row begins. */
  get top(): number {
    return (this.depth - 1) * this.width;
  }

  /** Where the new topmost row begins; what is in it is up to the caller. */
  push(): number {
    const start = this.depth++ * this.width;
    if (start + this.width > this.rows.length) {
      const grown = new Int32Array(this.rows.length * 2);
      grown.set(this.rows);
      this.rows = grown;
    }
    return start;
  }
}
