// Where to stop: at events that a filter matches, or when a part of a node's state changes.
import { clone, equal } from '../kernel/plain.js';
import { filterOf } from '../scenario/diagram/filter.js';
import type { Row } from '../scenario/diagram/row.js';
import type { Track } from '../scenario/walk.js';
import type { Step } from '../sim/step.js';
import type { World } from '../sim/world.js';

export type Breakpoint =
  | { readonly kind: 'event'; readonly text: string }
  /** `node`, and the fields that lead to the part: `n2.log.3`. */
  | { readonly kind: 'watch'; readonly text: string };

/** The filter that matches events like this one. */
export function likeThis({ step: { happening }, ops }: Row): string {
  const words = [`kind=${happening.kind}`];
  if ('node' in happening) words.push(`node=${happening.node}`);
  if ('message' in happening) words.push(`type=${happening.message.body.type}`);
  if (happening.kind === 'timer') words.push(`type=${happening.timer.type}`);
  if (happening.kind === 'invoke' && ops[0] !== undefined) words.push(`op=${ops[0].f}`);
  return words.join(' ');
}

/** The part of a node's state that a watch names; `undefined` if there is none. */
function watched(world: World, text: string): unknown {
  const [node = '', ...path] = text.split('.');
  let value: unknown = world.roster.states[world.partyOf.get(node) ?? -1];
  for (const field of path) {
    if (value instanceof Map) value = value.get(field) ?? value.get(Number(field));
    else if (value instanceof Set) value = value.has(field) || value.has(Number(field));
    else if (typeof value === 'object' && value !== null) {
      value = (value as Readonly<Record<string, unknown>>)[field];
    } else return undefined;
  }
  return value;
}

/** Events looked at between two looks at the keyboard. */
const blockEvents = 64;

/** Events after `from` (or before it) at which one of the breakpoints stops, the nearest first. */
export function* stops(
  track: Track,
  breakpoints: readonly Breakpoint[],
  from: number,
  forward: boolean,
): Generator<number | undefined> {
  const tests = breakpoints.map((breakpoint) =>
    breakpoint.kind === 'event' ? eventTest(track, breakpoint.text) : undefined,
  );
  const watches = breakpoints.filter(({ kind }) => kind === 'watch').map(({ text }) => text);
  const { timeline } = track;
  let [low, high] = forward ? [from + 1, from + 1 + blockEvents] : [from - blockEvents, from];
  while (forward ? low < timeline.length || !timeline.ended : high > 0) {
    while (forward && high > timeline.length && !timeline.ended) yield undefined;
    const [start, end] = [Math.max(0, low), Math.min(timeline.length, high)];
    const hits = new Set<number>(changesIn(track, watches, start, end));
    for (let event = start; event < end; event++) {
      if (tests.some((test) => test?.(event))) hits.add(event);
    }
    const sorted = [...hits].sort((a, b) => (forward ? a - b : b - a));
    yield* sorted;
    yield undefined;
    const by = forward ? blockEvents : -blockEvents;
    low += by;
    high += by;
  }
}

function eventTest(track: Track, text: string): (event: number) => boolean {
  const filter = filterOf(text);
  return (event) => {
    const row = track.rows.at(event);
    return row !== undefined && filter(row);
  };
}

/** Events in which a watched part becomes another. */
function changesIn(
  { timeline }: Track,
  watches: readonly string[],
  from: number,
  to: number,
): readonly number[] {
  if (watches.length === 0 || from >= to) return [];
  const changes: number[] = [];
  let last: unknown[] = [];
  const begin = (world: World): void => {
    last = watches.map((text) => clone(watched(world, text)));
  };
  const compare = ({ index }: Step, now: World): void => {
    for (const [nth, text] of watches.entries()) {
      const value = watched(now, text);
      if (equal(value, last[nth])) continue;
      last[nth] = clone(value);
      changes.push(index);
    }
  };
  timeline.visit(from, to, compare, begin);
  return changes;
}
