// A run that can be entered at any event, forwards and backwards. Nothing is undone: an earlier
// instant is reached by running again from the nearest checkpoint before it, which gives the same
// events, since nothing but the seed decides. Beside the checkpoints it keeps 22 bytes an event.

import type { Micros } from '../kernel/time.js';
import { type CheckpointLimits, Checkpoints, checkpointLimits } from './checkpoints.js';
import { forkWorld } from './create.js';
import { advance } from './loop.js';
import type { Step } from './step.js';
import { Trace, type TraceRow } from './trace.js';
import type { World } from './world.js';

/** What was remarkable about an event; bits. */
export const marks = {
  /** The history grew: an operation was invoked or completed. */
  ops: 1,
  /** It came to nothing: a message was lost or held, a sync failed. */
  lost: 2,
  /** The node threw. */
  crash: 4,
} as const;

/** A second run of the same events has gone differently: a protocol is not deterministic. */
export class DivergedError extends Error {
  override readonly name = 'DivergedError';
  readonly event: number;

  constructor(event: number) {
    super(`event ${event} went differently the second time: the protocol is not deterministic`);
    this.event = event;
  }
}

/** Worlds at hand between two calls: one for the cursor, one for reading rows, one to compare. */
const liveMax = 3;

/** Worlds kept near the place where one steps back, and events between them. */
const nearMax = 8;
const nearShare = 4;

export class Timeline {
  /** The events that are known so far. */
  readonly #trace = new Trace();
  readonly #begin: () => World;
  readonly #checkpoints: Checkpoints;
  readonly #hosted: boolean;
  #marks = new Uint8Array(4_096);
  /** By operation of the history, the event that it was invoked or completed by. */
  readonly #opEvents: number[] = [];
  /** The end of what is known. */
  readonly #front: World;
  /** The latest used is last. */
  #live: World[] = [];
  /** The one that was asked for last: it is not used up by those who read rows. */
  #looked: World | undefined;
  #near: World[] = [];
  #lastGoal = 0;

  /** `begin` makes the world before its first event, always the same. */
  constructor(begin: () => World, limits: Partial<CheckpointLimits> = {}) {
    this.#begin = begin;
    this.#front = begin();
    // Hosted programs cannot be copied: their runs begin again at every seek back.
    this.#hosted = this.#front.programs.some(({ protocol }) => protocol.hosted !== undefined);
    const most = this.#hosted ? { countMax: 0 } : {};
    this.#checkpoints = new Checkpoints({ ...checkpointLimits, ...limits, ...most });
    this.#front.trace = this.#trace;
    this.#keep();
  }

  /** Events known so far; of the whole run when `ended`. */
  get length(): number {
    return this.#trace.length;
  }

  get ended(): boolean {
    return this.#front.end !== undefined;
  }

  /** The world at the end of what is known. To be looked at only. */
  get front(): World {
    return this.#front;
  }

