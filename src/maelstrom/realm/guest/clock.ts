// The realm's clocks: `Date` tells the node's own virtual time, in UTC; `performance` and
// `process.hrtime` the same without its jumps backwards. Time stands still while code runs.
import { life } from './state.js';

/** Virtual time 0, as `Date.now()` tells it: the first instant of 2020. */
const epochMs = 1_577_836_800_000;

/** So many readings of a clock in one event are a loop that waits for it to move. */
const readingsMax = 1_000_000;

const reading = { count: 0 };

/** A new event has begun. */
export function resetReadings(): void {
  reading.count = 0;
}

function checkReadings(): void {
  if (++reading.count <= readingsMax) return;
  reading.count = 0;
  throw new Error(
    'the clock was read a million times in one event: virtual time stands still while code runs, ' +
      'so a loop that waits for it never ends; use a timer',
  );
}

function nowMs(): number {
  checkReadings();
  return epochMs + Math.floor(life.host.nowUs() / 1000);
}

/** Milliseconds since the program's start, with fractions. */
export function elapsedMs(): number {
  checkReadings();
  return life.host.monotonicUs() / 1000;
}

/** Nanoseconds on the clock of `process.hrtime`. */
export function elapsedNs(): bigint {
  return BigInt(Math.round(elapsedMs() * 1000)) * 1000n;
}

const HostDate = Date;

/** The parts of a date that depend on a time zone, and what they are in UTC. */
const zoned = [
  ...['Date', 'Day', 'FullYear', 'Hours', 'Milliseconds', 'Minutes', 'Month', 'Seconds'],
];

/** A text that names a time but no zone: JavaScript reads it in the host's. */
const zoneless = /\d[T ]\d{1,2}:\d{2}|^(?!\d{4}(-\d{2}){0,2}$)/;
const namesZone = /(Z|[+-]\d{2}:?\d{2}|GMT|UTC|UT)\s*(\(.*\))?$/i;

/** `text` in ms, read in UTC where it names no zone. */
function parse(text: string): number {
  const ms = HostDate.parse(text);
  if (Number.isNaN(ms) || !zoneless.test(text) || namesZone.test(text.trim())) return ms;
  return ms - offsetOf.call(new HostDate(ms)) * 60_000;
}

const offsetOf = HostDate.prototype.getTimezoneOffset;

function timeOf(args: readonly unknown[]): number | Date {
  const [first] = args;
  if (args.length === 0) return nowMs();
  if (args.length > 1) return (HostDate.UTC as (...parts: unknown[]) => number)(...args);
  if (first instanceof HostDate) return first.getTime();
  const value = typeof first === 'object' && first !== null ? String(first) : first;
  return typeof value === 'string' ? parse(value) : (value as number);
}

/** The realm's `Date`. */
export function virtualDate(): DateConstructor {
  const made = function (this: unknown, ...args: unknown[]): unknown {
    if (new.target === undefined) return new HostDate(nowMs()).toString();
    return Reflect.construct(HostDate, [timeOf(args)], new.target);
  };
  Object.defineProperty(made, 'name', { value: 'Date' });
  Object.defineProperty(made, 'length', { value: 7 });
  Object.defineProperty(made, 'prototype', { value: HostDate.prototype, writable: false });
  Object.assign(made, { now: nowMs, parse, UTC: HostDate.UTC });
  const prototype = HostDate.prototype as unknown as Record<string, unknown>;
  for (const part of zoned) {
    prototype[`get${part}`] = prototype[`getUTC${part}`];
    if (part !== 'Day') prototype[`set${part}`] = prototype[`setUTC${part}`];
  }
  Object.assign(prototype, { constructor: made, ...texts });
  return made as unknown as DateConstructor;
}

const zone = 'GMT+0000 (Coordinated Universal Time)';

/** What a date says of itself in words, as it does where the time zone is UTC. */
const texts = {
  getTimezoneOffset: () => 0,
  toDateString(this: Date): string {
    // Mon, 01 Jan 2020 00:00:00 GMT
    const [day = '', date, month, year] = this.toUTCString().split(' ');
    return Number.isNaN(this.getTime())
      ? 'Invalid Date'
      : [day.slice(0, 3), month, date, year].join(' ');
  },
  toTimeString(this: Date): string {
    return Number.isNaN(this.getTime())
      ? 'Invalid Date'
      : `${this.toISOString().slice(11, 19)} ${zone}`;
  },
  toString(this: Date): string {
    if (Number.isNaN(this.getTime())) return 'Invalid Date';
    return `${this.toDateString()} ${this.toTimeString()}`;
  },
};

/** The global `performance`. */
export function virtualPerformance(): object {
  const timeOrigin = epochMs;
  const entries: object[] = [];
  const mark = (name: string): object => {
    const entry = { name, entryType: 'mark', startTime: elapsedMs(), duration: 0 };
    entries.push(entry);
    return entry;
  };
  return {
    now: elapsedMs,
    timeOrigin,
    mark,
    measure: (name: string) => ({
      name,
      entryType: 'measure',
      startTime: elapsedMs(),
      duration: 0,
    }),
    clearMarks: () => undefined,
    clearMeasures: () => undefined,
    getEntries: () => [...entries],
    getEntriesByName: (name: string) =>
      entries.filter((entry) => (entry as { name: string }).name === name),
    getEntriesByType: () => [...entries],
    eventLoopUtilization: () => ({ idle: 0, active: 0, utilization: 0 }),
    timerify: (callback: unknown) => callback,
    toJSON: () => ({ timeOrigin }),
  };
}
