// Waiting without giving anybody else in this thread a turn.

const sleeper = new Int32Array(new SharedArrayBuffer(4));

/** Sleeps for so many milliseconds. */
export function nap(ms: number): void {
  Atomics.wait(sleeper, 0, 0, ms);
}
