// What a handler did, recorded while it runs and applied when it has returned: columns, reused for
// every event, so that recording allocates nothing of its own.

/** Kinds of effects. */
export const SEND = 1;
export const TIMER = 2;
export const CLEAR = 3;
export const WRITE = 4;
export const SYNC = 5;
export const NOTE = 6;

/**
 * One row an effect: `what` its kind; `where` a party's number or a timer's id; `payload` the
 * message, timer, value or text; `key` the store's key; `delayUs` a timer's.
 */
export class Effects {
  count = 0;
  readonly what: number[] = [];
  readonly where: number[] = [];
  readonly payload: unknown[] = [];
  readonly delayUs: number[] = [];
  readonly key: string[] = [];

  add(what: number, where: number, payload: unknown): void {
    const row = this.count++;
    this.what[row] = what;
    this.where[row] = where;
    this.payload[row] = payload;
  }

  /** Forgets all rows; payloads are let go. */
  clear(): void {
    for (let row = 0; row < this.count; row++) this.payload[row] = undefined;
    this.count = 0;
  }

  /** The last value written to `key` in this event; `undefined` if none was. */
  written(key: string): { readonly value: unknown } | undefined {
    for (let row = this.count - 1; row >= 0; row--) {
      if (this.what[row] === WRITE && this.key[row] === key) return { value: this.payload[row] };
    }
    return undefined;
  }
}

/** What has taken place at once, while the handler ran, in the event at hand; see `at-once.ts`. */
export class AtOnce {
  /** Whether effects may take place at once; only while a handler of the quiet lane runs. */
  open = false;
  sends = 0;
  timers = 0;
  /** The keys of what was sent, all mixed: part of the event's digest. */
  keys = 0;
  /** Where the first message went. */
  firstTarget = 0;
  /** Slots of what was sent, should it have to be taken back. */
  slots = new Int32Array(64);
}
