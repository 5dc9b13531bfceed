// `node:timers` and `node:timers/promises`: every timer is an event of virtual time.
import { argumentError, binding, life } from './state.js';

type Callback = (...args: unknown[]) => unknown;

/** As Node has it: longer delays become 1 ms. */
const delayMsMax = 2_147_483_647;

/** What waits, by its number. */
const waiting = new Map<number, Timeout>();
const count = { made: 0, held: 0 };

/** Whether a timer keeps the program alive. */
export function isTimed(): boolean {
  return count.held > 0;
}

/** Runs the callback of a timer that is due. */
export function fireTimer(id: number): void {
  const timer = waiting.get(id);
  if (timer === undefined) return;
  drop(timer);
  try {
    timer._onTimeout(...timer.args);
  } finally {
    if (timer.repeats && !timer.cleared) arm(timer);
  }
}

class Timeout {
  readonly id = ++count.made;
  readonly repeats: boolean;
  readonly delayMs: number;
  readonly args: readonly unknown[];
  _onTimeout: Callback;
  cleared = false;
  held = true;
  number = 0;

  constructor(callback: unknown, delay: unknown, args: readonly unknown[], repeats: boolean) {
    if (typeof callback !== 'function') throw argumentError('callback', 'a function', callback);
    this._onTimeout = binding.bind?.(callback as Callback) ?? (callback as Callback);
    this.delayMs = delayOf(delay);
    this.args = args;
    this.repeats = repeats;
    arm(this);
  }

  ref(): this {
    if (!this.held && waiting.has(this.id)) count.held++;
    this.held = true;
    return this;
  }

  unref(): this {
    if (this.held && waiting.has(this.id)) count.held--;
    this.held = false;
    return this;
  }

  hasRef(): boolean {
    return this.held;
  }

  refresh(): this {
    if (this.cleared) return this;
    if (waiting.has(this.id)) disarm(this);
    arm(this);
    return this;
  }

  close(): this {
    clear(this);
    return this;
  }

  [Symbol.toPrimitive](): number {
    return this.id;
  }

  [Symbol.dispose](): void {
    clear(this);
  }
}

/** An immediate is a timer without a delay: it comes after what the event itself does. */
class Immediate extends Timeout {}

function delayOf(delay: unknown): number {
  const ms = Math.trunc(Number(delay));
  if (ms === 0 && delay === immediately) return 0;
  return ms >= 1 && ms <= delayMsMax ? ms : 1;
}

/** The delay of an immediate; no number that a program gives is it. */
const immediately = { valueOf: () => 0 };

function arm(timer: Timeout): void {
  waiting.set(timer.id, timer);
  if (timer.held) count.held++;
  timer.number = life.host.setTimer(timer.id, timer.delayMs * 1000);
}

function drop(timer: Timeout): void {
  if (waiting.delete(timer.id) && timer.held) count.held--;
}

function disarm(timer: Timeout): void {
  drop(timer);
  life.host.clearTimer(timer.number);
}

function clear(given: unknown): void {
  const timer = given instanceof Timeout ? given : waiting.get(Number(given));
  if (timer === undefined) return;
  timer.cleared = true;
  if (waiting.has(timer.id)) disarm(timer);
}

const timeoutOf = (callback: unknown, delay?: unknown, ...args: unknown[]): Timeout =>
  new Timeout(callback, delay, args, false);
const intervalOf = (callback: unknown, delay?: unknown, ...args: unknown[]): Timeout =>
  new Timeout(callback, delay, args, true);
const immediateOf = (callback: unknown, ...args: unknown[]): Timeout =>
  new Immediate(callback, immediately, args, false);

interface Waited {
  readonly signal?: AbortSignal;
}

function wait(delay: unknown, value: unknown, { signal }: Waited = {}): Promise<unknown> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted === true) return reject(aborted(signal));
    const timer = new Timeout(() => resolve(value), delay, [], false);
    signal?.addEventListener('abort', () => {
      clear(timer);
      reject(aborted(signal));
    });
  });
}

function aborted(signal: AbortSignal): Error {
  const error = new Error('The operation was aborted', { cause: signal.reason });
  return Object.assign(error, { name: 'AbortError', code: 'ABORT_ERR' });
}

async function* repeatedly(delay: unknown, value: unknown, options?: Waited) {
  for (;;) yield await wait(delay, value, options);
}

/** `timers/promises`. */
export const timersPromises = {
  setTimeout: (delay?: unknown, value?: unknown, options?: Waited) => wait(delay, value, options),
  setImmediate: (value?: unknown, options?: Waited) => wait(immediately, value, options),
  setInterval: repeatedly,
  scheduler: {
    wait: (delay: unknown, options?: Waited) => wait(delay, undefined, options),
    yield: () => wait(immediately, undefined),
  },
};

const custom = Symbol.for('nodejs.util.promisify.custom');

/** The globals, which are also what `node:timers` exports. */
export const timerFunctions = {
  setTimeout: Object.assign(timeoutOf, { [custom]: timersPromises.setTimeout }),
  setInterval: intervalOf,
  setImmediate: Object.assign(immediateOf, { [custom]: timersPromises.setImmediate }),
  clearTimeout: clear,
  clearInterval: clear,
  clearImmediate: clear,
};
