// When did it become inevitable? From points along a failing run many futures are lived through,
// each with other chance from there on, and the share of those that fail is the probability of the
// failure as of that point. Where it jumps, something was decided. It is looked for by halving:
// first where the probability rises, then at which event; what seems to be a jump is looked at
// more closely than the rest. Sources: the idea is that of rare-event splitting (Kahn & Harris
// 1951), read backwards; the interval is Wilson's (1927).

import type { Edit } from '../sim/edit.js';
import { forkFuture } from '../sim/future.js';
import { advance } from '../sim/loop.js';
import type { World } from '../sim/world.js';
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

/** One event, by which the probability rises most. */
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

/** Events of a future between two looks at it. */
const futureEvents = 512;
/** Points that one begins with. */
const pointsAtFirst = 16;
/** Jumps that are told, and how high each is at least. */
const jumpsMax = 3;
const jumpMin = 0.1;
/** So much more is a jump looked at before it is told than any other point. */
const closer = 4;
/** Steps of halving and of looking closer; each jump takes the logarithm of the run's length. */
const stepsMax = 120;
/** As sure as one wants to be that a point lies above the one before it: 95 % on one side. */
const sure = 1.645;
/** Where the failure shows, it is certain, unless what shows it comes later than its witness. */
const certain = 0.95;

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
  /** Looks at a point, or looks again, through other futures than before. */
  const sample = function* (events: number): Generator<Inevitable, void> {
    const known = points.get(events) ?? { events, futures: 0, failing: 0 };
    let { failing } = known;
    for (let nth = known.futures; nth < known.futures + futures; nth++) {
      if (yield* fails(track, events, nth, failure, state)) failing++;
      runs++;
    }
    points.set(events, { events, futures: known.futures + futures, failing });
  };
  const spread = function* (from: number, to: number): Generator<Inevitable, void> {
    for (let step = 0; step <= pointsAtFirst; step++) {
      const events = from + Math.round(((to - from) * step) / pointsAtFirst);
      if (!points.has(events)) yield* sample(events);
    }
  };
  const seen = violation.event + 1;
  yield* spread(0, seen);
  // Its witness may be there before what it testifies to: an old write before the read of it.
  if (shareOf(points.get(seen) as Point) < certain) yield* spread(seen, track.timeline.length);
  for (let step = 0; step < stepsMax; step++) {
    const next = lookedAtNext(state().points, closer * futures);
    if (next === undefined) break;
    yield* sample(next);
  }
  return state();
}

/** The middle of what is steep, then an end of a jump that is not sure yet; in the end nothing. */
function lookedAtNext(points: readonly Point[], futuresMax: number): number | undefined {
  const pairs = steepest(points);
  const wide = pairs.find(([a, b]) => b.events - a.events > 1);
  if (wide !== undefined) return (wide[0].events + wide[1].events) >>> 1;
  const ends = pairs.flat().filter((point) => point.futures < futuresMax);
  return ends.sort((a, b) => a.futures - b.futures || a.events - b.events)[0]?.events;
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

/**
 * Whether one future of the run as of a point fails. Only the judge in question is asked; a
 * property that has been broken stays so, whatever else this future holds.
 */
function* fails(
  { scenario, seed, edits, timeline }: Track,
  events: number,
  nth: number,
  failure: Failure,
  state: () => Inevitable,
): Generator<Inevitable, boolean> {
  const world = forkFuture(timeline.at(events), `future-${nth}`);
  const plain = scenario.expect.expect === 'valid';
  while (advance(world, futureEvents)) {
    if (plain && isBroken(world, failure)) return true;
    yield state();
  }
  yield state();
  const asked = scenario.checkers.filter(({ checker }) => checker.name === failure.judge);
  const judged = plain ? { ...scenario, checkers: asked } : scenario;
  return shows(finish({ scenario: judged, seed, edits, world }), failure);
}

function isBroken({ watch }: World, { judge, kind }: Failure): boolean {
  if (judge !== 'properties' || watch === undefined) return false;
  return watch.states.some(
    ({ property, standing }) => standing === 'broken' && property.name === kind,
  );
}

/**
 * Neighbouring points of which the second fails more often, first those of which one can say the
 * most. Where it falls nothing was decided that led to this failure.
 */
function steepest(points: readonly Point[]): readonly (readonly [Point, Point])[] {
  const pairs = points.slice(1).map((b, place) => [points[place] as Point, b] as const);
  return pairs
    .filter(([a, b]) => shareOf(b) - shareOf(a) >= jumpMin && riseOf(a, b) > 0)
    .sort(([a, b], [c, d]) => riseOf(c, d) - riseOf(a, b) || a.events - c.events)
    .slice(0, jumpsMax);
}

function jumpsOf(points: readonly Point[]): readonly Jump[] {
  return steepest(points).flatMap(([before, after]) =>
    after.events - before.events === 1 ? [{ event: before.events, before, after }] : [],
  );
}

/**
 * How much the probability rises at least, as sure as one wants to be. The shares are Agresti's
 * and Caffo's (2000), which are never 0 or 1, so few futures are no proof.
 */
function riseOf(a: Point, b: Point): number {
  const [p, q] = [(a.failing + 1) / (a.futures + 2), (b.failing + 1) / (b.futures + 2)];
  const variance = (p * (1 - p)) / (a.futures + 2) + (q * (1 - q)) / (b.futures + 2);
  return q - p - sure * Math.sqrt(variance);
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
