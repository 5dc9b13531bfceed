// When did it become inevitable? From points along a failing run many futures are lived through,
// each with other chance from there on, and the share of those that fail is the probability of the
// failure as of that point. Where it jumps, something was decided. It is looked for by halving:
// first where the probability changes, then at which event. Sources: the idea is that of rare-event
// splitting (Kahn & Harris 1951), read backwards; the interval is Wilson's (1927).

import type { Edit } from '../sim/edit.js';
import { forkFuture } from '../sim/future.js';
import { advance } from '../sim/loop.js';
import { type Failure, shows } from './failure.js';
import { finish, sliceEvents } from './run.js';
import type { Scenario } from './scenario.js';
import { freeze } from './shrink/freeze.js';
import { usageError } from './usage-error.js';
import { variantOf } from './variant.js';
import { extendTrack, openTrack, type Track, type Violation } from './walk.js';

/** The run as of a point, and what became of its futures. */
export interface Point {
  /** So many events have happened. */
  readonly events: number;
  readonly futures: number;
  readonly failing: number;
}

/** One event, before and after which the probability differs most. */
export interface Jump {
  readonly event: number;
  readonly before: Point;
  readonly after: Point;
}

export interface Inevitable {
  /** The run, its operations and faults told: what chance is left to decide is the network's. */
  readonly track: Track;
  readonly violation: Violation;
  /** In the order of the run. */
  readonly points: readonly Point[];
  /** One to three, the largest first; none where it was clear from the beginning. */
  readonly jumps: readonly Jump[];
  /** Futures lived through. */
  readonly runs: number;
}

interface Subject {
  readonly scenario: Scenario;
  readonly seed: string;
  readonly edits: readonly Edit[];
  readonly failure: Failure;
}

interface InevitableOptions {
  /** Futures at each point. */
  readonly futures: number;
}

/** Points that one begins with. */
const pointsAtFirst = 16;
/** Jumps that are told, and how high each is at least. */
const jumpsMax = 3;
const jumpMin = 0.1;
/** Steps of halving; each jump takes the logarithm of the run's length. */
const stepsMax = 90;

/** In parts: yields after each future. Throws a UsageError where the run cannot be forked. */
export function* inevitable(
  subject: Subject,
  { futures }: InevitableOptions,
): Generator<Inevitable, Inevitable> {
  const track = trackOf(subject);
  const { failure } = subject;
  const violation = track.violations.find(
    ({ checker, kind }) => checker === failure.judge && kind === failure.kind,
  );
  if (violation === undefined) throw usageError(`the run does not show ${failure.judge}`);
  const points = new Map<number, Point>();
  let runs = 0;
  const state = (): Inevitable => {
    const all = [...points.values()].sort((a, b) => a.events - b.events);
    return { track, violation, points: all, jumps: jumpsOf(all), runs };
  };
  const sample = function* (events: number): Generator<Inevitable, void> {
    let failing = 0;
    for (let nth = 0; nth < futures; nth++) {
      if (yield* fails(track, events, nth, failure, state)) failing++;
      runs++;
    }
    points.set(events, { events, futures, failing });
  };
  const end = violation.event + 1;
  for (let step = 0; step <= pointsAtFirst; step++) {
    const events = Math.round((end * step) / pointsAtFirst);
    if (!points.has(events)) yield* sample(events);
  }
  for (let step = 0; step < stepsMax; step++) {
    const wide = steepest(state().points).find(([a, b]) => b.events - a.events > 1);
    if (wide === undefined) break;
    yield* sample((wide[0].events + wide[1].events) >>> 1);
  }
  return state();
}

/** The run to be looked at: told in full, so that chance does not change what clients do. */
function trackOf({ scenario, seed, edits, failure }: Subject): Track {
  for (const { protocol } of [scenario, ...scenario.services]) {
    if (protocol.hosted === undefined) continue;
    throw usageError(`${protocol.name} has no other futures`, {
      expected: 'protocols whose state is plain data; this one runs programs of others',
    });
  }
  const told = openTrack(variantOf(scenario, freeze(scenario, seed, edits)), seed);
  while (extendTrack(told, sliceEvents));
  if (told.run !== undefined && shows(told.run, failure)) return told;
  const plain = openTrack(scenario, seed, edits);
  while (extendTrack(plain, sliceEvents));
  return plain;
}

/** Whether one future of the run as of a point fails. */
function* fails(
  { scenario, seed, edits, timeline }: Track,
  events: number,
  nth: number,
  failure: Failure,
  state: () => Inevitable,
): Generator<Inevitable, boolean> {
  const world = forkFuture(timeline.at(events), `future-${nth}`);
  while (advance(world, sliceEvents)) yield state();
  yield state();
  return shows(finish({ scenario, seed, edits, world }), failure);
}

/** Neighbouring points whose probabilities differ, the steepest pairs first. */
function steepest(points: readonly Point[]): readonly (readonly [Point, Point])[] {
  const pairs = points.slice(1).map((b, place) => [points[place] as Point, b] as const);
  return pairs
    .filter(([a, b]) => Math.abs(heightOf(a, b)) >= jumpMin)
    .sort(([a, b], [c, d]) => {
      const higher = Math.abs(heightOf(c, d)) - Math.abs(heightOf(a, b));
      return higher || a.events - c.events;
    })
    .slice(0, jumpsMax);
}

function jumpsOf(points: readonly Point[]): readonly Jump[] {
  return steepest(points).flatMap(([before, after]) =>
    after.events - before.events === 1 ? [{ event: before.events, before, after }] : [],
  );
}

function heightOf(a: Point, b: Point): number {
  return shareOf(b) - shareOf(a);
}

/** The share of futures that fail. */
export function shareOf({ futures, failing }: Point): number {
  return failing / futures;
}

/** Wilson's interval at 95 %: what the probability may be, from what was seen. */
export function intervalOf({ futures: n, failing }: Point): readonly [low: number, high: number] {
  const z = 1.96;
  const p = failing / n;
  const middle = (p + (z * z) / (2 * n)) / (1 + (z * z) / n);
  const half = (z / (1 + (z * z) / n)) * Math.sqrt((p * (1 - p)) / n + (z * z) / (4 * n * n));
  return [Math.max(0, middle - half), Math.min(1, middle + half)];
}