  /** Runs up to `count` events more; false when the run is over. */
  extend(count: number): boolean {
    const world = this.#front;
    let known = world.history.length;
    for (let done = 0; done < count; done++) {
      const event = world.events;
      const { history, scratch } = world;
      // Not every event says that it came to something, or that nobody threw.
      scratch.outcome = '';
      scratch.crash = undefined;
      const goesOn = advance(world, 1);
      if (world.events > event) {
        let mark = scratch.outcome === '' ? 0 : marks.lost;
        if (scratch.crash !== undefined) mark |= marks.crash;
        if (history.length > known) mark |= marks.ops;
        for (; known < history.length; known++) this.#opEvents.push(event);
        this.#mark(event, mark);
      }
      if (!goesOn) return false;
      if (this.#checkpoints.wants(world.events)) this.#keep();
    }
    return true;
  }

  /** The row of an event; `undefined` if there is none that is known. */
  row(event: number): TraceRow | undefined {
    return this.#trace.at(event);
  }

  /** What was remarkable about an event: bits of `marks`. */
  marksOf(event: number): number {
    return this.#marks[event] ?? 0;
  }

  /** The event by which an operation's line got into the history; −1 if it is not known. */
  eventOfOp(index: number): number {
    return this.#opEvents[index] ?? -1;
  }

  /** Lines of the history once `count` events have happened. O(log operations). */
  opsBefore(count: number): number {
    let low = 0;
    for (let high = this.#opEvents.length; low < high; ) {
      const middle = (low + high) >>> 1;
      if ((this.#opEvents[middle] as number) < count) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** The first event at or after a time; the end of what is known if there is none. O(log). */
  eventAt(atUs: Micros): number {
    let low = 0;
    for (let high = this.length; low < high; ) {
      const middle = (low + high) >>> 1;
      if ((this.#trace.at(middle)?.atUs ?? 0) < atUs) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /**
   * The world after `count` events, or after the last one if there are fewer. It is to be looked
   * at only, and until the next call. Throws `DivergedError`.
   */
  at(count: number): World {
    this.#looked = undefined;
    this.#looked = this.#reached(count);
    return this.#looked;
  }

  /**
   * Tells what happened from event `from` up to `to`, in full, with the world right after each;
   * before that it shows the world before the first one. Throws `DivergedError`.
   */
  visit(
    from: number,
    to: number,
    visitor: (step: Step, world: World) => void,
    begin: (world: World) => void = () => {},
  ): void {
    const world = this.#reached(from);
    begin(world);
    world.observer = (step) => visitor(step, world);
    advance(world, to - from);
    world.observer = undefined;
    this.#checked(world);
  }

  /** The steps of the events from `from` up to `to`. Throws `DivergedError`. */
  steps(from: number, to: number): readonly Step[] {
    const steps: Step[] = [];
    this.visit(from, to, (step) => steps.push(step));
    return steps;
  }

  /** Bytes that the rows take, and how many worlds are kept. */
  get size(): { readonly rowBytes: number; readonly checkpoints: number } {
    const rowBytes = this.#trace.bytes + this.#marks.length;
    return { rowBytes, checkpoints: this.#checkpoints.count };
  }

  #keep(): void {
    if (this.#checkpoints.wants(this.#front.events)) {
      this.#checkpoints.keep(forkWorld(this.#front));
    }
  }

  #mark(event: number, mark: number): void {
    if (event >= this.#marks.length) {
      const marked = new Uint8Array(2 * this.#marks.length);
      marked.set(this.#marks);
      this.#marks = marked;
    }
    this.#marks[event] = mark;
  }

  #reached(count: number): World {
    return this.#checked(this.#moved(this.#worldBefore(count), count));
  }

  /** A world of our own at or before `count`, the nearest there is. */
  #worldBefore(count: number): World {
    const isBefore = (world: World): boolean => world.events <= count;
    const latest = (a: World | undefined, b: World): World =>
      a === undefined || b.events > a.events ? b : a;
    const looked = this.#looked;
    const live = this.#live
      .filter((world) => world !== looked && isBefore(world))
      .reduce<World | undefined>(latest, undefined);
    const copied = looked === undefined || this.#hosted ? this.#near : [...this.#near, looked];
    const near = copied.filter(isBefore).reduce<World | undefined>(latest, undefined);
    const far = this.#checkpoints.before(count);
    const kept = near !== undefined && near.events >= (far?.events ?? 0) ? near : far;
    if (live !== undefined && live.events >= (kept?.events ?? 0)) {
      this.#live = this.#live.filter((world) => world !== live);
      return live;
    }
    return kept === undefined ? this.#begin() : forkWorld(kept);
  }

  /**
   * Runs a world forward; for one who steps back it leaves copies behind on the way, where they
   * save more than they cost.
   */
  #moved(world: World, count: number): World {
    const { spacing, copyEvents, count: kept } = this.#checkpoints;
    const gap = Math.max(16, copyEvents, Math.floor(spacing / nearShare));
    const isShort = count < this.#lastGoal && this.#lastGoal - count <= spacing;
    const stepsBack = kept > 0 && gap < spacing && isShort;
    this.#lastGoal = count;
    while (world.events < count) {
      const next = stepsBack ? (Math.floor(world.events / gap) + 1) * gap : count;
      if (!advance(world, Math.min(count, next) - world.events)) break;
      if (next < count && !this.#near.some(({ events }) => events === next)) {
        this.#near = [...this.#near.slice(1 - nearMax), forkWorld(world)];
      }
    }
    const others = this.#live.filter((each) => each !== this.#looked).slice(1 - liveMax);
    this.#live = [...(this.#looked === undefined ? [] : [this.#looked]), ...others, world];
    return world;
  }

  #checked(world: World): World {
    const last = this.#trace.at(world.events - 1);
    if (last !== undefined && last.digest !== world.digest.lo) {
      throw new DivergedError(firstDifferent(this.#trace, this.#begin()));
    }
    return world;
  }
}

/** The first event of a fresh run that is not what the rows say. */
function firstDifferent(rows: Trace, world: World): number {
  for (let event = 0; event < rows.length; event++) {
    advance(world, 1);
    if (world.digest.lo !== rows.at(event)?.digest) return event;
  }
  return rows.length - 1;
}

/** The first event at which two runs differ; the end of the shorter one if it is all they share. */
export function firstDifferentEvent(a: Timeline, b: Timeline): number | undefined {
  const shared = Math.min(a.length, b.length);
  for (let event = 0; event < shared; event++) {
    if (a.row(event)?.digest !== b.row(event)?.digest) return event;
  }
  return a.length === b.length ? undefined : shared;
}
